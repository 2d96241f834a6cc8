"""The figures of the datasheet, as Markdown blocks that stand between marks in its page. Data in, words out; counts, and judges nothing.

Figures of tokens need the withheld texts; the other figures do not.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

from corpus.agreement import Agreement, Summary, judged_in_words
from corpus.agreement import figures as agreement_figures
from corpus.model import HUBS, AnnotationSet, Document, Holdings, Label, LinkType, Phenomenon, SourceKind, Split
from corpus.problems import CorpusError
from corpus.splits import split_of

_MARK = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end of figures -->)", re.DOTALL)
TOKENS = ("token alpha",)
_BY_SOURCE = (
    ("mention_f1_exact", "source"), ("mention_f1_exact", "cue"), ("mention_f1_exact", "hub"), ("attribution_f1_exact", "all roles"),
    ("link_f1", "denies"), ("kappa", "label of the hub"), ("kappa", "responsibility"), ("kappa", "certainty"),
)  # fmt: skip


def filled(page: str, blocks: Mapping[str, str]) -> str:
    """The page with its blocks as they are now; a mark without a block, or a block without a mark, is refused."""
    marked = {found[1] for found in _MARK.findall(page)}
    if marked != blocks.keys():
        raise CorpusError(f"the page marks {', '.join(sorted(marked))}; there are figures of {', '.join(sorted(blocks))}")
    return _MARK.sub(lambda found: f"{found[1]}\n{blocks[found[2]].rstrip()}\n\n{found[3]}", page)


def blocks(holdings: Holdings, agreement: Summary, peers: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Name of a block → its Markdown. `peers` are rows of annotations/peers.json."""
    records = _records(holdings)
    return {
        "composition": _composition(holdings, records),
        "splits": _splits(holdings, records),
        "phenomena": _phenomena(holdings, records),
        "marks": _marks(holdings, records),
        "registry": _registry(holdings),
        "agreement": agreement_figures(agreement),
        "by_source": _by_source(agreement.parts),
        "decisions": _decisions(records),
        "peers": _peers(peers),
    }


def labels_by_source(holdings: Holdings) -> dict[str, dict[str, int]]:
    """Source → label → mentions in the readings of record."""
    records = _records(holdings)
    return {
        source: {label: sum(one.label == label for layer in held for one in layer.mentions) for label in get_args(Label)}
        for source, held in _by(holdings, records).items()
    }


def lengths_by_source(holdings: Holdings) -> dict[str, list[int]]:
    """Source → the lengths of its articles that have a reading of record, in code points."""
    documents = holdings.documents
    return {source: [documents[one.document].length for one in held] for source, held in _by(holdings, _records(holdings)).items()}


def who_denies_whom(holdings: Holdings, source: str) -> Counter[tuple[str, str]]:
    """Kind of source of a denial, kind of source of what it denies → links of one source's readings of record."""
    counts: Counter[tuple[str, str]] = Counter()
    for layer in _by(holdings, _records(holdings)).get(source, ()):
        kinds = _kinds(layer)
        for link in layer.links:
            if link.type == "denies":
                counts.update((denier, sayer) for denier in kinds.get(link.from_, ()) for sayer in kinds.get(link.to, ()))
    return counts


def _kinds(layer: AnnotationSet) -> dict[str, list[SourceKind]]:
    by_id = layer.by_id()
    return {one.hub: [kind for name in one.sources if (kind := by_id[name].source_kind)] for one in layer.attributions}


def _records(holdings: Holdings) -> list[AnnotationSet]:
    layers: dict[str, list[AnnotationSet]] = {}
    for layer in holdings.layers.values():
        layers.setdefault(layer.document, []).append(layer)
    return [found for name in sorted(layers) if (found := holdings.of_record(name)) is not None]


def _by(holdings: Holdings, records: Iterable[AnnotationSet]) -> dict[str, list[AnnotationSet]]:
    by: dict[str, list[AnnotationSet]] = {}
    for layer in records:
        by.setdefault(holdings.documents[layer.document].source, []).append(layer)
    return dict(sorted(by.items()))


def _composition(holdings: Holdings, records: Sequence[AnnotationSet]) -> str:
    rows = []
    for source, held in _by(holdings, records).items():
        documents = [holdings.documents[one.document] for one in held]
        length = sum(one.length for one in documents)
        rows.append((source, len(held), f"{length:,}", _dates(documents), holdings.sources[source].licence, holdings.sources[source].text))
    return _table(("source", "articles with a reading of record", "code points", "dates", "licence of the texts", "texts"), rows)


def _dates(documents: Iterable[Document]) -> str:
    dates = sorted(one.date for one in documents if one.date)
    return f"{dates[0]} to {dates[-1]}" if dates else "not recorded"


def _splits(holdings: Holdings, records: Sequence[AnnotationSet]) -> str:
    sources = _by(holdings, records)
    splits = {one.document: split_of(holdings.documents[one.document].story or one.document) for one in records}
    rows = [
        (
            split,
            *(sum(splits[one.document] == split for one in held) for held in sources.values()),
            sum(at == split for at in splits.values()),
        )
        for split in get_args(Split)
    ]
    return _table(("split", *sources, "all"), rows)


def _phenomena(holdings: Holdings, records: Sequence[AnnotationSet]) -> str:
    told = Counter(one for layer in records for one in holdings.documents[layer.document].phenomena or ())
    return _table(("phenomenon", "articles that declare it"), [(f"`{one}`", told[one]) for one in get_args(Phenomenon)])


def _marks(holdings: Holdings, records: Sequence[AnnotationSet]) -> str:
    sources = _by(holdings, records)
    rows: list[tuple[str, ...]] = []
    for name, count in _counts():
        numbers = [sum(count(layer) for layer in held) for held in sources.values()]
        rows.append((name, *(f"{number:,}" for number in numbers), f"{sum(numbers):,}"))
    return _table(("in the readings of record", *sources, "all"), rows)


def _counts() -> Iterator[tuple[str, Any]]:
    yield "articles", lambda layer: 1
    yield "attributions", lambda layer: len(layer.attributions)
    for label in get_args(Label):
        yield f"mentions: {label}", lambda layer, label=label: sum(one.label == label for one in layer.mentions)
    for kind in get_args(LinkType):
        yield f"links: {kind}", lambda layer, kind=kind: sum(one.type == kind for one in layer.links)
    yield "denials linked to what they deny", lambda layer: len({one.from_ for one in layer.links if one.type == "denies"})
    yield (
        "mentions of several spans",
        lambda layer: sum(len(one.spans) > 1 for one in layer.mentions if one.label in HUBS),
    )


def _registry(holdings: Holdings) -> str:
    claims = holdings.registry.values()
    several = sum(len({one.document for one in claim.members}) > 1 for claim in claims)
    stances = Counter(one.stance for claim in claims for one in claim.members)
    told = ", ".join(f"{number} {stance}" for stance, number in sorted(stances.items()))
    counted = f"{len(claims)} claims, {several} of them told in two articles or more; {sum(stances.values())} members: {told or 'none'}."
    return f"{counted} {judged_in_words(holdings.judged.values())}"


def _by_source(parts: Iterable[Agreement]) -> str:
    sources = [one for one in parts if one.by == "source"]
    rows = []
    for measure, of in _BY_SOURCE:
        found = [part.figure(measure, of) for part in sources]
        rows.append((f"{measure.replace('_', ' ')}: {of.replace('_', ' ')}", *(_figure(one.value, one.low, one.high) for one in found)))
    return _table(("measure", *(f"{one.name} ({one.documents})" for one in sources)), rows)


def _figure(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" + (f" ({low:.3f} to {high:.3f})" if low is not None and high is not None else "")


def _decisions(records: Iterable[AnnotationSet]) -> str:
    """What adjudication settled, by the rule that settled it."""
    decided = Counter((one.rule, one.about) for layer in records for one in layer.decisions or ())
    rules = Counter(rule for rule, _ in decided.elements())
    rows = [
        (rule, number, ", ".join(f"{about} {decided[rule, about]}" for about in sorted({a for r, a in decided if r == rule})))
        for rule, number in sorted(rules.items(), key=lambda one: (-one[1], one[0]))
    ]
    return _table(("rule of the guidelines", "decisions", "about"), rows)


def _peers(rows: Sequence[Mapping[str, Any]]) -> str:
    head = ("corpus", "articles", "who", "source", "cue", "content", "source, overlap", "cue, overlap", "content, overlap", "token alpha")
    told = [tuple(row[name] if isinstance(row[name], str | int) else f"{row[name]:.3f}" for name in row) for row in rows]
    return _table(head, told)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
