"""Checks of the judgements of pairs: what was judged stands in the readings of record, in two articles, and each pair once.

A check yields (JSON pointer, what is wrong, cure or None).
"""

from collections.abc import Iterator

from corpus.checks.of_text import Finding
from corpus.judgement import Hub, Judgements
from corpus.model import HUBS, Holdings, Mention


def pair_resolves(judgements: Judgements, holdings: Holdings) -> Iterator[Finding]:
    """Both sides of a judged pair are claims, denials or contents of the readings of record of their articles.

    The reading of record is gold, or the only one.
    Cure: correct document or mention, or take the judgement out.
    """
    for pointer, hub in _sides(judgements):
        mention = _mention(hub, holdings)
        if mention is None:
            yield pointer, f"the reading of record of {hub.document} has no mention {hub.mention}", None
        elif mention.label not in HUBS:
            yield f"{pointer}/mention", f"{hub.mention} of {hub.document} is a {mention.label}", f"one of: {', '.join(HUBS)}"


def pair_matches_mentions(judgements: Judgements, holdings: Holdings) -> Iterator[Finding]:
    """Both sides of a judged pair carry the check of their mention's first span.

    Ids of mentions follow their order, so a mention more in gold may shift them; the check tells.
    Cure: look where the words stand now, and correct mention and check; or push the pair again and judge it anew.
    """
    for pointer, hub in _sides(judgements):
        mention = _mention(hub, holdings)
        if mention is not None and mention.label in HUBS and mention.spans[0].check != hub.check:
            yield f"{pointer}/check", f"{hub.mention} of {hub.document} has the check {mention.spans[0].check}, not {hub.check}", None


def pair_joins_two_articles(judgements: Judgements, holdings: Holdings) -> Iterator[Finding]:
    """A judged pair joins two articles.

    Inside one article a link of its reading says the same: denies or affirms.
    Cure: draw the link in the article, and take the judgement out.
    """
    for at, one in enumerate(judgements.judgements):
        if len(set(one.pair.documents)) == 1:
            yield f"/judgements/{at}", f"both sides are of {one.pair.claim.document}", None


def pair_is_judged_once(judgements: Judgements, holdings: Holdings) -> Iterator[Finding]:
    """An annotator judges a pair once.

    Two answers cannot both be it.
    Cure: keep one of them.
    """
    seen: set[str] = set()
    for at, one in enumerate(judgements.judgements):
        if one.pair.name in seen:
            yield f"/judgements/{at}", f"{one.pair.name} is judged already", None
        seen.add(one.pair.name)


def _sides(judgements: Judgements) -> Iterator[tuple[str, Hub]]:
    for at, one in enumerate(judgements.judgements):
        yield f"/judgements/{at}/statement", one.pair.statement
        yield f"/judgements/{at}/claim", one.pair.claim


def _mention(hub: Hub, holdings: Holdings) -> Mention | None:
    layer = holdings.of_record(hub.document)
    return None if layer is None else layer.by_id().get(hub.mention)
