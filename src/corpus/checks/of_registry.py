"""Checks of the registry of claims: its members are hubs of the readings of record, and each stance fits what is marked there.

A check yields (JSON pointer, what is wrong, cure or None).
"""

from collections.abc import Iterator

from corpus.checks.of_text import Finding
from corpus.model import HUBS, Holdings, Member, Mention, RegisteredClaim


def member_resolves(claim: RegisteredClaim, holdings: Holdings) -> Iterator[Finding]:
    """A member of a claim is a claim, denial or content of the reading of record of its article.

    The reading of record is gold, or the only one.
    Cure: correct document or mention, or take the member out.
    """
    for at, one in enumerate(claim.members):
        mention = _mention(one, holdings)
        if mention is None:
            yield f"/members/{at}", f"the reading of record of {one.document} has no mention {one.mention}", None
        elif mention.label not in HUBS:
            yield f"/members/{at}/mention", f"{one.mention} of {one.document} is a {mention.label}", f"one of: {', '.join(HUBS)}"


def member_matches_mention(claim: RegisteredClaim, holdings: Holdings) -> Iterator[Finding]:
    """A member carries the check of its mention's first span.

    Ids of mentions follow their order, so a mention more in gold may shift them; the check tells.
    Cure: look where the words stand now, and correct mention and check.
    """
    for at, one in enumerate(claim.members):
        mention = _mention(one, holdings)
        if mention is not None and mention.label in HUBS and mention.spans[0].check != one.check:
            yield f"/members/{at}/check", f"{one.mention} of {one.document} has the check {mention.spans[0].check}, not {one.check}", None


def stance_fits_label(claim: RegisteredClaim, holdings: Holdings) -> Iterator[Finding]:
    """A denial denies a claim of the registry; claims and contents assert or affirm it.

    Cure: correct the stance, or the label in gold.
    """
    for at, one in enumerate(claim.members):
        mention = _mention(one, holdings)
        if mention is not None and mention.label in HUBS and (mention.label == "denial") != (one.stance == "denies"):
            yield f"/members/{at}/stance", f"{one.stance!r} of a {mention.label}", None


def member_is_unique(claim: RegisteredClaim, holdings: Holdings) -> Iterator[Finding]:
    """A mention is a member of one claim of the registry once.

    Cure: take one of the two out.
    """
    seen: set[tuple[str, str]] = set()
    for at, one in enumerate(claim.members):
        if (one.document, one.mention) in seen:
            yield f"/members/{at}", f"{one.mention} of {one.document} is a member already", None
        seen.add((one.document, one.mention))


def _mention(one: Member, holdings: Holdings) -> Mention | None:
    layer = holdings.of_record(one.document)
    return None if layer is None else layer.by_id().get(one.mention)
