"""The Political News Attribution Relations Corpus, PolNeAR 1.0.0 (Newell et al., LREC 2018): a text and one brat file for each annotator.

Its contents do not tell claims from denials, so every hub becomes `content`. Traps met in the files: words of a mention may hold line
ends, so a record may go on over several lines; pieces stand in the order of marking, not of the text; `Content2` is a further piece of the
same content; a `Cue` stands a second time as `Attribution`; one source may be written down once for each attribution; `Discuss` and
`Discard` are the annotators' own reminders. No licence is given for texts or annotations: nothing of it may be passed on, and no words of
it are stored in the layer.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus import codec, ingest, text
from corpus.model import AnnotationSet, Attribution, Document, Label, Mention, Span
from corpus.problems import CorpusError

GUIDELINES = "1.0"  # of PolNeAR, not of this corpus
_ROLES: Mapping[str, Label] = {"Source": "source", "Cue": "cue", "Content": "content"}
_BESIDE: tuple[Label, Label] = ("source", "cue")
_EVENTS = ("Attribution", "Attribution-no-source")
_MARK = re.compile(r"(T[0-9]+)\t([A-Za-z-]+) ([0-9]+ [0-9]+(?:;[0-9]+ [0-9]+)*)\t(.*)", re.DOTALL)
_EVENT = re.compile(r"E[0-9]+\t([A-Za-z-]+):T[0-9]+((?: [A-Za-z]+[0-9]*:T[0-9]+)*) ?")
_PART = re.compile(r" ([A-Za-z]+)[0-9]*:(T[0-9]+)")
Places = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A layer, and in words what of the file is not in it."""

    layer: AnnotationSet
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    id: str
    kind: str
    places: Places


def document(data: bytes, name: str, *, source: str = "polnear") -> Document:
    """The article of a file `text/<name>.txt`, its id made from the name. Refused where the normal form would move offsets."""
    words, problems = codec.read_text(data, name)
    if words is None:
        raise CorpusError(f"{name} is not taken: {problems[0].message}")
    whole = text.normal_form(words)
    if not words.startswith(whole):
        raise CorpusError(
            f"{name} is not in normal form (NFC, LF, no blank at the start), so the offsets of its annotations would not hold"
        )
    return ingest.document(whole, id=re.sub(r"([_-])[_-]+", r"\1", name.lower()).strip("_-"), source=source, outlet=name.partition("_")[0])


def layer(data: bytes, read: Document, annotator: str) -> Read:
    """One annotator's file `attributions/<name>_<annotator>.ann` over that article."""
    records = list(_records(data, read.id))
    marks = {one.id: one for one in _marks(records, read)}
    events = [_event(record, marks, read.id) for record in records if record.startswith("E")]
    whole = [parts for parts in events if parts["content"]]
    mentions, attributions = _joined(whole, marks, read.text or "")
    used = {id for parts in whole for ids in parts.values() for id in ids}
    built = AnnotationSet(
        document=read.id, text_sha256=read.text_sha256, annotator=annotator, origin="by_hand", guidelines=GUIDELINES,
        mentions=tuple(mentions), attributions=tuple(attributions), links=(),
    )  # fmt: skip
    return Read(layer=codec.in_order(built), left_out=tuple(_left_out(marks.values(), used, len(events) - len(whole))))


def _records(data: bytes, where: str) -> Iterator[str]:
    """Records of the file; a line that starts none belongs to the record before it."""
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise CorpusError(f"the annotations of {where} are not UTF-8") from None
    held: list[str] = []
    for line in lines:
        if re.match(r"[TEARMN#*][0-9]*\t", line) and held:
            yield "\n".join(held)
            held = []
        held.append(line)
    if held:
        yield "\n".join(held).rstrip("\n")


def _marks(records: Iterable[str], read: Document) -> Iterator[_Mark]:
    for record in records:
        if not record.startswith("T"):
            continue
        found = _MARK.fullmatch(record)
        if found is None:
            raise CorpusError(f"a record of {read.id} cannot be read: {record[:40]!r}")
        id, kind, places, words = found.groups()
        yield _Mark(id=id, kind=kind, places=_held(tuple(_places(places)), words, f"{id} of {read.id}", read.text or ""))


def _places(written: str) -> Iterator[tuple[int, int]]:
    for piece in written.split(";"):
        start, end = piece.split(" ")
        yield int(start), int(end)


def _held(places: Places, words: str, where: str, whole: str) -> Places:
    """The same places in order, if the words stand there; the file gives pieces and words in the order of marking."""
    if any(not 0 <= start < end <= len(whole) for start, end in places):
        raise CorpusError(f"{where} lies outside the text of {len(whole)} code points")
    if text.folded(words) != text.folded(" ".join(whole[start:end] for start, end in places)):
        raise CorpusError(f"{where} does not say what stands at its offsets; is this the text that was annotated?")
    return tuple(sorted(places))


def _event(record: str, marks: Mapping[str, _Mark], where: str) -> dict[Label, list[str]]:
    """The marks of each role of one attribution, `Content2` with `Content`."""
    found = _EVENT.fullmatch(record)
    if found is None or found[1] not in _EVENTS:
        raise CorpusError(f"a record of {where} is no attribution: {record[:40]!r}")
    parts: dict[Label, list[str]] = {label: [] for label in _ROLES.values()}
    for role, id in _PART.findall(found[2]):
        if role not in _ROLES or id not in marks or marks[id].kind != role:
            raise CorpusError(f"an attribution of {where} has as its {role} {id}, which is none")
        parts[_ROLES[role]].append(id)
    return parts


def _joined(
    events: Iterable[Mapping[Label, Sequence[str]]], marks: Mapping[str, _Mark], whole: str
) -> tuple[list[Mention], list[Attribution]]:
    """Mentions with the same spans become one, and attributions with the same hub: one hub has one attribution here."""
    names: dict[tuple[Label, Places], str] = {}
    parts: dict[str, tuple[dict[str, None], dict[str, None]]] = defaultdict(lambda: ({}, {}))
    for event in events:
        pieces = sorted(place for id in event["content"] for place in marks[id].places)
        hub = _name(names, "content", tuple(pieces))
        for held, label in zip(parts[hub], _BESIDE, strict=True):
            held.update((_name(names, label, marks[id].places), None) for id in event[label])
    mentions = [
        Mention(id=name, label=label, spans=tuple(_span(whole, *place) for place in places)) for (label, places), name in names.items()
    ]
    attributions = [
        Attribution(id=f"a-{hub}", hub=hub, sources=tuple(sources), cues=tuple(cues), quote_type=None, polarity=None, certainty=None)
        for hub, (sources, cues) in parts.items()
    ]
    return mentions, attributions


def _name(names: dict[tuple[Label, Places], str], label: Label, places: Places) -> str:
    return names.setdefault((label, places), f"m{len(names) + 1}")


def _span(whole: str, start: int, end: int) -> Span:
    return Span(start=start, end=end, quote=None, check=text.slice_check(whole, start, end))


def _left_out(marks: Iterable[_Mark], used: Container[str], without_hub: int) -> Iterator[str]:
    if without_hub:
        yield f"attributions without content: {without_hub}"
    loose = Counter(one.kind for one in marks if one.id not in used and one.kind not in _EVENTS)
    yield from (f"{kind} in no attribution: {number}" for kind, number in sorted(loose.items()))
