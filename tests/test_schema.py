"""The schemas themselves, and the two validators: the same verdict on everything."""

import json
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from corpus import schema
from tests.conftest import TOY

LAYER = json.loads((TOY / "annotations/toy_0003/a3f1.json").read_text(encoding="utf-8"))
RECORD = json.loads((TOY / "raw/toy/toy_0001.json").read_text(encoding="utf-8"))
SOURCE = json.loads((TOY / "raw/toy/source.json").read_text(encoding="utf-8"))
ANNOTATORS = json.loads((TOY / "annotations/annotators.json").read_text(encoding="utf-8"))
VALUES: dict[schema.Kind, Any] = {"annotation": LAYER, "document": RECORD, "source": SOURCE, "annotators": ANNOTATORS}
JUNK = [None, True, 0, -1, 1.0, 1.5, 10**20, "", "x", "m1\n", "lee_0001\n", "../x", [], {}, ["x"], {"id": "x"}, "2026-11-16", "0" * 64]


@pytest.mark.parametrize("kind", schema.KINDS)
def test_schemas_are_schemas(kind: schema.Kind) -> None:
    Draft202012Validator.check_schema(schema.load(kind))


@pytest.mark.parametrize("kind", VALUES)
def test_sound_files_hold(kind: schema.Kind) -> None:
    assert schema.problems(kind, VALUES[kind], "x.json") == []


@given(st.sampled_from(sorted(VALUES)), st.integers(0, 10**6))
def test_both_validators_give_one_verdict(kind: schema.Kind, seed: int) -> None:
    value = damaged(VALUES[kind], Random(seed))  # noqa: S311
    fast = jsonschema_rs.validator_for(schema.load(kind)).is_valid(value)
    assert fast == Draft202012Validator(schema.load(kind)).is_valid(value)
    assert fast or schema.problems(kind, value, "x.json"), "a verdict without words"


def damaged(value: Any, random: Random) -> Any:
    """A copy with one place replaced, removed or added to."""
    copy = json.loads(json.dumps(value))
    holder = random.choice([one for one in _holders(copy) if one])
    step = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    kind = random.choice(["replace", "remove", "add"])
    if kind == "remove":
        del holder[step]
    elif kind == "add" and isinstance(holder, dict):
        holder["unheard_of"] = random.choice(JUNK)
    else:
        holder[step] = random.choice(JUNK)
    return copy


def _holders(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ([value] if isinstance(value, dict | list) else []) + [one for held in inner for one in _holders(held)]


@pytest.mark.parametrize(
    ("path", "value", "pointer"),
    [
        (["mentions", 0, "spans", 0, "start"], 1.0, "/mentions/0/spans/0/start"),
        (["mentions", 0, "spans", 0, "start"], "1", "/mentions/0/spans/0/start"),
        (["mentions", 1, "label"], "cliam", "/mentions/1/label"),
        (["document"], "toy_0003\n", "/document"),
        (["annotator"], "a3f1\n", "/annotator"),
        (["document"], "../../etc/passwd", "/document"),
        (["mentions", 0, "denial_scope"], None, "/mentions/0/denial_scope"),
        (["guidelines"], 0.1, "/guidelines"),
    ],
)
def test_fault_is_told_with_its_place(path: list[Any], value: Any, pointer: str) -> None:
    layer = json.loads(json.dumps(LAYER))
    holder = layer
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    assert pointer in {problem.pointer for problem in schema.problems("annotation", layer, "x.json")}


def test_a_file_of_no_kind_is_told() -> None:
    assert schema.kind_of({"schema": "cda-annotation/1"}) == "annotation"
    assert [schema.kind_of(one) for one in ({"schema": "other/1"}, {}, [], None, {"schema": 3})] == [None] * 5
