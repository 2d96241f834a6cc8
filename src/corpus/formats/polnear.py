"""The Political News Attribution Relations Corpus, PolNeAR 1.0.0 (Newell et al., LREC 2018): a text and one brat file for each annotator.

Its contents do not tell claims from denials, so every hub becomes `content`. Traps met in the files: words of a mention may hold line
ends, so a record may go on over several lines; pieces stand in the order of marking, not of the text; `Content2` is a further piece of the
same content; a `Cue` stands a second time as `Attribution`; one source may be written down once for each attribution; `Discuss` and
`Discard` are the annotators' own reminders. No licence is given for texts or annotations: nothing of it may be passed on, and no words of
it are stored in the layer.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import ingest, text
from corpus.formats.assembling import Places, Sheet
from corpus.formats.converted import Article, Converted, Given, Note, distinct, document_id
from corpus.formats.placing import Placing, decoded, placed
from corpus.model import AnnotationSet, Annotator, Document, Label, Source
from corpus.problems import CorpusError

GUIDELINES = "1.0"  # of PolNeAR, not of this corpus
SOURCE = Source(
    id="polnear", title="Political News Attribution Relations Corpus (PolNeAR) 1.0.0", text="withheld", hydrate={"from": "file"},
    licence="none given for texts or annotations; for your own use only",
    description="News about the United States elections of 2016, annotated by Newell, Margolin and Ruths (LREC 2018).",
)  # fmt: skip
_ROLES: Mapping[str, Label] = {"Source": "source", "Cue": "cue", "Content": "content"}
_EVENTS = ("Attribution", "Attribution-no-source")
_CORE = ("train", "dev", "test")
_MARK = re.compile(r"(T[0-9]+)\t([A-Za-z-]+) ([0-9]+ [0-9]+(?:;[0-9]+ [0-9]+)*)\t(.*)", re.DOTALL)
_EVENT = re.compile(r"E[0-9]+\t([A-Za-z-]+):(T[0-9]+)((?: [A-Za-z]+[0-9]*:T[0-9]+)*) ?")
_PART = re.compile(r" ([A-Za-z]+)[0-9]*:(T[0-9]+)")
_ANNOTATOR = re.compile(r"(.+)_([0-9a-f]{4})\.ann")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A layer, and what of the file was changed or is not in it."""

    layer: AnnotationSet
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    id: str
    kind: str
    places: Places


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    trigger: str
    parts: Mapping[Label, list[str]]


def read(path: Path, given: Given) -> Converted:
    """A checkout (its data/train, dev and test), or one folder with text/ and attributions/; each annotator is a layer."""
    texts = [one for folder in _folders(path) for one in sorted((folder / "text").glob("*.txt")) if given.takes(document_id(one.stem))]
    if not texts:
        raise CorpusError(f"{path} holds no PolNeAR: no folder text/ beside attributions/ with articles in it")
    distinct([document_id(one.stem) for one in texts], "PolNeAR")
    files = _annotations(texts)
    return Converted(
        sources=(SOURCE,),
        annotators=tuple(_annotator(who) for who in sorted({who for held in files.values() for who in held})),
        total=len(texts),
        articles=(_article(one, files[one]) for one in texts),
    )


def _folders(path: Path) -> list[Path]:
    data = path / "data" if (path / "data").is_dir() else path
    core = [data / part for part in _CORE if (data / part / "text").is_dir()]
    return core or [path]


def _annotations(texts: Iterable[Path]) -> dict[Path, dict[str, Path]]:
    """Article → annotator → file. An annotator's file is named after the article; the name alone may hold what looks like another."""
    found: dict[Path, dict[str, Path]] = {one: {} for one in texts}
    for folder in {one.parent for one in found}:
        for file in sorted((folder.parent / "attributions").glob("*.ann")):
            named = _ANNOTATOR.fullmatch(file.name)
            article = folder / f"{named[1]}.txt" if named else None
            if named is None or article not in found:
                raise CorpusError(f"{file.name} belongs to no article: there is no text of that name")
            found[article][named[2]] = file
    return found


def _annotator(who: str) -> Annotator:
    return Annotator(id=who, kind="human", guidelines=GUIDELINES, model=None, note="an annotator of PolNeAR, under the code of its files")


def _article(path: Path, files: Mapping[str, Path]) -> Article:
    data = path.read_bytes()
    article, words = document(data, path.stem), placed(decoded(data, path.stem))
    found = [layer(file.read_bytes(), article, who, words) for who, file in sorted(files.items())]
    extra = {who: {"document": {"part": path.parent.parent.name}} for who in files if path.parent.parent.name in _CORE}
    return Article(
        document=article, layers=tuple(one.layer for one in found), extra=extra, notes=tuple(note for one in found for note in one.notes)
    )


def document(data: bytes, name: str, *, source: str = "polnear") -> Document:
    """The article of a file `text/<name>.txt` in normal form, its id made from the name."""
    date = re.search(r"_([0-9]{4}-[0-9]{2}-[0-9]{2})_", name)
    facts: dict[str, Any] = {"outlet": name.partition("_")[0], "date": date[1] if date else None}
    return ingest.document(placed(decoded(data, name)).text, id=document_id(name), source=source, **facts)


def layer(data: bytes, read: Document, annotator: str, words: Placing | None = None) -> Read:
    """One annotator's file `attributions/<name>_<annotator>.ann` over that article; `words` where its normal form moved offsets."""
    records = list(_records(data, read.id))
    marks = {one.id: one for one in _marks(records, read, words or placed(read.text or ""))}
    events = [_event(record, marks, read.id) for record in records if record.startswith("E")]
    sheet = Sheet(read, annotator, withheld=True, guidelines=GUIDELINES)
    for event in events:
        _draw(sheet, event, marks)
    used = {id for one in events for ids in one.parts.values() for id in ids}
    for what, number in _loose(marks.values(), used):
        sheet.note(what, number)
    return Read(layer=sheet.layer(), notes=sheet.notes())


def _draw(sheet: Sheet, event: _Event, marks: Mapping[str, _Mark]) -> None:
    """An event without content keeps its place: the cue stands for what was said, as in "declined to comment"."""
    sources, cues = ([sheet.mention(label, marks[id].places) for id in event.parts[label]] for label in ("source", "cue"))
    content = [place for id in event.parts["content"] for place in marks[id].places]
    if not content:
        sheet.note("attribution without content: its cue marked as the content", changed=True)
        content = [*marks[event.trigger].places]
    hub = sheet.mention("content", content)
    if hub is not None:
        sheet.attribution(hub, sources, cues)


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


def _marks(records: Iterable[str], read: Document, words: Placing) -> Iterator[_Mark]:
    for record in records:
        if not record.startswith("T"):
            continue
        found = _MARK.fullmatch(record)
        if found is None:
            raise CorpusError(f"a record of {read.id} cannot be read: {record[:40]!r}")
        id, kind, places, said = found.groups()
        yield _Mark(id=id, kind=kind, places=_held(tuple(_places(places)), said, f"{id} of {read.id}", words))


def _places(written: str) -> Iterator[tuple[int, int]]:
    for piece in written.split(";"):
        start, end = piece.split(" ")
        yield int(start), int(end)


def _held(places: Places, said: str, where: str, words: Placing) -> Places:
    """The same places in order, if the words stand there; the file gives pieces and words in the order of marking."""
    if any(not 0 <= start < end <= words.length for start, end in places):
        raise CorpusError(f"{where} lies outside the text of {words.length} code points")
    moved = words.places(places)
    if text.folded(text.normal_form(said)) != text.folded(" ".join(words.text[start:end] for start, end in moved)):
        raise CorpusError(f"{where} does not say what stands at its offsets; is this the text that was annotated?")
    return tuple(sorted(moved))


def _event(record: str, marks: Mapping[str, _Mark], where: str) -> _Event:
    """The marks of each role of one attribution, `Content2` with `Content`."""
    found = _EVENT.fullmatch(record)
    if found is None or found[1] not in _EVENTS:
        raise CorpusError(f"a record of {where} is no attribution: {record[:40]!r}")
    parts: dict[Label, list[str]] = {label: [] for label in _ROLES.values()}
    for role, id in _PART.findall(found[3]):
        if role not in _ROLES or id not in marks or marks[id].kind != role:
            raise CorpusError(f"an attribution of {where} has as its {role} {id}, which is none")
        parts[_ROLES[role]].append(id)
    if found[2] not in marks:
        raise CorpusError(f"an attribution of {where} stands at {found[2]}, which is not there")
    return _Event(trigger=found[2], parts=parts)


def _loose(marks: Iterable[_Mark], used: Container[str]) -> Iterator[tuple[str, int]]:
    loose = Counter(one.kind for one in marks if one.id not in used and one.kind not in _EVENTS)
    yield from ((f"{kind} in no attribution", number) for kind, number in sorted(loose.items()))
