"""JSON in and out: a strict reader that never raises, a writer with one spelling, and types that survive both."""

import json
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import codec
from corpus.model import Holdings
from tests.conftest import TOY
from tests.test_text import awkward

REFUSED = {
    b"\xef\xbb\xbf{}": "bytes-are-utf8",
    "{}".encode("utf-16"): "bytes-are-utf8",
    b'{"a": "\xff"}': "bytes-are-utf8",
    b'{"a": "\xed\xa0\x80"}': "bytes-are-utf8",
    b"": "file-is-not-empty",
    b" \n": "file-is-not-empty",
    b'{"a": "\x00"}': "no-nul",
    rb'{"a": "\u0000"}': "no-nul",
    rb'{"a": "\ud800"}': "no-lone-surrogate",
    rb'{"\udfff": 1}': "no-lone-surrogate",
    b'{"a": 1, "a": 1}': "keys-are-unique",
    b'{"a": NaN}': "numbers-are-finite",
    b'{"a": -Infinity}': "numbers-are-finite",
    b'{"a": 1e999}': "numbers-are-finite",
    b'{"a": 18446744073709551616}': "integers-are-small",
    b"[" + b"9" * 5000 + b"]": "integers-are-small",
    b"[" * 100_000: "nesting-is-shallow",
    b'{"a":' * 50_000: "nesting-is-shallow",
    b'{"a": 1,}': "json-is-well-formed",
    b'{"a": 1': "json-is-well-formed",
    b"{} {}": "json-is-well-formed",
    b"\x1f\x8b\x08": "bytes-are-utf8",
}


@pytest.mark.parametrize(("data", "check"), REFUSED.items(), ids=lambda one: repr(one)[:40])
def test_reader_refuses_what_readers_disagree_on(data: bytes, check: str) -> None:
    value, problems = codec.read_json(data, "x.json")
    assert value is None
    assert [(problem.where, problem.check) for problem in problems] == [("x.json", check)]


def test_reader_refuses_a_huge_file() -> None:
    assert codec.read_json(b" " * (codec.LARGEST_FILE + 1), "x.json")[1][0].check == "file-is-not-huge"


@given(st.binary(max_size=60))
def test_reader_never_raises(data: bytes) -> None:
    value, problems = codec.read_json(data, "x.json")
    assert value is None or not problems


@given(
    st.recursive(st.none() | st.booleans() | st.integers(-999, 999) | awkward, lambda held: st.lists(held) | st.dictionaries(awkward, held))
)
def test_what_is_written_is_read_back(value: object) -> None:
    data = codec.canonical(value)
    assert codec.read_json(data, "x.json") == (value, [])
    assert codec.canonical(codec.read_json(data, "x.json")[0]) == data


def test_stored_files_are_canonical_and_survive_the_types(toy_holdings: Holdings) -> None:
    for where, layer in toy_holdings.layers.items():
        assert codec.canonical(codec.annotations_to_json(layer)) == (TOY / where).read_bytes()
    for document in toy_holdings.documents.values():
        assert codec.document_from_json(json.loads(codec.canonical(codec.document_to_json(document)))) == document
    for source in toy_holdings.sources.values():
        assert codec.source_from_json(codec.source_to_json(source)) == source


@given(seed=st.integers(0, 1000))
def test_order_of_parts_does_not_matter(toy_holdings: Holdings, seed: int) -> None:
    random = Random(seed)  # noqa: S311
    for layer in toy_holdings.layers.values():
        parts = {
            name: tuple(random.sample(getattr(layer, name), len(getattr(layer, name)))) for name in ("mentions", "attributions", "links")
        }
        assert codec.annotations_to_json(replace(layer, **parts)) == codec.annotations_to_json(layer)


def test_what_names_an_unknown_mention_is_kept() -> None:
    layer = codec.annotations_from_json(json.loads((TOY / "annotations/toy_0001/a3f1.json").read_text(encoding="utf-8")))
    lost = replace(layer.links[0], to="nobody")
    assert set(codec.in_order(replace(layer, links=(lost, *layer.links))).links) == {lost, *layer.links}
