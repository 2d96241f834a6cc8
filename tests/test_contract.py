"""The schema is the contract: types, Arrow columns, card and labelling page say the same."""

import dataclasses
import xml.etree.ElementTree as ET
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
import pytest

from corpus import codec, schema, tasks
from corpus.judgement import Hub
from corpus.model import AnnotationSet, Annotator, Attribution, Document, Layer, Link, Mention, Released, Source, Span, Stretch
from corpus.tables import CONFIGS
from corpus.tables.columns import ATTRIBUTION, CLASS_LABELS, LINK, MADE_FROM, MENTION, SPAN, STRETCH

DEFS = schema.load("annotation")["$defs"]
TYPES = [
    (Span, DEFS["span"]),
    (Mention, DEFS["mention"]),
    (Attribution, DEFS["attribution"]),
    (Link, DEFS["link"]),
    (Layer, DEFS["layer"]),
    (AnnotationSet, schema.load("annotation")),
    (Document, schema.load("document")),
    (Stretch, schema.load("document")["properties"]["furniture"]["items"]),
    (Source, schema.load("source")),
    (Released, schema.load("released")),
    (Hub, schema.load("judgements")["$defs"]["hub"]),
    (Annotator, schema.load("annotators")["properties"]["annotators"]["items"]),
]
DERIVED = {"parent", "depth", "source_chain"}


def values(hint: Any) -> set[Any] | None:
    """The values that a type allows where it is a Literal, with None where it is optional."""
    if get_origin(hint) in (Union, UnionType):
        parts = [values(one) for one in get_args(hint)]
        return None if None in parts else set().union(*parts)
    if hint is type(None):
        return {None}
    return set(get_args(hint)) if get_origin(hint) is Literal else None


@pytest.mark.parametrize(("kind", "held"), TYPES, ids=lambda one: getattr(one, "__name__", ""))
def test_types_have_the_fields_and_values_of_the_schema(kind: type, held: dict[str, Any]) -> None:
    hints = get_type_hints(kind)
    fields = [field.name.rstrip("_") for field in dataclasses.fields(kind)]
    stored = [name for name in held["properties"] if name != "schema"]
    assert [name for name in fields if name != "text" or kind is not Document] == stored
    for field, name in zip(dataclasses.fields(kind), fields, strict=True):
        allowed = values(hints[field.name])
        if allowed is not None:
            assert allowed == set(held["properties"][name]["enum"]), name


def test_attributes_of_labels_are_those_the_schema_requires() -> None:
    validator = "annotation"
    for label, attributes in codec.ATTRIBUTES.items():
        mention = {"id": "m1", "label": label, "spans": [{"start": 0, "end": 1, "quote": None, "check": "0" * 12}]}
        layer = _layer(mention | dict.fromkeys(attributes))
        assert not schema.problems(validator, layer, "x"), label
        for missing in attributes:
            assert schema.problems(validator, _layer({key: held for key, held in layer["mentions"][0].items() if key != missing}), "x")
        for foreign in {"responsibility", "denial_scope", "source_kind", "canonical_source"} - set(attributes):
            assert schema.problems(validator, _layer(layer["mentions"][0] | {foreign: None}), "x"), (label, foreign)


@pytest.mark.parametrize(
    ("struct", "held", "derived"),
    [
        (SPAN, DEFS["span"], set()),
        (MENTION, DEFS["mention"], set()),
        (ATTRIBUTION, DEFS["attribution"], DERIVED),
        (LINK, DEFS["link"], set()),
        (MADE_FROM, DEFS["layer"], set()),
        (STRETCH, schema.load("document")["properties"]["furniture"]["items"], set()),
    ],
)
def test_arrow_structs_have_the_fields_of_the_schema(struct: pa.DataType, held: dict[str, Any], derived: set[str]) -> None:
    assert [field.name for field in struct if field.name not in derived] == list(held["properties"])


def test_class_labels_are_the_values_of_the_schema() -> None:
    found = {name: one["enum"] for part in DEFS.values() for name, one in part.get("properties", {}).items() if "enum" in one}
    found["origin"] = schema.load("annotation")["properties"]["origin"]["enum"]
    for name, enum in found.items():
        assert CLASS_LABELS[name] == tuple(value for value in enum if value is not None), name


def test_every_config_names_its_document() -> None:
    assert all(columns.names[0] == "document" for columns in CONFIGS.values())


def test_labelling_page_offers_the_scheme() -> None:
    page = ET.fromstring(schema.labelling_page())
    assert [one.get("value") for one in page.iter("Label")] == [*DEFS["mention"]["properties"]["label"]["enum"], tasks.FRAGMENT]
    assert [one.get("value") for one in page.iter("Relation")] == list(tasks.RELATIONS)
    shown = {one.get("name"): [choice.get("value") for choice in one.iter("Choice")] for one in page.iter("Choices")}
    assert shown == {name: list(values) for name, values in tasks.CHOICES.items()}
    assert [one.get("name") for one in page.iter("TextArea")] == [tasks.WORDS]
    assert {one.get("toName") for one in page.iter() if one.get("toName")} == {"text"}


def test_labelling_page_shows_attributes_where_they_apply() -> None:
    page = ET.fromstring(schema.labelling_page())
    for view in page.iter("View"):
        labels = view.get("whenLabelValue")
        for control in [*view.findall("Choices"), *view.findall("TextArea")] if labels else []:
            assert tuple(labels.split(",")) == tasks.bearers(control.get("name") or ""), control.get("name")
            assert control.get("perRegion") == "true"


def test_export_schema_knows_the_page() -> None:
    defs = schema.load("export")["$defs"]
    assert defs["relation"]["properties"]["labels"]["items"]["enum"] == list(tasks.RELATIONS)
    assert defs["choice"]["properties"]["from_name"]["enum"] == list(tasks.CHOICES)
    assert defs["words"]["properties"]["from_name"]["const"] == tasks.WORDS


def _layer(mention: dict[str, Any]) -> dict[str, Any]:
    facts = {"schema": "cda-annotation/1", "document": "toy_0001", "text_sha256": "0" * 64, "annotator": "a3f1"}
    return facts | {"origin": "by_hand", "guidelines": "0.1", "mentions": [mention], "attributions": [], "links": []}
