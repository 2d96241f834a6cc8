"""W3C Web Annotation (Recommendation of 2017) as JSON-LD: a page of annotations for each reading, beside the texts that they are about.

A mention is an annotation whose targets are its spans, each by position (code points) and by quote; an attribution and a link are
annotations about annotations. What W3C has no term for has one of ours, declared in the page, so that no JSON-LD reader drops it.
Pages of others are read where their targets are texts beside them.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from corpus import codec, tasks
from corpus.formats import web_annotation_plain
from corpus.formats.converted import Article, Articles, Converted, Given, Note, of_taken
from corpus.formats.facts import (
    COMMON,
    article_from_json,
    article_to_json,
    common_from_json,
    common_to_json,
    grouped,
    layer_of,
    value_of,
)  # fmt: skip
from corpus.formats.placing import decoded
from corpus.model import AnnotationSet, AnnotatorKind, Attribution, Label, Link, LinkType, Mention, Span

W3C = "http://www.w3.org/ns/anno.jsonld"
CONTEXT: codec.Json = {
    "@version": 1.1,
    "cda": "urn:cda:terms:",
    "record": {"@id": "cda:record", "@type": "@json"},
    "sources": {"@id": "cda:sources", "@type": "@id", "@container": "@set"},
    "cues": {"@id": "cda:cues", "@type": "@id", "@container": "@set"},
}
NEAR = 32  # code points of prefix and suffix
_TEXTS = "texts"
_UNREAD = "unread"
_AGENTS: Mapping[AnnotatorKind, str] = {"human": "Person", "model": "Software", "adjudicator": "Person"}
_TERMS = {
    name: "".join(part.capitalize() if at else part for at, part in enumerate(name.split("_"))) for name in (*tasks.CHOICES, tasks.WORDS)
}
_LINK = "linkType"
CONTEXT |= {term: f"cda:{term}" for term in (*_TERMS.values(), _LINK)}


def write(converted: Converted, folder: Path) -> list[Note]:
    """`<annotator>/<document>.jsonld` for each reading, `texts/`, and `corpus.json` with what belongs to no document."""
    (folder / COMMON).write_bytes(codec.canonical(common_to_json(converted)))
    (folder / _TEXTS).mkdir()
    agents = {one.id: _AGENTS[one.kind] for one in converted.annotators}
    for article in converted.articles:
        document = article.document
        (folder / _TEXTS / f"{document.id}.txt").write_bytes((document.text or "").encode("utf-8"))
        for layer in article.layers or (None,):
            place = folder / (layer.annotator if layer else _UNREAD)
            place.mkdir(exist_ok=True)
            agent = agents.get(layer.annotator, "Person") if layer else "Person"
            (place / f"{document.id}.jsonld").write_bytes(codec.canonical(page(article, layer, agent)))
    return []


def page(article: Article, layer: AnnotationSet | None, agent: str = "Person") -> codec.Json:
    """One reading as an AnnotationPage."""
    who = layer.annotator if layer else _UNREAD
    base = f"urn:cda:{article.document.id}:{who}"
    made = [*_annotations(layer, article.document.text or "", base, f"../{_TEXTS}/{article.document.id}.txt")] if layer else []
    creator = {"id": f"urn:cda:annotators:{who}", "type": agent}
    return {
        "@context": [W3C, CONTEXT],
        "id": base,
        "type": "AnnotationPage",
        "record": article_to_json(article, layer),
        "items": [{"id": one.pop("id"), "type": "Annotation", "creator": creator, **one} for one in made],
    }


def _annotations(layer: AnnotationSet, words: str, base: str, source: str) -> Iterator[dict[str, Any]]:
    yield from (_of_mention(one, words, base, source) for one in layer.mentions)
    yield from (_of_attribution(one, base) for one in layer.attributions)
    yield from (_of_link(one, base, at) for at, one in enumerate(layer.links, start=1))


def _of_mention(one: Mention, words: str, base: str, source: str) -> dict[str, Any]:
    targets = [{"type": "SpecificResource", "source": source, "selector": _selectors(span, words)} for span in one.spans]
    body = {"type": "TextualBody", "purpose": "classifying", "value": one.label}
    told = _told(one, codec.ATTRIBUTES[one.label])
    return {"id": f"{base}:{one.id}", "motivation": "classifying", "body": body, "target": targets, **told}


def _selectors(span: Span, words: str) -> list[codec.Json]:
    quote = {
        "type": "TextQuoteSelector",
        "exact": words[span.start : span.end],
        "prefix": words[max(0, span.start - NEAR) : span.start],
        "suffix": words[span.end : span.end + NEAR],
    }
    return [{"type": "TextPositionSelector", "start": span.start, "end": span.end}, quote]


def _of_attribution(one: Attribution, base: str) -> dict[str, Any]:
    parts = {name: [f"{base}:{id}" for id in ids] for name, ids in (("sources", one.sources), ("cues", one.cues))}
    return {
        "id": f"{base}:{one.id}:said",
        "motivation": "describing",
        "target": f"{base}:{one.hub}",
        **parts,
        **_told(one, tasks.OF_ATTRIBUTION),
    }


def _of_link(one: Link, base: str, at: int) -> dict[str, Any]:
    ends = {"body": f"{base}:{one.from_}", "target": f"{base}:{one.to}"}
    return {"id": f"{base}:link:{at}", "motivation": "linking", **ends, _LINK: one.type}


def _told(one: Any, names: Iterable[str]) -> dict[str, str]:
    return {_TERMS[name]: value for name in names if (value := getattr(one, name)) is not None}


def read(path: Path, given: Given) -> Converted:
    """Pages of ours, known by `corpus.json`, or a folder or file of others."""
    if not (path / COMMON).is_file():
        return web_annotation_plain.read(path, given)
    common = common_from_json(value_of(path / COMMON))
    files = grouped(sorted(path.glob("*/*.jsonld")), given)
    return Converted(
        sources=common.sources,
        annotators=common.annotators,
        registry=of_taken(common.registry, given),
        total=len(files),
        articles=Articles(_article, ((id, (id, held, path, common.withheld)) for id, held in files.items())),
    )


def _article(id: str, files: list[Path], root: Path, withheld: frozenset[str]) -> Article:
    words = decoded((root / _TEXTS / f"{id}.txt").read_bytes(), f"{id}.txt")
    values = [value_of(one) for one in files]
    articles = [article_from_json(value["record"], words) for value in values]
    document = articles[0].document
    layers = [_layer(value, words, withheld=document.source in withheld) for value in values if value["record"]["layer"]]
    return Article(document=document, layers=tuple(layers), extra={who: told for one in articles for who, told in one.extra.items()})


def _layer(value: codec.Json, words: str, *, withheld: bool) -> AnnotationSet:
    base = f"{value['id']}:"
    by_motivation: dict[str, list[codec.Json]] = {"classifying": [], "describing": [], "linking": []}
    for one in value["items"]:
        by_motivation[one["motivation"]].append(one)

    def name(iri: str) -> str:
        return iri.removeprefix(base)

    mentions = [
        (name(one["id"]), _label(one), _places(one, words), _values(one, codec.ATTRIBUTES[_label(one)]))
        for one in by_motivation["classifying"]
    ]
    attributions = [
        (name(one["target"]), {part: tuple(map(name, one[part])) for part in ("sources", "cues")}, _values(one, tasks.OF_ATTRIBUTION))
        for one in by_motivation["describing"]
    ]
    links: list[tuple[LinkType, str, str]] = [(one[_LINK], name(one["body"]), name(one["target"])) for one in by_motivation["linking"]]
    return layer_of(value["record"]["layer"], words, mentions, attributions, links, withheld=withheld)


def _label(one: codec.Json) -> Label:
    return next(label for label in get_args(Label) if label == one["body"]["value"])


def _places(one: codec.Json, words: str) -> list[tuple[int, int]]:
    return [web_annotation_plain.place(target["selector"], words, one["id"]) for target in one["target"]]


def _values(one: codec.Json, names: Iterable[str]) -> dict[str, Any]:
    return {name: one.get(_TERMS[name]) for name in names}
