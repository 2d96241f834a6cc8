"""The leaderboard: figures of systems as they were measured, with the hashes of what was scored; stored, read back, laid out as tables.

Reckons nothing anew: a row says which gold and which submission it is of, and a row of an older gold stays one.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from corpus import codec
from corpus.agreement.telling import NOTHING, Row, number, table
from corpus.model import AnnotationSet
from corpus.problems import CorpusError
from corpus.scoring.results import Part

PATH = "docs/leaderboard.json"
KIND = "cda-leaderboard/1"
OURS = "this corpus, test split"
_KEYS = {
    "source": ("mention_overlap", "source"),
    "cue": ("mention_overlap", "cue"),
    "claim": ("mention_overlap", "claim"),
    "denial": ("mention_overlap", "denial"),
    "content": ("mention_overlap", "content"),
    "mean, exact": ("mention_exact", "mean of labels"),
    "mean, overlap": ("mention_overlap", "mean of labels"),
    "attribution": ("attribution_overlap", "all roles"),
    "denies": ("link_overlap", "denies"),
}
_PEER_KEYS = {
    "source, exact": ("mention_exact", "source"),
    "cue, exact": ("mention_exact", "cue"),
    "content, exact": ("mention_exact", "content"),
    "source, overlap": ("mention_overlap", "source"),
    "cue, overlap": ("mention_overlap", "cue"),
    "content, overlap": ("mention_overlap", "content"),
    "attribution": ("attribution_overlap", "all roles"),
}
ALPHA = "token alpha"
MEANING = (
    "F1 against gold, overlap but where exact is said, with the 95 % interval; `docs/task.md` defines each. attribution: a hub with all "
    "its sources and cues; denies: the link from a denial to what it denies."
)
MEANING_OF_PEERS = (
    "Hubs are compared without their labels, outermost ones only, for these corpora tell no more. Their own rules on edges differ from "
    "this corpus's, which exact figures show. Token alpha is Krippendorff's, over roles; that of people is of several readings each."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """F1 with its interval, each None where not defined or not told."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A system on one gold: board "this corpus, test split", what it is, hashes of its layers and of gold (None of figures in print)."""

    board: str
    system: str
    version: str
    submission: str | None
    gold: str | None
    articles: int
    figures: Mapping[str, Figure]


def digest(layers: Iterable[AnnotationSet]) -> str:
    """SHA-256 over the fingerprints of layers, by document."""
    lines = sorted(f"{one.document} {codec.fingerprint(one)}\n" for one in layers)
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def figures(part: Part, *, peers: bool = False) -> dict[str, Figure]:
    """What a board shows of a score."""
    found = {name: part.score(*key) for name, key in (_PEER_KEYS if peers else _KEYS).items()}
    return {name: Figure(value=one.f1, low=one.low, high=one.high) for name, one in found.items()}


def to_bytes(entries: Iterable[Entry]) -> bytes:
    """The file, by board, then gold, then the best attribution F1 first."""
    return codec.canonical({"schema": KIND, "entries": [asdict(one) for one in sorted(entries, key=_order)]})


def from_bytes(data: bytes) -> list[Entry]:
    """The entries of the file; CorpusError where it is none."""
    value, problems = codec.read_json(data, PATH)
    if problems or value.get("schema") != KIND:
        raise CorpusError(f"{PATH} is no leaderboard of the kind {KIND!r}; write it anew with make leaderboard")
    return [Entry(**one | {"figures": {name: Figure(**held) for name, held in one["figures"].items()}}) for one in value["entries"]]


def markdown(entries: Sequence[Entry]) -> str:
    """A table for each board, with what the figures mean."""
    return "\n".join(_markdown(entries)) + "\n"


def _markdown(entries: Sequence[Entry]) -> Iterator[str]:
    boards = list(dict.fromkeys(one.board for one in sorted(entries, key=_order)))
    for nth, board in enumerate(boards):
        held = [one for one in sorted(entries, key=_order) if one.board == board]
        names = list(dict.fromkeys(name for one in held for name in one.figures))
        yield f"**{board[:1].upper()}{board[1:]}**\n"
        yield from table(("system", "articles", *names), (_row(one, names, held) for one in held), right=range(1, len(names) + 2))
        yield ""
        last = nth == len(boards) - 1 or board.startswith(OURS) != boards[nth + 1].startswith(OURS)
        if last:
            yield (MEANING if board.startswith(OURS) else MEANING_OF_PEERS) + "\n"
    yield from _provenance(sorted(entries, key=_order))


def _provenance(entries: Iterable[Entry]) -> Iterator[str]:
    for one in entries:
        if one.submission is not None:
            yield f"- {one.system} on {one.board}: {one.version}; layers sha256:{one.submission[:16]}, gold sha256:{str(one.gold)[:16]}"


def _row(one: Entry, names: Iterable[str], beside: Sequence[Entry]) -> Row:
    golds = {other.gold for other in beside if other.gold is not None}
    older = " (its gold differs from another row's)" if one.gold is not None and len(golds) > 1 else ""
    return f"{one.system}{older}", f"{one.articles:,}", *(_cell(one.figures.get(name)) for name in names)


def _cell(one: Figure | None) -> str:
    if one is None or one.value is None:
        return NOTHING
    return number(one.value) + (f" ({number(one.low)}–{number(one.high)})" if one.low is not None else "")


def _order(one: Entry) -> tuple[Any, ...]:
    best = one.figures.get("attribution")
    return not one.board.startswith(OURS), one.board, -(best.value if best and best.value is not None else 2.0), one.system
