"""Citron's annotation format (BBC, Apache-2.0): a JSON file for each document with its text and quotes of one cue, sources and contents.

Contents are the pieces of one statement, sources are several. It holds no claims and denials apart, no attributes, and one cue in one
piece; coreference groups of sources are `same_source`. A statement without a cue has no place in it and is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus import codec, ingest
from corpus.formats.assembling import Sheet
from corpus.formats.brat_plain import GUIDELINES, annotator_of, article_of, source_of
from corpus.formats.converted import Article, Articles, Converted, Given, Note, document_id, pseudonym
from corpus.formats.facts import grouped, value_of
from corpus.formats.placing import Placing, placed
from corpus.model import AnnotationSet, Attribution, Mention, Source
from corpus.problems import CorpusError


def write(converted: Converted, folder: Path) -> list[Note]:
    """`<annotator>/<document>.json`."""
    notes: list[Note] = []
    for article in converted.articles:
        for layer in article.layers:
            place = folder / layer.annotator
            place.mkdir(exist_ok=True)
            value = to_json(layer, article.document.text or "")
            (place / f"{article.document.id}.json").write_bytes(codec.canonical(value))
            notes += _lost(layer)
        if not article.layers:
            notes.append(Note(kind="left_out", what="document that nobody has read"))
    return notes


def to_json(layer: AnnotationSet, words: str) -> codec.Json:
    """One reading."""
    known = layer.by_id()
    quotes = [_quote(one, known, words) for one in layer.attributions if one.cues]
    groups = [[_hull(known[id], words) for id in sorted(group)] for group in _groups(layer)]
    return {"text": words, "quotes": quotes, **({"coreference_groups": groups} if groups else {})}


def _quote(said: Attribution, known: Mapping[str, Mention], words: str) -> codec.Json:
    pieces = [span for id in said.sources for span in known[id].spans]
    return {
        "id": said.hub,
        "cue": _hull(known[said.cues[0]], words),
        "sources": [_span(one.start, one.end, words) for one in sorted(pieces, key=lambda one: one.start)],
        "contents": [_span(one.start, one.end, words) for one in known[said.hub].spans],
    }


def _span(start: int, end: int, words: str) -> codec.Json:
    return {"start": start, "end": end, "text": words[start:end]}


def _hull(mention: Mention, words: str) -> codec.Json:
    return _span(mention.spans[0].start, mention.spans[-1].end, words)


def _groups(layer: AnnotationSet) -> list[set[str]]:
    """Sources that are the same, by their links."""
    groups: list[set[str]] = []
    for link in layer.links:
        if link.type == "same_source":
            joined = [one for one in groups if link.from_ in one or link.to in one]
            groups = [one for one in groups if one not in joined] + [set().union({link.from_, link.to}, *joined)]
    return groups


def _lost(layer: AnnotationSet) -> Iterator[Note]:
    known = layer.by_id()
    said = [one for one in layer.attributions if one.cues]
    cued = {one.hub for one in said}
    numbers = {
        ("left_out", "statement without a cue"): sum(
            one.label in ("claim", "denial", "content") and one.id not in cued for one in layer.mentions
        ),
        ("left_out", "further cue of one statement"): sum(len(one.cues) - 1 for one in said),
        ("changed", "cue in pieces written from its first word to its last"): sum(len(known[one.cues[0]].spans) > 1 for one in said),
        ("changed", "source in pieces written as several"): sum(len(known[id].spans) > 1 for one in said for id in one.sources),
        ("changed", "claim or denial written as content"): sum(known[one.hub].label != "content" for one in said),
        ("left_out", "link that is not of sources"): sum(one.type != "same_source" for one in layer.links),
    }
    return (Note(kind=kind, what=what, number=number) for (kind, what), number in numbers.items() if number)  # type: ignore[arg-type]


def read(path: Path, given: Given) -> Converted:
    """A file or all .json files of a folder; a folder named after an annotator is theirs."""
    files = [path] if path.is_file() else sorted(path.rglob("*.json"))
    if not files:
        raise CorpusError(f"{path} holds no .json file")
    source = source_of(given, "citron")
    whos = {one: one.parent.name if path.is_dir() and one.parent != path else "citron" for one in files}
    by_document = grouped(files, given)
    return Converted(
        sources=(source,),
        annotators=tuple(annotator_of(who, "citron") for who in sorted(set(whos.values()))),
        total=len(by_document),
        articles=Articles(_article, ((id, (held, whos, source, given)) for id, held in by_document.items())),
    )


def _article(files: list[Path], whos: Mapping[Path, str], source: Source, given: Given) -> Article:
    values = {one: value_of(one) for one in files}
    whole = {str(value.get("text", "")) for value in values.values()}
    if len(whole) > 1 or not all(one.strip() for one in whole):
        raise CorpusError(f"the files named {files[0].name} hold {'several texts' if len(whole) > 1 else 'no text'}")
    words = placed(whole.pop())
    document = ingest.document(words.text, id=document_id(files[0].stem), source=source.id, language=given.language or "en")
    sheets = {}
    for file, value in values.items():
        who = pseudonym(whos[file])
        sheet = Sheet(document, who, withheld=source.text == "withheld", guidelines=GUIDELINES)
        for quote in value.get("quotes", ()):
            _draw(sheet, quote, words, file.name)
        _join(sheet, value.get("coreference_groups") or (), words, file.name)
        sheets[who] = sheet, sheet.layer()
    return article_of(document, sheets)


def _draw(sheet: Sheet, quote: Mapping[str, Any], words: Placing, name: str) -> None:
    id = str(quote["id"]) if "id" in quote else None
    hub = sheet.mention("content", (_place(one, words, name) for one in quote.get("contents", ())), id)
    if hub is None:
        return
    cue = [sheet.mention("cue", [_place(quote["cue"], words, name)])] if quote.get("cue") else []
    said = sheet.attribution(hub, [sheet.mention("source", [_place(one, words, name)]) for one in quote.get("sources", ())], cue)
    confidence = quote.get("confidence")
    sheet.keep(said, confidence=None if confidence is None else str(confidence))
    if quote.get("coreferences"):
        sheet.note("coreferences of a source", len(quote["coreferences"]))


def _place(span: Mapping[str, Any], words: Placing, name: str) -> tuple[int, int]:
    start, end = words.place(int(span["start"]), int(span["end"]))
    if "text" in span and placed(str(span["text"])).text.split() != words.text[start:end].split():
        raise CorpusError(f"a span of {name} at {span['start']}-{span['end']} does not say what stands there")
    return start, end


def _join(sheet: Sheet, groups: Iterable[list[Mapping[str, Any]]], words: Placing, name: str) -> None:
    """Members that are marked as sources; the others are what a parser found, and marks of no statement."""
    for group in groups:
        places = sorted(_place(one, words, name) for one in group)
        marked = [id for one in places if (id := sheet.known("source", (one,))) is not None]
        for id in marked[1:]:
            sheet.link("same_source", id, marked[0])
        if len(places) > len(marked):
            sheet.note("member of a coreference group that is no source", len(places) - len(marked))
