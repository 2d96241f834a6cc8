"""An exported Label Studio task back into a layer. Takes the text from the record, never from the export; repairs nothing silently.

What cannot be read is a Problem with its place in the export; what was trimmed is told as a note.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus import schema, text
from corpus.codec import ATTRIBUTES, decisions, in_order, made_from
from corpus.model import HUBS, MUTUAL, AnnotationSet, AnnotatorKind, Attribution, Document, Holdings, Link, Mention, Origin, Span
from corpus.problems import Problem
from corpus.tasks import CHOICES, FRAGMENT, OF_ATTRIBUTION, Row, Task, bearers, from_later_to_earlier

LONGEST_ID = 40  # of a mention, as in annotation.schema.json; a fragment's has a dot and a number more

SUGGESTED = ("prediction", "prediction-changed")
_ORIGINS: Mapping[AnnotatorKind, Origin] = {"human": "by_hand", "model": "model", "adjudicator": "adjudicated"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What one exported task gave: a layer or none, what is wrong with it, and what was trimmed."""

    layer: AnnotationSet | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Sheet:
    """The rows of one annotation, sorted by what they are, and the faults met while sorting."""

    where: str
    base: str
    regions: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # region → pointer of its row
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    relations: list[tuple[str, str, str, str]] = field(default_factory=list)  # pointer, from, to, name
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, pointer: str, check: str, message: str) -> None:
        self.problems.append(Problem(where=self.where, pointer=pointer, check=check, message=message))

    def is_fragment(self, region: str) -> bool:
        return region in self.regions and self.regions[region][0] == FRAGMENT

    def is_head(self, region: str) -> bool:
        return region in self.regions and self.regions[region][0] != FRAGMENT


def from_export(task: Task, where: str, holdings: Holdings, *, base: str = "") -> Returned:
    """The layer of one exported task. `base` is the JSON pointer of the task in its file, e.g. "/17"."""
    broken = shape_problems(task, where, base)
    return Returned(layer=None, problems=broken) if broken else from_shaped(task, where, holdings, base=base)


def shape_problems(task: Task, where: str, base: str) -> tuple[Problem, ...]:
    """What in a task breaks its schema."""
    return tuple(_below(base, one) for one in schema.problems("export", task, where))


def from_shaped(task: Task, where: str, holdings: Holdings, *, base: str = "") -> Returned:
    """The layer of a task that holds to its schema."""
    document = holdings.documents.get(task["data"]["document"])
    problem = _strange_task(task, document, holdings)
    if problem is not None:
        return Returned(layer=None, problems=(Problem(where=where, pointer=f"{base}{problem[0]}", check=problem[1], message=problem[2]),))
    done = [(at, one) for at, one in enumerate(task["annotations"]) if not one["was_cancelled"]]
    if len(done) > 1:
        message = f"{len(done)} annotations of {task['data']['document']} by {task['data']['annotator']}"
        pointer = f"{base}/annotations/{done[1][0]}"
        return Returned(layer=None, problems=(Problem(where=where, pointer=pointer, check="one-layer-per-annotator", message=message),))
    if not done or document is None or document.text is None:
        return Returned(layer=None)
    at, annotation = done[0]
    sheet = _sorted_rows(annotation["result"], _Sheet(where=where, base=f"{base}/annotations/{at}/result"), document.text)
    mentions = tuple(_mentions(sheet, document.text, withheld=holdings.withheld(document)))
    attributions, links = tuple(_attributions(sheet)), tuple(_links(sheet, mentions))
    if sheet.problems:
        return Returned(layer=None, problems=tuple(sheet.problems))
    layer = AnnotationSet(
        document=document.id,
        text_sha256=document.text_sha256,
        annotator=task["data"]["annotator"],
        origin=_origin(task["data"], annotation, holdings.annotators[task["data"]["annotator"]].kind),
        guidelines=task["data"]["guidelines"],
        made_from=made_from(task["data"].get("made_from")),
        decisions=decisions(task["data"].get("decisions")),
        mentions=mentions,
        attributions=attributions,
        links=links,
    )
    return Returned(layer=in_order(layer), notes=tuple(sheet.notes))


def _strange_task(task: Task, document: Document | None, holdings: Holdings) -> tuple[str, str, str] | None:
    data = task["data"]
    if document is None:
        return "/data/document", "document-is-known", f"no record of {data['document']!r} in raw/"
    if data["annotator"] not in holdings.annotators:
        return "/data/annotator", "annotator-is-known", f"{data['annotator']!r} is not in annotations/annotators.json"
    if data["text_sha256"] != document.text_sha256:
        return "/data/text_sha256", "text-unchanged", f"{document.id} was annotated on another text than the one of record"
    if document.text is None:
        return "/data/document", "text-unchanged", f"{document.id} has no text here to hold it to; run corpus hydrate {document.source}"
    if data.get("text", document.text) != document.text:  # the page counts in this one, whatever the hash beside it says
        return "/data/text", "text-unchanged", f"the page showed another text than the one of record of {document.id}"
    return None


def _sorted_rows(result: list[Row], sheet: _Sheet, whole: str) -> _Sheet:
    for at, row in enumerate(result):
        pointer = f"{sheet.base}/{at}"
        if row["type"] == "labels":
            _take_region(sheet, pointer, row, whole)
        elif row["type"] == "relation":
            _take_relation(sheet, pointer, row)
    for at, row in enumerate(result):
        if row["type"] in ("choices", "textarea"):
            _take_attribute(sheet, f"{sheet.base}/{at}", row)
    return sheet


def _take_region(sheet: _Sheet, pointer: str, row: Row, whole: str) -> None:
    region, value = row["id"], row["value"]
    label, start, end = value["labels"][0], value["start"], value["end"]
    if region in sheet.regions:
        return sheet.fault(f"{pointer}/id", "region-id-is-unique", f"the region id {region!r} stands twice")
    sheet.regions[region] = (label, start, end)  # at once, for the rows that name a faulty region do not name nothing
    sheet.places[region] = pointer
    if label != FRAGMENT and ("." in region or len(region) > LONGEST_ID):
        return sheet.fault(f"{pointer}/id", "matches-schema", f"{region!r} cannot be the id of a {label}; draw the region anew")
    if not start < end <= len(whole):
        message = f"start {start}, end {end} in a text of {len(whole)} code points{_cause(whole, start, end, value.get('text'))}"
        return sheet.fault(f"{pointer}/value", "offsets-are-in-text", message)
    shown = value.get("text")
    if shown not in (None, whole[start:end]) and text.folded(shown) != text.folded(whole[start:end]):
        return sheet.fault(f"{pointer}/value", "quote-matches-text", _not_these_words(whole, start, end, value["text"]))
    edges = text.trimmed(whole, start, end)
    if edges[0] == edges[1]:
        return sheet.fault(f"{pointer}/value", "span-has-clean-edges", f"only blanks are marked at {start}-{end}")
    if edges != (start, end):
        sheet.notes.append(f"{pointer}: {start}-{end} trimmed to {edges[0]}-{edges[1]}")
    sheet.regions[region] = (label, *edges)


def _not_these_words(whole: str, start: int, end: int, shown: str) -> str:
    return f"characters {start}-{end} read {whole[start:end]!r}, the region says {shown!r}{_cause(whole, start, end, shown)}"


def _cause(whole: str, start: int, end: int, shown: str | None) -> str:
    utf16 = whole.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", errors="replace")
    right = bool(shown and utf16) and text.folded(utf16) == text.folded(shown or "")
    return "; they are right as UTF-16 units, which another tool counts" if right else ""


def _take_relation(sheet: _Sheet, pointer: str, row: Row) -> None:
    name, first, second = row["labels"][0], row["from_id"], row["to_id"]
    if row["direction"] == "bi" and name not in MUTUAL:
        return sheet.fault(f"{pointer}/direction", "relation-has-direction", f"{name} runs both ways")
    if row["direction"] == "left":
        first, second = second, first
    sheet.relations.append((pointer, first, second, name))


def _take_attribute(sheet: _Sheet, pointer: str, row: Row) -> None:
    name, region = row["from_name"], row["id"]
    value = row["value"]["text" if row["type"] == "textarea" else "choices"][0]
    if region not in sheet.regions:
        return sheet.fault(f"{pointer}/id", "row-belongs-to-region", f"{name} of {region!r}, which is no region")
    label = sheet.regions[region][0]
    if label not in bearers(name):
        return sheet.fault(pointer, "attribute-fits-label", f"{name} on a {label}")
    if name in CHOICES and value not in CHOICES[name]:
        return sheet.fault(f"{pointer}/value/choices/0", "value-is-in-scheme", f"{value!r} is no {name}")
    held = sheet.attributes.setdefault(region, {}).setdefault(name, value)
    if held != value:
        return sheet.fault(pointer, "attribute-has-one-value", f"{name} of {region!r} is {value!r} here and {held!r} in an earlier row")


def _mentions(sheet: _Sheet, whole: str, *, withheld: bool) -> Iterator[Mention]:
    pieces = _pieces(sheet)
    for region, (label, start, end) in sheet.regions.items():
        if label != FRAGMENT:
            stretches = sorted([(start, end), *(sheet.regions[piece][1:] for piece in pieces.get(region, []))])
            spans = tuple(_span(whole, *stretch, withheld=withheld) for stretch in stretches)
            held = {name: sheet.attributes.get(region, {}).get(name) for name in ATTRIBUTES[label]}
            facts: dict[str, Any] = {"id": region, "label": label, "spans": spans, **held}
            yield Mention(**facts)


def _pieces(sheet: _Sheet) -> dict[str, list[str]]:
    """Head region → its fragments."""
    drawn = [(pointer, first, second) for pointer, first, second, name in sheet.relations if name == "continues"]
    pieces: dict[str, list[str]] = {}
    for region in filter(sheet.is_fragment, sheet.regions):
        heads = [(pointer, second) for pointer, first, second in drawn if first == region and sheet.is_head(second)]
        if len(heads) == 1:
            pieces.setdefault(heads[0][1], []).append(region)
        else:
            touching = [pointer for pointer, *ends in drawn if region in ends]
            pointer = heads[1][0] if heads else [*touching, sheet.places[region]][0]
            sheet.fault(pointer, "fragment-continues-one-mention", f"the fragment {region!r} continues {len(heads)} mentions")
    return pieces


def _span(whole: str, start: int, end: int, *, withheld: bool) -> Span:
    return Span(start=start, end=end, quote=None if withheld else whole[start:end], check=text.slice_check(whole, start, end))


def _attributions(sheet: _Sheet) -> Iterator[Attribution]:
    sources, cues = _ends(sheet, "has_source", "source"), _ends(sheet, "has_cue", "cue")
    for region, (label, *_) in sheet.regions.items():
        held = {name: sheet.attributes.get(region, {}).get(name) for name in OF_ATTRIBUTION}
        if label in HUBS and (region in sources or region in cues or any(held.values())):
            parts = {"sources": tuple(sources.get(region, ())), "cues": tuple(cues.get(region, ()))}
            facts: dict[str, Any] = {"id": f"a-{region}", "hub": region, **parts, **held}
            yield Attribution(**facts)


def _ends(sheet: _Sheet, name: str, wanted: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pointer, first, second, relation in sheet.relations:
        if relation == name and _both_are_regions(sheet, pointer, first, second):
            if sheet.regions[first][0] not in HUBS or sheet.regions[second][0] != wanted:
                labels = f"{sheet.regions[first][0]} to {sheet.regions[second][0]}"
                sheet.fault(pointer, "relation-joins-right-labels", f"{name} from {labels}, it joins a hub to a {wanted}")
            elif second not in found.setdefault(first, []):
                found[first].append(second)
    return found


def _links(sheet: _Sheet, mentions: tuple[Mention, ...]) -> Iterator[Link]:
    known = {mention.id: mention for mention in mentions}
    for pointer, first, second, name in sheet.relations:
        if name == "continues":
            joined = sheet.is_fragment(first) and sheet.is_head(second)
            if _both_are_regions(sheet, pointer, first, second) and not joined and pointer not in {one.pointer for one in sheet.problems}:
                labels = f"{sheet.regions[first][0]} to {sheet.regions[second][0]}"
                sheet.fault(pointer, "relation-joins-right-labels", f"{name} from {labels}, it joins a fragment to its head")
        elif name not in ("has_source", "has_cue") and _both_are_regions(sheet, pointer, first, second):
            if FRAGMENT in (sheet.regions[first][0], sheet.regions[second][0]):
                sheet.fault(pointer, "relation-joins-right-labels", f"{name} at a fragment; draw it at the head")
            else:
                facts: dict[str, Any] = {"type": name, "from_": first, "to": second}
                yield from_later_to_earlier(Link(**facts), known)


def _both_are_regions(sheet: _Sheet, pointer: str, first: str, second: str) -> bool:
    missing = next((one for one in (first, second) if one not in sheet.regions), None)
    if missing is not None:
        sheet.fault(pointer, "relation-resolves", f"no region has the id {missing!r}")
    return missing is None


def _origin(data: Mapping[str, Any], annotation: Mapping[str, Any], kind: AnnotatorKind) -> Origin:
    seen = data.get("layer_origin") == "from_suggestion" or data.get("suggestions") or annotation.get("parent_prediction")
    return origin(kind, suggested=bool(seen) or any(row.get("origin") in SUGGESTED for row in annotation["result"]))


def origin(kind: AnnotatorKind, *, suggested: bool) -> Origin:
    """How a reading came about; a suggestion that was seen stays one, even where no row of it is left."""
    return "from_suggestion" if kind == "human" and suggested else _ORIGINS[kind]


def _below(base: str, problem: Problem) -> Problem:
    return Problem(where=problem.where, pointer=base + problem.pointer, check=problem.check, message=problem.message, hint=problem.hint)
