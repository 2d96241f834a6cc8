"""Any folder of .txt and .ann files as brat writes them, whatever its types: those the scheme knows by name, the rest kept in extra.

Entities named after our labels (or speaker, quote, quotation, statement) become mentions; events with a hub among their parts and relations
from a hub to a source or cue become attributions; relations and attributes named after ours become ours. A text may have one `.ann` of
its name, or several `<name>_<annotator>.ann`.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from corpus import ingest, tasks
from corpus.checks.of_corpus import OPEN_LICENCES
from corpus.codec import ATTRIBUTES
from corpus.formats.assembling import Sheet
from corpus.formats.converted import Article, Articles, Converted, Given, distinct, document_id, pseudonym
from corpus.formats.facts import stretches
from corpus.formats.placing import decoded, placed
from corpus.formats.standoff import Fact, Standoff, of_kind, parsed
from corpus.model import HUBS, Annotator, Document, Label, LinkType, Source
from corpus.problems import CorpusError

GUIDELINES = "1.0"
LABELS: Mapping[str, Label] = {
    **{label: label for label in get_args(Label)},
    **dict.fromkeys(("quote", "quotation", "statement", "message"), "content"),
    "speaker": "source",
}
_LINKS: Mapping[str, LinkType] = {name.replace("_", ""): name for name in get_args(LinkType)}
_VALUES = {name.replace("_", ""): name for name in (*tasks.CHOICES, tasks.WORDS)}
_TRIGGER = "attribution"


def source_of(given: Given, format: str) -> Source:
    """The source that the user tells of; without an open licence its texts are withheld."""
    open_one = given.licence in OPEN_LICENCES
    return Source(
        id=given.source or format, title=given.source or f"texts read from {format}", licence=given.licence or "unknown",
        description=f"Read by corpus convert from {format}; what the files do not tell was told by whoever converted them.",
        text="included" if open_one else "withheld", hydrate=None if open_one else {"from": "file"},
        annotation_licence=given.licence or "unknown",
    )  # fmt: skip


def annotator_of(who: str, format: str) -> Annotator:
    """An annotator of whom only a name is known, which is not stored."""
    return Annotator(id=pseudonym(who), kind="human", guidelines=GUIDELINES, model=None, note=f"an annotator of files read from {format}")


def read(path: Path, given: Given) -> Converted:
    """All texts under a folder."""
    if not path.is_dir():
        raise CorpusError(f"{path} is no folder of .txt and .ann files")
    texts = [one for one in sorted(path.rglob("*.txt")) if _annotations(one) and given.takes(_id(path, one))]
    if not texts:
        raise CorpusError(f"{path} holds no .txt file with an .ann file of its name")
    distinct([_id(path, one) for one in texts], "this project")
    source = source_of(given, "brat")
    whos = sorted({who for one in texts for who in _annotations(one)})
    return Converted(
        sources=(source,),
        annotators=tuple(annotator_of(who, "brat") for who in whos),
        total=len(texts),
        articles=Articles(_article, ((one.name, (one, _id(path, one), source, given)) for one in texts)),
    )


def _id(root: Path, path: Path) -> str:
    return document_id("_".join(path.relative_to(root).with_suffix("").parts))


def _annotations(path: Path) -> dict[str, Path]:
    """Annotator → file; who annotated the file of the text's own name is not told."""
    own = path.with_suffix(".ann")
    found = {"brat": own} if own.is_file() else {}
    for other in sorted(path.parent.glob("*.ann")):
        named = re.fullmatch(re.escape(path.stem) + r"_([0-9A-Za-z-]{1,20})", other.stem)
        if named and not other.with_suffix(".txt").is_file():
            found[named[1]] = other
    return found


def _article(path: Path, id: str, source: Source, given: Given) -> Article:
    words = placed(decoded(path.read_bytes(), path.name))
    article = ingest.document(words.text, id=id, source=source.id, language=given.language or "en")
    sheets = {}
    for who, file in _annotations(path).items():
        sheet = Sheet(article, pseudonym(who), withheld=source.text == "withheld", guidelines=GUIDELINES)
        if words.moved:
            sheet.note("offsets moved with the normal form of the text", changed=True)
        draw(sheet, parsed(file.read_bytes(), file.name, words))
        sheets[pseudonym(who)] = sheet, sheet.layer()
    return article_of(article, sheets)


def article_of(document: Document, sheets: Mapping[str, tuple[Sheet, Any]]) -> Article:
    """An article from the sheets of its annotators."""
    return Article(
        document=document,
        layers=tuple(layer for _, layer in sheets.values()),
        extra={who: sheet.extra() for who, (sheet, _) in sheets.items()},
        notes=tuple(note for sheet, _ in sheets.values() for note in sheet.notes()),
    )


def draw(sheet: Sheet, found: Standoff) -> None:
    """The records of a file as marks of the scheme."""
    facts = of_kind(found.facts)
    triggers = {one.trigger for one in found.events}
    ids: dict[str, str] = {}
    for mark in found.marks.values():
        label = LABELS.get(mark.kind.lower())
        if label is not None:
            values = {name: value for name, value in _values(facts.get(mark.id, ())).items() if name in ATTRIBUTES[label]}
            ids[mark.id] = sheet.mention(label, mark.places, mark.id, **values) or ""
        elif mark.id not in triggers:
            _keep(sheet, f"{mark.kind}.{mark.id}", stretches(sheet.stretches(mark.places)))
    hubs = {one.id: hub for one in found.events if (hub := _draw_event(sheet, one, found, ids, facts))}
    for id, held in facts.items():
        if ids.get(id) and LABELS.get(found.marks[id].kind.lower()) in HUBS and (values := _of_attribution(held)):
            sheet.attribution(ids[id], **values)
    _draw_bonds(sheet, found, {**ids, **hubs}, {id: found.marks[id].kind for id in found.marks})
    _keep_facts(sheet, found.facts, {**ids, **hubs})


def _draw_event(sheet: Sheet, event: Any, found: Standoff, ids: Mapping[str, str], facts: Mapping[str, list[Fact]]) -> str | None:
    held = [(id, LABELS.get(found.marks[id].kind.lower())) for _, id in event.parts if id in found.marks and ids.get(id)]
    hubs = [id for id, label in held if label in HUBS]
    if not hubs:
        _keep(sheet, f"{event.kind}.{event.id}", " ".join(f"{role}:{id}" for role, id in event.parts) or "without parts")
        return None
    hub = ids[hubs[0]]
    if len(hubs) > 1:
        hub = sheet.join([ids[one] for one in hubs])
    hub = sheet.again(hub)
    values = _of_attribution(facts.get(event.id, ())) | _of_attribution(facts.get(hubs[0], ()))
    parts = ([ids[id] for id, label in held if label == wanted] for wanted in ("source", "cue"))
    sheet.attribution(hub, *parts, **values)
    return hub


def _draw_bonds(sheet: Sheet, found: Standoff, ids: Mapping[str, str], kinds: Mapping[str, str]) -> None:
    for bond in found.bonds:
        first, second = ids.get(bond.first), ids.get(bond.second)
        ends = [LABELS.get(kinds.get(id, "").lower()) for id in (bond.first, bond.second)]
        link = _LINKS.get(bond.kind.lower().replace("_", "").replace("-", ""))
        if first and second and link is not None:
            sheet.link(link, first, second)
        elif first and second and ends[0] in HUBS and ends[1] in ("source", "cue"):
            sheet.attribution(first, *(([second], ()) if ends[1] == "source" else ((), [second])))
        elif first and second and ends[1] in HUBS and ends[0] in ("source", "cue"):
            sheet.attribution(second, *(([first], ()) if ends[0] == "source" else ((), [first])))
        elif first and second and bond.id == "*" and ends in (["source", "source"], ["claim", "claim"]):
            sheet.link("same_source" if ends[0] == "source" else "same_claim", first, second)
        else:
            _keep(sheet, f"{bond.kind}.{bond.id.replace('*', 'Equiv')}.{bond.first}", f"{bond.first} {bond.second}")


def _values(facts: Iterable[Fact]) -> dict[str, Any]:
    found = ((name, one.value) for one in facts if (name := _name(one)) is not None)
    return {name: value for name, value in found if value is not None}


def _of_attribution(facts: Iterable[Fact]) -> dict[str, Any]:
    return {name: value for name, value in _values(facts).items() if name in tasks.OF_ATTRIBUTION}


def _name(fact: Fact) -> str | None:
    """Our attribute, where name and value are ours."""
    name = _VALUES.get(fact.kind.lower().replace("_", "").replace("-", ""))
    return name if name is not None and (name == tasks.WORDS or fact.value in tasks.CHOICES[name]) else None


def _keep_facts(sheet: Sheet, facts: Iterable[Fact], ids: Mapping[str, str]) -> None:
    for one in facts:
        if _name(one) is None:
            of = f"a-{ids[one.of]}" if one.of.startswith("E") and ids.get(one.of) else ids.get(one.of) or "document"
            name = one.kind if of != "document" else f"{one.kind}.{one.of}"
            sheet.keep(of, **{_safe(name): one.value if one.value else True})


def _keep(sheet: Sheet, name: str, value: Any) -> None:
    sheet.keep("document", **{_safe(name): value})


def _safe(name: str) -> str:
    made = re.sub(r"[^A-Za-z0-9_.-]", "-", name)[:80]
    return made if made[:1].isalpha() else f"x{made}"[:80]
