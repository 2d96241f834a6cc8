"""Label Studio JSON, one file of tasks: those that `push --out` writes, with the facts that come back; and exports of other projects.

Ours are read as `pull` reads them. Of others, every `<Text>` with labelled regions is read: labels named as in a brat project become
mentions, relations and choices become ours by name, and the rest is kept in extra. Offsets of `<Text>` are code points.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus import codec, export, ingest, tasks
from corpus.formats.assembling import Sheet
from corpus.formats.brat_plain import GUIDELINES, annotator_of, article_of, draw, source_of
from corpus.formats.converted import Article, Articles, Converted, Given, Note, document_id, pseudonym
from corpus.formats.facts import extra_from_json, extra_to_json
from corpus.formats.placing import Placing, placed
from corpus.formats.standoff import Bond, Fact, Mark, Standoff
from corpus.model import AnnotationSet, Annotator, Document, Holdings, Source
from corpus.problems import CorpusError, Problem, show

NOBODY = pseudonym("nobody has read it yet")


def write(converted: Converted, file: Path) -> list[Note]:
    """All tasks in one list, an article's one after the other, written as they come."""
    sources = {one.id: codec.source_to_json(one) for one in converted.sources}
    whos = {one["id"]: one for one in codec.annotators_to_json(converted.annotators)["annotators"]}
    with file.open("wb") as out:
        out.write(b"[")
        between = b"\n"
        for article in converted.articles:
            for task in _tasks(article, sources, whos):
                out.write(between + codec.compact(task))
                between = b",\n"
        out.write(b"\n]\n")
    return []


def _tasks(article: Article, sources: Mapping[str, codec.Json], whos: Mapping[str, codec.Json]) -> Iterator[tasks.Task]:
    document = article.document
    record = {"record": codec.document_to_json(document), "source": sources.get(document.source)}
    if not article.layers:
        task = tasks.to_task(document, NOBODY, GUIDELINES, None)
        yield {"data": task["data"] | record, "annotations": []}
    for layer in article.layers:
        task = tasks.to_task(document, layer.annotator, layer.guidelines, layer, made_from=layer.made_from)
        told = {"by": whos.get(layer.annotator), "extra": extra_to_json(article.extra.get(layer.annotator, {}))}
        done = [one | {"was_cancelled": False} for one in task["annotations"]]
        yield {"data": task["data"] | record | told, "annotations": done}


def read(path: Path, given: Given) -> Converted:
    """The tasks of a file, by document."""
    value, problems = codec.read_json(path.read_bytes(), path.name, largest=None) if path.is_file() else (None, [])
    if problems or not isinstance(value, list) or not all(isinstance(one, dict) and isinstance(one.get("data"), dict) for one in value):
        raise CorpusError(f"{path} is no Label Studio JSON: {problems[0].message if problems else 'it is no list of tasks'}")
    if all("document" in one["data"] and "annotator" in one["data"] for one in value):
        return _ours(value, path, given)
    return _others(value, given)


def _ours(value: list[tasks.Task], path: Path, given: Given) -> Converted:
    by_document: dict[str, list[tasks.Task]] = {}
    for task in value:
        if given.takes(str(task["data"]["document"])):
            by_document.setdefault(str(task["data"]["document"]), []).append(task)
    sources = {one.id: one for one in (_source(task["data"], given) for held in by_document.values() for task in held)}
    whos = {one.id: one for one in (_annotator(task["data"]) for held in by_document.values() for task in held) if one.id != NOBODY}
    return Converted(
        sources=tuple(sources.values()),
        annotators=tuple(whos.values()),
        total=len(by_document),
        articles=Articles(_article, ((id, (held, path.name, sources, whos, given)) for id, held in by_document.items())),
    )


def _source(data: Mapping[str, Any], given: Given) -> Source:
    held = data.get("source")
    return codec.source_from_json(held) if isinstance(held, dict) else source_of(given, "label-studio")


def _annotator(data: Mapping[str, Any]) -> Annotator:
    held = data.get("by")
    if isinstance(held, dict):
        return codec.annotators_from_json({"annotators": [held]})[0]
    return annotator_of(str(data["annotator"]), "label-studio")


def _article(held: list[tasks.Task], name: str, sources: Mapping[str, Source], whos: Mapping[str, Annotator], given: Given) -> Article:
    document = _document(held[0]["data"], given)
    known: dict[str, AnnotationSet] = {}
    extra, notes = {}, []
    for task in held:
        holdings = Holdings(sources=sources, documents={document.id: document}, annotators=whos, layers=known)
        who = str(task["data"]["annotator"])
        if who == NOBODY:
            continue
        read = export.from_export(_cleaned(task), name, holdings)
        _refuse(read.problems)
        notes += [Note(kind="changed", what="blanks at the edge of a span left out") for _ in read.notes]
        if read.layer is not None:
            known[f"annotations/{document.id}/{who}.json"] = read.layer
            extra[who] = extra_from_json(task["data"].get("extra") or {})
    layers = tuple(sorted(known.values(), key=lambda one: one.annotator))
    return Article(document=document, layers=layers, extra={who: one for who, one in extra.items() if one}, notes=tuple(notes))


def _cleaned(task: tasks.Task) -> tasks.Task:
    """A server's export says of every annotation whether it was skipped; a file of tasks need not."""
    return task | {"annotations": [{"was_cancelled": False, **one} for one in task.get("annotations", ())]}


def _document(data: Mapping[str, Any], given: Given) -> Document:
    words = str(data.get("text", ""))
    if isinstance(data.get("record"), dict):
        return codec.document_from_json(data["record"], words)
    return ingest.document(placed(words).text, id=str(data["document"]), source=_source(data, given).id, language=given.language or "en")


def _refuse(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise CorpusError(f"a task cannot be read: {show(problems[:1], 'text')}")


def _others(value: list[tasks.Task], given: Given) -> Converted:
    source = source_of(given, "label-studio")
    whos = sorted({_who(one) for task in value for one in _done(task)})
    chosen = [(task, id) for at, task in enumerate(value, start=1) if given.takes(id := document_id(f"{source.id}_{task.get('id', at)}"))]
    return Converted(
        sources=(source,),
        annotators=tuple(annotator_of(who, "label-studio") for who in whos),
        total=len(chosen),
        articles=Articles(_other, ((id, (task, id, source, given)) for task, id in chosen)),
    )


def _done(task: tasks.Task) -> list[Mapping[str, Any]]:
    return [one for one in task.get("annotations", ()) if not one.get("was_cancelled")]


def _who(annotation: Mapping[str, Any]) -> str:
    by = annotation.get("completed_by")
    return f"label-studio-{by.get('id') if isinstance(by, dict) else by}"


def _other(task: tasks.Task, id: str, source: Source, given: Given) -> Article:
    rows = [row for one in _done(task) for row in one.get("result", ())]
    fields = {row.get("to_name") for row in rows if row.get("type") == "labels"} or {None}
    words = placed(_text(task["data"], id))
    document = ingest.document(words.text, id=id, source=source.id, language=given.language or "en")
    sheets: dict[str, tuple[Sheet, Any]] = {}
    for one in _done(task):
        sheet = Sheet(document, pseudonym(_who(one)), withheld=source.text == "withheld", guidelines=GUIDELINES)
        if len(fields) > 1:
            raise CorpusError(f"{id} has regions on several texts; a document of the corpus has one")
        draw(sheet, _standoff(one.get("result", ()), words, id))
        sheets[pseudonym(_who(one))] = sheet, sheet.layer()
    return article_of(document, sheets)


def _text(data: Mapping[str, Any], id: str) -> str:
    """The words of a task: its field text, or the only one that holds words."""
    held = [value for value in data.values() if isinstance(value, str) and len(value.split()) > 1]
    words = data.get("text", held[0] if len(held) == 1 else None)
    if not isinstance(words, str) or not words.strip():
        raise CorpusError(f"{id} has no field text, and it cannot be told which of its fields is the text")
    return words


def _standoff(rows: Any, words: Placing, id: str) -> Standoff:
    found = Standoff()
    for row in rows:
        kind, value = row.get("type"), row.get("value", {})
        if kind == "labels":
            start, end, said = value["start"], value["end"], value.get("text")
            if said is not None and _bare(said) != _bare("".join(words.text[slice(*words.place(start, end))])):
                raise CorpusError(f"region {row['id']} of {id} does not say what stands at its offsets")
            for label in value["labels"]:
                found.marks[row["id"]] = Mark(id=row["id"], kind=label, places=(words.place(start, end),))
        elif kind == "relation":
            ends = (row["to_id"], row["from_id"]) if row.get("direction") == "left" else (row["from_id"], row["to_id"])
            name = " ".join(row.get("labels") or ["relation"])
            found.bonds.append(Bond(id=f"R{len(found.bonds) + 1}", kind=name, first=ends[0], second=ends[1]))
        elif kind in ("choices", "textarea", "rating", "number"):
            held = value.get(kind if kind != "textarea" else "text")
            said = "; ".join(map(str, held)) if isinstance(held, list) else str(held)
            found.facts.append(Fact(id=str(row.get("id")), kind=str(row.get("from_name")), of=str(row.get("id")), value=said))
    return found


def _bare(words: str) -> str:
    return re.sub(r"\s+|\\n", "", words)
