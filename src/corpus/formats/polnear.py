"""The Political News Attribution Relations Corpus, PolNeAR 1.0.0 (Newell et al., LREC 2018): a text and one brat file for each annotator.

Its contents do not tell claims from denials, so every hub becomes `content`. Traps met in the files: words of a mention may hold line
ends, so a record may go on over several lines; pieces stand in the order of marking, not of the text; `Content2` is a further piece of the
same content; a `Cue` stands a second time as `Attribution`; one source may be written down once for each attribution; `Discuss` and
`Discard` are the annotators' own reminders. No licence is given for texts or annotations: nothing of it may be passed on, and no words of
it are stored in the layer.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import ingest
from corpus.formats import standoff
from corpus.formats.assembling import Places, Sheet
from corpus.formats.converted import Article, Articles, Converted, Given, Note, distinct, document_id, unreadable
from corpus.formats.placing import Placing, decoded, placed
from corpus.formats.standoff import Event, Standoff
from corpus.model import AnnotationSet, Annotator, Document, Label, Source
from corpus.problems import CorpusError

GUIDELINES = "1.0"  # of PolNeAR, not of this corpus
SOURCE = Source(
    id="polnear", title="Political News Attribution Relations Corpus (PolNeAR) 1.0.0", text="withheld", hydrate={"from": "file"},
    licence="none given for texts or annotations; for your own use only", annotation_licence="none given; for your own use only",
    description="News about the United States elections of 2016, annotated by Newell, Margolin and Ruths (LREC 2018).",
)  # fmt: skip
_ROLES: Mapping[str, Label] = {"Source": "source", "Cue": "cue", "Content": "content"}
_EVENTS = ("Attribution", "Attribution-no-source")
_CORE = ("train", "dev", "test")
_BESIDE: tuple[Label, Label] = ("source", "cue")
_ANNOTATOR = re.compile(r"(.+)_([0-9a-f]{4})\.ann")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A layer, and what of the file was changed or is not in it."""

    layer: AnnotationSet
    notes: tuple[Note, ...]


def read(path: Path, given: Given) -> Converted:
    """A checkout (its data/train, dev and test), or one folder with text/ and attributions/; each annotator is a layer."""
    folders = _folders(path)
    texts = [one for folder in folders for one in sorted((folder / "text").glob("*.txt"))]
    files, strays = _annotations(folders, texts)
    chosen = [one for one in texts if given.takes(document_id(one.stem))]
    if not chosen:
        raise CorpusError(f"{path} holds no PolNeAR: no folder text/ beside attributions/ with articles in it, or none that is asked for")
    distinct([document_id(one.stem) for one in chosen], "PolNeAR")
    return Converted(
        sources=(SOURCE,),
        annotators=tuple(_annotator(who) for who in sorted({who for one in chosen for who in files[one]})),
        total=len(chosen),
        articles=Articles(_article, ((one.name, (one, files[one])) for one in chosen)),
        problems=tuple(unreadable(one, "it belongs to no article: there is no text of that name") for one in strays),
    )


def _folders(path: Path) -> list[Path]:
    data = path / "data" if (path / "data").is_dir() else path
    core = [data / part for part in _CORE if (data / part / "text").is_dir()]
    return core or [path]


def _annotations(folders: Iterable[Path], texts: Iterable[Path]) -> tuple[dict[Path, dict[str, Path]], list[str]]:
    """Article → annotator → file, and the files of no article. An annotator's file is named after the article, whose name may hold `_`."""
    found: dict[Path, dict[str, Path]] = {one: {} for one in texts}
    strays = []
    for folder in folders:
        for file in sorted((folder / "attributions").glob("*.ann")):
            named = _ANNOTATOR.fullmatch(file.name)
            article = folder / "text" / f"{named[1]}.txt" if named else None
            if named is None or article not in found:
                strays.append(file.name)
            else:
                found[article][named[2]] = file
    return found, strays


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
    found = standoff.parsed(data, read.id, words or placed(read.text or ""))
    sheet = Sheet(read, annotator, withheld=True, guidelines=GUIDELINES)
    for event in found.events:
        if event.kind in _EVENTS:
            _draw(sheet, event, _parts(event, found, sheet), found)
        else:
            sheet.note(f"event that is no attribution: {event.kind}")
    used = {id for one in found.events for id in (one.trigger, *(part for _, part in one.parts))}
    loose = Counter(one.kind for one in found.marks.values() if one.id not in used)
    beside = Counter(kind for kind in (*(one.kind for one in found.facts), *(one.kind for one in found.bonds)))
    for kind, number in (loose + beside).items():
        sheet.note(f"{kind} in no attribution", number)
    return Read(layer=sheet.layer(), notes=sheet.notes())


def _parts(event: Event, found: Standoff, sheet: Sheet) -> dict[Label, list[Places]]:
    """The places of each role of one attribution, `Content2` with `Content`; what a mark is in it, the attribution says."""
    parts: dict[Label, list[Places]] = {label: [] for label in _ROLES.values()}
    for role, id in event.parts:
        if role not in _ROLES or id not in found.marks:
            sheet.note(f"{role} of an attribution that is neither source, cue nor content")
            continue
        if found.marks[id].kind != role:
            sheet.note(f"{found.marks[id].kind} that an attribution has as its {role}: marked so", changed=True)
        parts[_ROLES[role]].append(found.marks[id].places)
    return parts


def _draw(sheet: Sheet, event: Event, parts: dict[Label, list[Places]], found: Standoff) -> None:
    """An event without content keeps its place: the cue stands for what was said, as in "declined to comment"."""
    sources, cues = ([sheet.mention(label, places) for places in parts[label]] for label in _BESIDE)
    content = [place for places in parts["content"] for place in places]
    if not content:
        sheet.note("attribution without content: its cue marked as the content", changed=True)
        content = [*found.marks[event.trigger].places]
    hub = sheet.mention("content", content)
    if hub is not None:
        sheet.attribution(hub, sources, cues)
