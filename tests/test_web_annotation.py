"""Web Annotations expand against the W3C context with nothing dropped, and others' are found by position or quote."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from pyld import jsonld

from corpus.formats import reader, web_annotation
from corpus.formats.converted import Article, Given
from corpus.problems import CorpusError
from tests.strategies import Case, cases

OA, AS = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/activitystreams#"
# The terms of http://www.w3.org/ns/anno.jsonld that are used here, as that context defines them.
TERMS: dict[str, Any] = {
    "oa": OA, "as": AS, "dcterms": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "id": {"@type": "@id", "@id": "@id"}, "type": {"@type": "@id", "@id": "@type"},
    "Person": "foaf:Person", "Software": "as:Application", "AnnotationPage": "as:OrderedCollectionPage",
    "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"}, "purpose": {"@type": "@vocab", "@id": "oa:hasPurpose"},
    "body": {"@type": "@id", "@id": "oa:hasBody"}, "target": {"@type": "@id", "@id": "oa:hasTarget"},
    "source": {"@type": "@id", "@id": "oa:hasSource"}, "selector": {"@type": "@id", "@id": "oa:hasSelector"},
    "creator": {"@type": "@id", "@id": "dcterms:creator"}, "items": {"@type": "@id", "@id": "as:items", "@container": "@list"},
    "value": "rdf:value",
    **{name: f"oa:{name}" for name in ("start", "end", "exact", "prefix", "suffix")},
    **{name: f"oa:{name}" for name in ("classifying", "describing", "linking", "Annotation", "TextualBody", "SpecificResource")},
    **{name: f"oa:{name}" for name in ("TextQuoteSelector", "TextPositionSelector")},
}  # fmt: skip
TEXT = "Ebb and flood. The dam is safe, Orla Penk said. The dam is safe, said nobody."


def without_network(url: str, options: Any) -> dict[str, Any]:
    assert url == web_annotation.W3C
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": {"@context": TERMS}}


@settings(max_examples=20)
@given(cases())
def test_every_term_is_of_the_context(case: Case) -> None:
    """In mode strict, pyld refuses a page with a key that no context defines."""
    page = json.loads(json.dumps(web_annotation.page(Article(document=case.document, layers=(case.layer,)), case.layer)))
    (expanded,) = jsonld.expand(page, {"documentLoader": without_network, "base": "file:///here/"})
    assert expanded["@type"] == [f"{AS}OrderedCollectionPage"]
    items = expanded[f"{AS}items"][0]["@list"]
    assert len(items) == len(case.layer.mentions) + len(case.layer.attributions) + len(case.layer.links)
    for one, mention in zip(items, case.layer.mentions, strict=False):
        assert one["@type"] == [f"{OA}Annotation"]
        assert len(one[f"{OA}hasTarget"]) == len(mention.spans)
        for target, span in zip(one[f"{OA}hasTarget"], mention.spans, strict=True):
            position, quote = target[f"{OA}hasSelector"]
            assert position[f"{OA}start"] == [{"@value": span.start}]
            assert quote[f"{OA}exact"] == [{"@value": (case.document.text or "")[span.start : span.end]}]
    assert _keys(page) <= {*TERMS, *web_annotation.CONTEXT, "@context"}


def _keys(value: Any) -> set[str]:
    if isinstance(value, list):
        return {key for one in value for key in _keys(one)}
    if isinstance(value, dict):
        return {key for name, one in value.items() for key in ({name} | (set() if name in ("record", "@context") else _keys(one)))}
    return set()


def annotation(id: str, tag: str, *selectors: dict[str, Any]) -> dict[str, Any]:
    target = {"source": "http://example.org/texts/the%20dam.txt", "selector": list(selectors)}
    body = [{"type": "TextualBody", "purpose": "tagging", "value": tag}, {"type": "TextualBody", "purpose": "commenting", "value": "hm"}]
    return {
        "@context": web_annotation.W3C,
        "id": f"urn:x:{id}",
        "type": "Annotation",
        "body": body,
        "target": target,
        "creator": "urn:x:me",
    }


def quote(exact: str, prefix: str = "", suffix: str = "") -> dict[str, Any]:
    return {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}


def others(folder: Path, *annotations: dict[str, Any]) -> Article:
    (folder / "the dam.txt").write_text(TEXT, encoding="utf-8")
    page = {"@context": web_annotation.W3C, "type": "AnnotationPage", "items": annotations}
    (folder / "page.json").write_text(json.dumps(page), encoding="utf-8")
    (article,) = reader("web-annotation")(folder, Given(source="mine", licence="CC-BY-4.0")).articles
    return article


def test_pages_of_others(tmp_path: Path) -> None:
    position = {"type": "TextPositionSelector", "start": 15, "end": 30}
    link = {"type": "Annotation", "motivation": "linking", "body": "urn:x:1", "target": "urn:x:2"}
    article = others(
        tmp_path, annotation("1", "Quote", position, quote("The dam is safe")), annotation("2", "Speaker", quote("Orla Penk")),
        annotation("3", "Cue", quote("said", prefix="Penk ")), link, link | {"target": "urn:x:3"},
    )  # fmt: skip
    (layer,) = article.layers
    assert [(one.label, one.spans[0].start, one.spans[0].quote) for one in layer.mentions] == [
        ("content", 15, "The dam is safe"), ("source", 32, "Orla Penk"), ("cue", 42, "said"),
    ]  # fmt: skip
    assert [(one.hub, one.sources, one.cues) for one in layer.attributions] == [("T1", ("T2",), ("T3",))]
    assert article.extra[layer.annotator]["T1"] == {"commenting": "hm"}


@pytest.mark.parametrize(
    ("selector", "said"),
    [
        (quote("The dam is safe"), "stands at several places"),
        (quote("The dam is gone"), "stands nowhere"),
        ({"type": "XPathSelector", "value": "/p"}, "neither by position nor by quote"),
    ],
)
def test_what_cannot_be_placed_is_refused(tmp_path: Path, selector: dict[str, Any], said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        others(tmp_path, annotation("1", "Quote", selector))


def test_a_quote_must_confirm_its_position(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not quote what stands at 0-3"):
        others(tmp_path, annotation("1", "Quote", {"type": "TextPositionSelector", "start": 0, "end": 3}, quote("The")))
