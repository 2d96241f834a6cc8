"""What the judgements of several annotators say of the registry: memberships to add, members to doubt, and where they part."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from corpus.judgement import Answer, Hub, Pair
from corpus.model import Holdings, Member, RegisteredClaim, Stance
from corpus.pairs.candidates import asserting

_STANCES: tuple[Answer, ...] = ("denies", "affirms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What annotators found of a claim and a statement: claim "varn-flood", the statement, their answers by pseudonym."""

    claim: str
    statement: Hub
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Memberships that enough annotators found and none disputed; members that they do not bear out; statements on which they part.

    `unfit` are alike, but against the scheme: a denial can only deny, a claim or content only affirm.
    """

    proposed: tuple[Finding, ...]
    doubted: tuple[Finding, ...]
    parted: tuple[Finding, ...]
    unfit: tuple[Finding, ...]


def settled(holdings: Holdings, *, least: int = 2) -> Settled:
    """Sort everything judged, by claim and statement; `least` annotators make a finding. "cannot_tell" speaks for nothing."""
    found = list(_findings(holdings))
    parted = tuple(one for one in found if len(_told(one)) > 1)
    alike = [one for one in found if len(_told(one)) == 1 and sum(answer != "cannot_tell" for answer in one.answers.values()) >= least]
    fresh = [one for one in alike if _stance(one, holdings) is None and next(iter(_told(one))) in _STANCES]
    unfit = tuple(one for one in fresh if not _fits(one, holdings))
    proposed = tuple(one for one in fresh if _fits(one, holdings))
    doubted = tuple(one for one in alike if _stance(one, holdings) not in (None, *_told(one)))
    return Settled(proposed=proposed, doubted=doubted, parted=parted, unfit=unfit)


def entered(holdings: Holdings, proposed: Iterable[Finding]) -> dict[str, RegisteredClaim]:
    """The claims of the registry that gain a member, by path, with all that is proposed of them."""
    gained: dict[str, list[Member]] = defaultdict(list)
    for one in proposed:
        hub = one.statement
        stance: Stance = "denies" if "denies" in _told(one) else "affirms"
        gained[one.claim].append(Member(document=hub.document, mention=hub.mention, check=hub.check, stance=stance))
    return {
        where: replace(claim, members=tuple(sorted({*claim.members, *gained[claim.id]})))
        for where, claim in holdings.registry.items()
        if claim.id in gained
    }


def _findings(holdings: Holdings) -> Iterator[Finding]:
    answers: dict[Pair, dict[str, Answer]] = defaultdict(dict)
    for held in holdings.judged.values():
        for one in held.judgements:
            answers[one.pair][held.annotator] = one.answer
    for claim in sorted(holdings.registry.values(), key=lambda one: one.id):
        stated = {(one.document, one.mention) for one in asserting(claim)}
        for pair, given in sorted(answers.items(), key=lambda item: item[0]):
            if (pair.claim.document, pair.claim.mention) in stated:
                yield Finding(claim=claim.id, statement=pair.statement, answers=dict(sorted(given.items())))


def _told(one: Finding) -> set[Answer]:
    return {answer for answer in one.answers.values() if answer != "cannot_tell"}


def _stance(one: Finding, holdings: Holdings) -> str | None:
    """What the registry says of the statement now."""
    claim = next(held for held in holdings.registry.values() if held.id == one.claim)
    place = one.statement.document, one.statement.mention
    return next((member.stance for member in claim.members if (member.document, member.mention) == place), None)


def _fits(one: Finding, holdings: Holdings) -> bool:
    layer = holdings.of_record(one.statement.document)
    mention = None if layer is None else layer.by_id().get(one.statement.mention)
    return mention is not None and (mention.label == "denial") == ("denies" in _told(one))
