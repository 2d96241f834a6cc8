"""spaCy's DocBin, one file: spans in span groups by label, all else of a reading in the extension `cda`. The door to spaCy.

A Doc for each reading. Tokens are cut where spans start or end, so that every span is one of spaCy's; spans of one mention share its
id. DocBins of others are read by their span groups and entities, whose sources and cues are tied to the nearest statement.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from corpus import codec, ingest, tasks, text
from corpus.formats import nearest
from corpus.formats.assembling import Places, Sheet
from corpus.formats.brat_plain import GUIDELINES, LABELS, annotator_of, article_of, source_of
from corpus.formats.converted import Article, Articles, Converted, Given, Note, document_id, pseudonym
from corpus.formats.facts import article_from_json, article_to_json, layer_of
from corpus.formats.placing import placed
from corpus.model import AnnotationSet, Label, LinkType, Source
from corpus.problems import CorpusError

EXTENSION = "cda"


def write(converted: Converted, file: Path) -> list[Note]:
    """All readings, in one file."""
    _declare()
    vocab, made = Vocab(), DocBin(store_user_data=True)
    sources = {one.id: codec.source_to_json(one) for one in converted.sources}
    whos = {one["id"]: one for one in codec.annotators_to_json(converted.annotators)["annotators"]}
    for article in converted.articles:
        for layer in article.layers or (None,):
            by = whos.get(layer.annotator) if layer else None
            made.add(doc_of(article, layer, vocab, {"source": sources.get(article.document.source), "by": by}))
    made.to_disk(file)
    return []


def _declare() -> None:
    if not Doc.has_extension(EXTENSION):
        Doc.set_extension(EXTENSION, default=None)


def doc_of(article: Article, layer: AnnotationSet | None, vocab: Vocab, told: codec.Json) -> Doc:
    """One reading as a Doc with span groups."""
    words = article.document.text or ""
    edges = {edge for one in (layer.mentions if layer else ()) for span in one.spans for edge in (span.start, span.end)}
    made = _doc(words, edges, vocab)
    groups: dict[str, list[Span]] = {}
    for one in layer.mentions if layer else ():
        for span in one.spans:
            found = made.char_span(span.start, span.end, label=one.label, span_id=one.id)
            groups.setdefault(one.label, []).extend([found] if found is not None else [])
    for label, spans in groups.items():
        made.spans[label] = spans
    made._.cda = {**article_to_json(article, layer), **told, **(_beside(layer) if layer else {})}
    return made


def _beside(layer: AnnotationSet) -> codec.Json:
    """Attributes, attributions and links, by ids."""
    plain = codec.annotations_to_json(layer)
    attributes = {one["id"]: {key: held for key, held in one.items() if key not in ("id", "label", "spans")} for one in plain["mentions"]}
    return {"attributes": attributes, "attributions": plain["attributions"], "links": plain["links"]}


def _doc(words: str, edges: Iterable[int], vocab: Vocab) -> Doc:
    """Tokens with the single blank that may follow each; other blanks are tokens of their own."""
    cuts = sorted({0, len(words), *edges, *(edge for place in text.tokens(words) for edge in place)})
    pieces = [words[start:end] for start, end in pairwise(cuts)]
    made: list[str] = []
    spaces: list[bool] = []
    for piece in pieces:
        if made and not spaces[-1] and not made[-1].isspace() and piece.startswith(" ") and piece.isspace():
            spaces[-1] = True
            piece = piece[1:]
        if piece:
            made.append(piece)
            spaces.append(False)
    return Doc(vocab, words=made, spaces=spaces)


def read(path: Path, given: Given) -> Converted:
    """The Docs of a file: ours by their extension, others by span groups and entities."""
    _declare()
    try:
        docs = list(DocBin().from_disk(path).get_docs(Vocab()))
    except (ValueError, OSError, KeyError) as error:
        raise CorpusError(f"{path} is no DocBin that can be read: {type(error).__name__}") from None
    ours = [one for one in docs if isinstance(one._.cda, dict) and "document" in one._.cda]
    if not ours:
        return _others(docs, given)
    by_document: dict[str, list[Doc]] = {}
    for one in ours:
        if given.takes(one._.cda["document"]["id"]):
            by_document.setdefault(one._.cda["document"]["id"], []).append(one)
    sources = {one["id"]: codec.source_from_json(one) for doc in ours if (one := doc._.cda["source"])}
    whos = {one["id"]: one for doc in ours if (one := doc._.cda["by"])}
    return Converted(
        sources=tuple(sources.values()),
        annotators=codec.annotators_from_json({"annotators": [*whos.values()]}),
        total=len(by_document),
        articles=Articles(_article, ((id, (held, sources)) for id, held in by_document.items())),
    )


def _article(docs: list[Doc], sources: dict[str, Source]) -> Article:
    made = [(article_from_json(one._.cda, one.text), one) for one in docs]
    document = made[0][0].document
    withheld = sources[document.source].text == "withheld" if document.source in sources else True
    layers = tuple(_layer(doc, withheld=withheld) for _, doc in made if doc._.cda["layer"] is not None)
    return Article(document=document, layers=layers, extra={who: told for one, _ in made for who, told in one.extra.items()})


def _layer(doc: Doc, *, withheld: bool) -> AnnotationSet:
    """Spans as they stand in the groups now; what lies beside of a mention that was taken out goes with it."""
    told = doc._.cda
    places: dict[str, list[tuple[int, int]]] = {}
    labels: dict[str, Label] = {}
    for label in get_args(Label):
        for span in doc.spans.get(label, ()):
            labels[span.id_] = label
            places.setdefault(span.id_, []).append((span.start_char, span.end_char))
    mentions = [(id, labels[id], sorted(held), told["attributes"].get(id, {})) for id, held in places.items()]
    attributions = [
        (one["hub"], {part: tuple(id for id in one[part] if id in places) for part in ("sources", "cues")}, _of_attribution(one))
        for one in told["attributions"]
        if one["hub"] in places
    ]
    links: list[tuple[LinkType, str, str]] = [
        (one["type"], one["from"], one["to"]) for one in told["links"] if one["from"] in places and one["to"] in places
    ]
    return layer_of(told["layer"], doc.text, mentions, attributions, links, withheld=withheld)


def _of_attribution(one: codec.Json) -> dict[str, Any]:
    return {name: one[name] for name in tasks.OF_ATTRIBUTION}


def _others(docs: list[Doc], given: Given) -> Converted:
    source = source_of(given, "docbin")
    named = [(one, id) for at, one in enumerate(docs, start=1) if given.takes(id := document_id(f"{source.id}_{at:04d}"))]
    return Converted(
        sources=(source,),
        annotators=(annotator_of("docbin", "docbin"),),
        total=len(named),
        articles=Articles(_other, ((id, (doc, id, source, given)) for doc, id in named)),
    )


def _other(doc: Doc, id: str, source: Source, given: Given) -> Article:
    words = placed(doc.text)
    document = ingest.document(words.text, id=id, source=source.id, language=given.language or doc.lang_ or "en")
    sheet = Sheet(document, pseudonym("docbin"), withheld=source.text == "withheld", guidelines=GUIDELINES)
    marks: list[tuple[Label, Places]] = []
    for name, span in _spans(doc):
        label = LABELS.get(name.lower())
        if label is None:
            sheet.note(f"span {name}, which is no label of the scheme")
        else:
            marks.append((label, (words.place(span.start_char, span.end_char),)))
    nearest.draw(sheet, marks)
    return article_of(document, {pseudonym("docbin"): (sheet, sheet.layer())})


def _spans(doc: Doc) -> Iterator[tuple[str, Span]]:
    """Every span of groups and entities, by its label or by the key of its group."""
    yield from ((span.label_, span) for span in doc.ents)
    for key, group in doc.spans.items():
        yield from ((span.label_ or key, span) for span in group)
