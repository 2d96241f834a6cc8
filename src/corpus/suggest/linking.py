"""Which earlier statement a denial answers, and which sources are one person or body. By words and nearness; reads no parse tree."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Label, Link
from corpus.suggest.lexicon import POINTERS, PRONOUNS

_MANY = frozenset(["charge", "allegation", "accusation", "claim", "suggestion", "report", "rumour", "rumor", "these", "those", "they"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A hub as links see it: where it starts, its label, who says it, the lemmas of its words that mean something, whether it accuses."""

    id: str
    start: int
    label: Label
    sources: frozenset[str]
    words: frozenset[str]
    accuses: bool
    plural: bool
    outer: frozenset[str]  # hubs that it lies in


def denied(hubs: Sequence[Hub], known: Mapping[str, str]) -> Iterator[Link]:
    """From each denial to what it answers: shared words first, else the nearest accusation, else the nearest claim (rule 6.1)."""
    for one in hubs:
        if one.label != "denial":
            continue
        others = [two for two in hubs if two.id != one.id and two.label != "denial" and two.id not in one.outer and one.id not in two.outer]
        others = [two for two in others if not _same_voice(one, two, known)]
        pointer = len(one.words - POINTERS) == 0
        for found in _answered(one, others, pointer):
            yield Link(type="denies", from_=one.id, to=found.id)


def _answered(one: Hub, others: Sequence[Hub], pointer: bool) -> list[Hub]:
    before = sorted((two for two in others if two.start < one.start), key=lambda two: -two.start)
    accused = [two for two in before if two.accuses]
    if pointer:
        return accused[:2] if one.plural and accused else (accused or [two for two in before if two.label == "claim"])[:1]
    shared = sorted((two for two in others), key=lambda two: (-len(two.words & one.words), abs(two.start - one.start)))
    alike = [two for two in shared if len(two.words & one.words) >= min(2, len(one.words))]
    return (alike or accused or [two for two in before if two.label == "claim"])[:1]


def _same_voice(one: Hub, other: Hub, known: Mapping[str, str]) -> bool:
    ours, theirs = ({known.get(name, name) for name in hub.sources} for hub in (one, other))
    return bool(ours & theirs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A source as links see it: the name it goes by (None of a pronoun), its words in lower case, whether it is a person."""

    id: str
    start: int
    name: str | None
    words: str
    person: bool


def same(speakers: Sequence[Speaker]) -> Iterator[tuple[Speaker, Speaker]]:
    """Each later mention of a source with the nearest earlier one (rule 6.4)."""
    seen: list[Speaker] = []
    for one in sorted(speakers, key=lambda two: two.start):
        found = next((other for other in reversed(seen) if _one(one, other)), None)
        if found is not None:
            yield one, found
        seen.append(one)


def names(pairs: Iterable[tuple[Speaker, Speaker]]) -> dict[str, str]:
    """Source → the first mention of the same one."""
    first: dict[str, str] = {}
    for later, earlier in pairs:
        first[later.id] = first.get(earlier.id, earlier.id)
    return first


def _one(later: Speaker, earlier: Speaker) -> bool:
    if later.words in PRONOUNS:
        if later.words in ("he", "she", "his", "her"):
            return earlier.words == later.words or (earlier.person and earlier.words not in PRONOUNS)
        return later.words in ("they", "we", "i") and earlier.words == later.words
    if later.name is not None and earlier.name is not None:
        return later.name == earlier.name or later.name.split()[-1] == earlier.name.split()[-1]
    return later.words == earlier.words
