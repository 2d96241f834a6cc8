"""Line and column of a pointer, as an editor counts them."""

import json

from corpus.locate import located
from corpus.problems import Problem


def at(data: bytes, pointer: str) -> tuple[int | None, int | None]:
    problem = Problem(where="x.json", pointer=pointer, check="matches-schema", message="wrong")
    found = next(located([problem], data))
    return found.line, found.column


def test_every_value_of_a_file_is_found() -> None:
    lines = ["{", '  "é😀": [', "    1,", '    {"b": null}', "  ]", "}"]
    data = "\n".join(lines).encode()
    assert json.loads(data)
    assert at(data, "") == (1, 1)
    assert at(data, "/é😀/0") == (3, 5)
    assert at(data, "/é😀/1/b") == (4, 11)


def test_what_is_missing_is_told_at_what_should_hold_it() -> None:
    assert at(b'{"a": {\n"b": 1}}', "/a/missing") == (1, 7)


def test_what_is_no_json_has_no_lines() -> None:
    for data in (b"", b"{", b"\xff", b"[" * 100_000, b"{" * 5):
        assert at(data, "/a") == (None, None)
