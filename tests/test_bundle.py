"""Exports are split task by task, in any layout and at any place where a block may end; what is no export is told with its place."""

import gzip
import io
import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import bundle, codec, tables
from corpus.problems import Problem

AWKWARD = st.text(alphabet='{}[],:"\\\n\t é😀a\x7f', max_size=12)
VALUES = st.recursive(
    AWKWARD | st.integers(-9, 9) | st.none(), lambda held: st.lists(held, max_size=3) | st.dictionaries(AWKWARD, held, max_size=3)
)
TASKS = st.lists(st.dictionaries(AWKWARD, VALUES, max_size=3), max_size=5)
LAYOUTS = {
    "compact": lambda value: orjson.dumps(value),
    "indented": lambda value: json.dumps(value, indent=2).encode(),
    "escaped": lambda value: json.dumps(value).encode(),
    "plain": lambda value: json.dumps(value, ensure_ascii=False, separators=(" ,", " : ")).encode(),
    "a line": lambda value: b"".join(orjson.dumps(one) + b"\r\n" for one in value),
}


def split(data: bytes) -> list[Any]:
    return [one if isinstance(one, Problem) else one[:2] for one in bundle.split(io.BytesIO(data), "x.json")]


@pytest.mark.parametrize("block", [1, 7, 1 << 20])
@pytest.mark.parametrize("layout", LAYOUTS)
@given(value=TASKS)
def test_each_task_is_found_whole(layout: str, block: int, value: list[Any]) -> None:
    data = LAYOUTS[layout](value)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bundle, "_BLOCK", block)
        found = split(data)
    if layout == "a line" and not value:
        assert [one.check for one in found] == ["json-is-well-formed"]
        return
    assert [json.loads(raw) for _, raw in found] == value
    assert all(data[offset : offset + len(raw)] == raw for offset, raw in found)


@pytest.mark.parametrize(
    ("data", "whole", "words"),
    [
        (b"", 0, "ends before"),
        (b"  \n", 0, "ends before"),
        (b'[{"a":1}', 1, "ends before"),
        (b'[{"a":1}, {"b', 1, "ends before"),
        (b'[{"a":1},, {"b":2}]', 1, "where a task is due"),
        (b'{"a":1} 7', 1, "where a task is due"),
        (b"[1, 2]", 0, "where a task is due"),
        (b'[{"a":1}] [', 1, "after the end"),
        (b"\xef\xbb\xbf[{}]", 0, "byte order mark"),
        (b'[{"a":}]', 0, "invalid character"),
        (b'{"a":' + b"[" * 5000, 0, "too deep"),
    ],
)
def test_what_is_no_export_is_told_with_its_place(data: bytes, whole: int, words: str) -> None:
    *tasks, fault = split(data)
    assert len(tasks) == whole
    assert isinstance(fault, Problem)
    assert fault.check == "json-is-well-formed"
    assert words in fault.message
    assert "byte" in fault.message


def test_a_task_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "LARGEST_FILE", 1000)
    (fault,) = split(b'[{"a":"' + b"x" * (3 << 20))
    assert (fault.check, fault.pointer) == ("file-is-not-huge", "/0")


@pytest.mark.parametrize(
    ("data", "check"),
    [
        (b'{"a": 1, "a": 2}', "keys-are-unique"),
        (b'{"a": NaN}', "numbers-are-finite"),
        (b'{"a": 1e999}', "numbers-are-finite"),
        (b'{"a": 18446744073709551616}', "integers-are-small"),
        (b'{"a": 9007199254740993}', "integers-are-small"),
        (b'{"a": "\\ud800"}', "no-lone-surrogate"),
        (b'{"a": "\\u0000"}', "no-nul"),
        (b'{"a": "\xff"}', "bytes-are-utf8"),
        (b'{"a": ' + b"[" * 64 + b"]" * 64 + b"}", "nesting-is-shallow"),
        (b'{"a": "]]", "b": ' + b"[" * 64 + b"]" * 64 + b"}", "nesting-is-shallow"),
        (b'{"a": ' + b"[" * 63 + b"]" * 63 + b"}", None),
        (b'{"a": 1.50, "b": "[{"}', None),
        (b'{"a": "\\u00e9"}', None),
    ],
)
def test_a_task_is_read_as_strictly_as_a_file(data: bytes, check: str | None) -> None:
    value, problems = bundle.task_in(data, "x.json", "/3")
    assert [(one.check, one.pointer) for one in problems] == ([] if check is None else [(check, "/3")])
    assert (value, [one.check for one in problems]) == (
        codec.read_json(data, "x.json")[0],
        [one.check for one in codec.read_json(data, "x")[1]],
    )


def test_compressed_files_are_unpacked_as_they_are_read() -> None:
    data = b'{"a": 1}\n' * 40_000
    assert tables.unpacked(io.BytesIO(gzip.compress(data)), "gzip").read() == data
