"""Which earlier statement a denial answers, and which sources are one person or body. By words and nearness; reads no parse tree."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Label, Link
from corpus.suggest.lexicon import POINTERS, PRONOUNS

LEAST = -3.0  # below this a denial answers nothing that stands in the article


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A hub as links see it: where it starts, its label, who says it, the lemmas of its words that mean something, whether it accuses."""

    id: str
    start: int
    label: Label
    sources: frozenset[str]
    words: frozenset[str]
    accuses: bool
    outer: frozenset[str]  # hubs that it lies in


def denied(hubs: Sequence[Hub], known: Mapping[str, str]) -> Iterator[Link]:
    """From each denial to what it answers (rule 6.1); `hubs` in the order of the text, `known` source → the first mention of the same one.

    "Denied claims that he took money" answers the claim in it; else that hub by another voice which shares most words and stands nearest.
    """
    order = {one.id: nth for nth, one in enumerate(hubs)}
    for one in hubs:
        if one.label != "denial":
            continue
        inner = [two for two in hubs if one.id in two.outer and two.label != "denial"]
        others = [two for two in hubs if two.id != one.id and two.id not in one.outer and not _same_voice(one, two, known)]
        found = inner[-1] if inner else max(others, key=lambda two: _answers(one, two, order[one.id] - order[two.id]), default=None)
        if found is not None and (inner or _answers(one, found, order[one.id] - order[found.id]) > LEAST):
            yield Link(type="denies", from_=one.id, to=found.id)


def _answers(denial: Hub, other: Hub, apart: int) -> float:
    """How likely the other is what the denial answers; the weights were fitted to gold of the training split."""
    shared = len((denial.words & other.words) - POINTERS)
    kind = {"claim": 1.5, "denial": -0.5}.get(other.label, 0.0) + (2.0 if other.accuses else 0.0)
    return 2.0 * min(shared, 4) - min(abs(apart), 12) - (3.0 if apart < 0 else 0.0) + kind


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
