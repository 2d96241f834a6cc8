"""Which pairs are worth a judgement: from the registry of claims, and from articles of one story. Knows no task and no answer."""

from collections.abc import Collection, Iterator

from corpus.judgement import Hub, Pair
from corpus.model import Holdings, Member, RegisteredClaim


def candidates(holdings: Holdings, *, claims: Collection[str] = (), stories: bool = False) -> list[Pair]:
    """A claim of the registry, as one article asserts it, beside what denies or affirms it in another.

    With `stories` also beside every other denial of the other articles of its story, which finds what the registry lacks. Nothing in
    a pair tells what the registry says of it. Only the claims named, or all.
    """
    wanted = [one for _, one in sorted(holdings.registry.items()) if not claims or one.id in claims]
    found = {pair for claim in wanted for pair in _of_claim(claim, holdings, stories=stories)}
    return sorted(found)


def asserting(claim: RegisteredClaim) -> list[Member]:
    """The members of a claim that put it forward."""
    return [one for one in sorted(claim.members) if one.stance == "asserts"]


def _of_claim(claim: RegisteredClaim, holdings: Holdings, *, stories: bool) -> Iterator[Pair]:
    answers = [_hub(one) for one in sorted(claim.members) if one.stance != "asserts"]
    members = {(one.document, one.mention) for one in claim.members}
    if stories:
        answers += [hub for hub in _denials(claim, holdings) if (hub.document, hub.mention) not in members]
    for hub in answers:
        stated = next((one for one in asserting(claim) if one.document != hub.document), None)
        if stated is not None:
            yield Pair(statement=hub, claim=_hub(stated))


def _denials(claim: RegisteredClaim, holdings: Holdings) -> Iterator[Hub]:
    """Every denial in the articles of the stories that the claim stands in."""
    told = {held.story for member in claim.members if (held := holdings.documents.get(member.document)) is not None} - {None}
    for name in sorted(id for id, document in holdings.documents.items() if document.story in told):
        layer = holdings.of_record(name)
        for one in layer.mentions if layer is not None else ():
            if one.label == "denial":
                yield Hub(document=name, mention=one.id, check=one.spans[0].check)


def _hub(member: Member) -> Hub:
    return Hub(document=member.document, mention=member.mention, check=member.check)
