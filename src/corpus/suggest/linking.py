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
        inner = [two for two in hubs if one.id in two.outer and two.label != "denial"]
        if inner:  # "denied claims that he took money" answers the claim in it
            yield Link(type="denies", from_=one.id, to=inner[-1].id)
            continue
        others = [two for two in hubs if two.id != one.id and two.label != "denial" and two.id not in one.outer]
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
    body: bool


def same(speakers: Sequence[Speaker]) -> Iterator[tuple[Speaker, Speaker]]:
    """Each later mention of a source with the nearest earlier one of the same person or body (rule 6.4)."""
    seen: list[list[Speaker]] = []  # one list a person or body, the last heard at the end
    for one in sorted(speakers, key=lambda two: two.start):
        found = next((held for held in reversed(seen) if _one(one, held)), None)
        if found is None:
            seen.append([one])
            continue
        yield one, found[-1]
        found.append(one)
        seen.remove(found)
        seen.append(found)


def names(pairs: Iterable[tuple[Speaker, Speaker]]) -> dict[str, str]:
    """Source → the first mention of the same one."""
    first: dict[str, str] = {}
    for later, earlier in pairs:
        first[later.id] = first.get(earlier.id, earlier.id)
    return first


def _one(later: Speaker, held: Sequence[Speaker]) -> bool:
    """By name, by the same words, or a pronoun after the one last heard whom it can stand for."""
    if later.words in _HE | _SHE:
        other = _SHE if later.words in _HE else _HE
        return any(one.person for one in held) and not any(
            one.words in other or one.words.startswith(_TITLES[later.words in _HE]) for one in held
        )
    if later.words in PRONOUNS:
        return later.words in ("it", "its") and any(one.body for one in held)
    named = [one.name.split()[-1] for one in held if one.name is not None]
    if later.name is not None and named:
        return later.name.split()[-1] in named
    return any(_bare(later.words) == _bare(one.words) for one in held)


_HE, _SHE = frozenset({"he", "his"}), frozenset({"she", "her"})
_TITLES = {True: ("ms ", "mrs ", "miss "), False: ("mr ", "sir ")}  # which a "he" cannot be, and a "she"


def _bare(words: str) -> str:
    return words.removeprefix("the ").removeprefix("a ")
