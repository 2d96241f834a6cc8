"""Records of a brat `.ann` file: text-bound marks, events, relations, attributes, notes, equivalences. Knows no scheme.

Words of a mark may hold line ends in files that brat itself did not write, so a record goes on until the next one starts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from corpus import text
from corpus.formats.assembling import Places
from corpus.formats.placing import Placing
from corpus.problems import CorpusError

_START = re.compile(r"[TEARMN#][0-9]+\t|\*\t")
_MARK = re.compile(r"(T[0-9]+)\t(\S+) ([0-9]+ [0-9]+(?:;[0-9]+ [0-9]+)*)(?:\t(.*))?", re.DOTALL)
_EVENT = re.compile(r"(E[0-9]+)\t([^\s:]+):(T[0-9]+)((?: [^\s:]+:[TE][0-9]+)*)\s*")
_RELATION = re.compile(r"(R[0-9]+)\t(\S+) [^\s:]+:([TE][0-9]+) [^\s:]+:([TE][0-9]+)\s*")
_ATTRIBUTE = re.compile(r"([AM][0-9]+)\t(\S+) ([TER][0-9]+)(?: (.+?))?\s*")
_NOTE = re.compile(r"(#[0-9]+)\t(\S+) ([TERAMN][0-9]+)\t?(.*)", re.DOTALL)
_NORMAL = re.compile(r"(N[0-9]+)\t(\S+) ([TER][0-9]+) (\S+?:\S+)(?:\t(.*))?", re.DOTALL)
_EQUIV = re.compile(r"\*\t(\S+)((?: [TE][0-9]+)+)\s*")
_PART = re.compile(r" ([^\s:]+?)[0-9]*:([TE][0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A text-bound record: id "T3", kind "Source", its places in the normal form, in order."""

    id: str
    kind: str
    places: Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event: id "E1", kind "Attribution", trigger "T4", parts (("Content", "T3"), ("Source", "T1")), numbers of roles left off."""

    id: str
    kind: str
    trigger: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """A relation, or a pair of an equivalence: id "R1", kind "denies", from "T7" to "T3"."""

    id: str
    kind: str
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An attribute, a note or a normalization: id "A1", kind "QuoteType", of "E1", value "direct", or None for one that only stands."""

    id: str
    kind: str
    of: str
    value: str | None


@dataclass(slots=True)
class Standoff:
    """All records of one file."""

    marks: dict[str, Mark] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    bonds: list[Bond] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


def parsed(data: bytes, where: str, words: Placing) -> Standoff:
    """The records of a file over a text; every mark says what stands at its offsets, every record names what is there."""
    found = Standoff()
    for record in _records(data, where):
        _take(found, record, where, words)
    known = {*found.marks, *(one.id for one in found.events)}
    for named, by in _names(found):
        if named not in known and not named.startswith(("R", "A", "M", "N")):
            raise CorpusError(f"{by} of {where} names {named}, which is not there")
    return found


def _names(found: Standoff) -> Iterator[tuple[str, str]]:
    yield from ((id, one.id) for one in found.events for id in (one.trigger, *(part for _, part in one.parts)))
    yield from ((id, one.id) for one in found.bonds for id in (one.first, one.second))
    yield from ((one.of, one.id) for one in found.facts)


def _records(data: bytes, where: str) -> Iterator[str]:
    """A line that starts no record belongs to the one before it."""
    try:
        lines = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError:
        raise CorpusError(f"the annotations of {where} are not UTF-8") from None
    held: list[str] = []
    for line in lines:
        if _START.match(line) and held:
            yield "\n".join(held)
            held = []
        held.append(line)
    if any(held):
        yield "\n".join(held).rstrip("\n")


def _take(found: Standoff, record: str, where: str, words: Placing) -> None:
    if mark := _MARK.fullmatch(record):
        id, kind, places, said = mark.groups()
        if id in found.marks:
            raise CorpusError(f"{id} stands twice in the annotations of {where}")
        found.marks[id] = Mark(id=id, kind=kind, places=_held(tuple(_places(places)), said, f"{id} of {where}", words))
    elif event := _EVENT.fullmatch(record):
        found.events.append(Event(id=event[1], kind=event[2], trigger=event[3], parts=tuple(_PART.findall(event[4]))))
    elif relation := _RELATION.fullmatch(record):
        found.bonds.append(Bond(id=relation[1], kind=relation[2], first=relation[3], second=relation[4]))
    elif attribute := _ATTRIBUTE.fullmatch(record) or _NOTE.fullmatch(record):
        found.facts.append(Fact(id=attribute[1], kind=attribute[2], of=attribute[3], value=attribute[4]))
    elif normal := _NORMAL.fullmatch(record):
        found.facts.append(Fact(id=normal[1], kind=normal[2], of=normal[3], value=normal[4]))
    elif equal := _EQUIV.fullmatch(record):
        first, *others = equal[2].split()
        found.bonds += [Bond(id="*", kind=equal[1], first=one, second=first) for one in others]
    else:
        raise CorpusError(f"a record of {where} cannot be read: {record[:40]!r}")


def _places(written: str) -> Iterator[tuple[int, int]]:
    for piece in written.split(";"):
        start, end = piece.split(" ")
        yield int(start), int(end)


def _held(places: Places, said: str | None, where: str, words: Placing) -> Places:
    """The same places in order, if the words stand there; the file gives pieces, and most often words, in the order of marking."""
    if any(not 0 <= start < end <= words.length for start, end in places):
        raise CorpusError(f"{where} lies outside the text of {words.length} code points")
    moved = words.places(places)
    in_turn = ("".join(words.text[start:end] for start, end in order) for order in (moved, sorted(moved)))
    if said is not None and _bare(said) not in map(_bare, in_turn):
        raise CorpusError(f"{where} does not say what stands at its offsets; is this the text that was annotated?")
    return tuple(sorted(moved))


def _bare(words: str) -> str:
    """Blanks aside: older versions of brat joined pieces without one."""
    return re.sub(r"\s+|\\n", "", text.normal_form(words))


def of_kind(facts: Iterable[Fact]) -> Mapping[str, list[Fact]]:
    """Facts by what they are of."""
    found: dict[str, list[Fact]] = {}
    for one in facts:
        found.setdefault(one.of, []).append(one)
    return found
