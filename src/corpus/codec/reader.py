"""JSON text itself: one strict reader, one canonical writer. Knows no path and no type of the corpus.

A fault is a Problem with a check id of the level "bytes", never an exception.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import orjson

from corpus.problems import Problem

Json = dict[str, Any]

LARGEST_FILE = 4 * 1024 * 1024
LARGEST_INTEGER = 2**53 - 1  # beyond it other JSON readers round
DEEPEST = 64  # lists and objects within each other, an export has eight; json's own limit differs between versions of Python

_DEEP_INDENT = b"\n" + b" " * (2 * DEEPEST)
_TOO_DEEP = f"lists or objects are nested more than {DEEPEST} deep"
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_LINE = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_PASSTHROUGH_DATACLASS
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # an escape, not an escaped backslash before u0000


class _Refused(ValueError):
    """A value that JSON readers disagree on; carries the check id and the message."""

    def __init__(self, check: str, message: str) -> None:
        super().__init__(message)
        self.check = check


def read_text(data: bytes, where: str, *, largest: int | None = LARGEST_FILE) -> tuple[str | None, list[Problem]]:
    """Decode strictly: UTF-8 without a byte order mark, without NUL, not empty, not huge."""
    try:
        return _strict_text(data, largest), []
    except _Refused as refused:
        return None, [Problem(where=where, pointer="", check=refused.check, message=str(refused))]


def read_json(data: bytes, where: str, *, largest: int | None = LARGEST_FILE) -> tuple[Any, list[Problem]]:
    """Parse strictly. The value is None when there are problems.

    >>> read_json(b'{"a": 1, "a": 2}', "x.json")[1][0].check
    'keys-are-unique'
    """
    value = plainly_sound(data) if largest is None or len(data) <= largest else None
    if value is not None:
        return value, []
    try:
        return _strict_json(_strict_text(data, largest)), []
    except _Refused as refused:
        return None, [Problem(where=where, pointer="", check=refused.check, message=str(refused))]


def read_answer(data: bytes, where: str) -> tuple[Any, list[Problem]]:
    """Parse what a program wrote from values it held, which so has no key twice; what a hand may have touched is for `read_json`."""
    if b"\\u0000" not in data and b"\0" not in data:
        try:
            return orjson.loads(data), []
        except ValueError:
            pass  # the strict reader has the words
    return read_json(data, where, largest=None)


def canonical(value: object) -> bytes:
    """The one spelling of a value: UTF-8, two-space indent, LF, one final newline; keys in the order given."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_STRICT_INTEGER)


def compact(value: object) -> bytes:
    """A value in the fewest bytes, for hashing and searching."""
    return orjson.dumps(value)


def sorted_line(value: object, stands: Callable[[Any], Any] | None = None) -> bytes:
    r"""A value on a line of its own, compact, keys sorted: what a content digest is reckoned over.

    >>> sorted_line({"b": "é\x7f\x1f", "a": None})
    b'{"a":null,"b":"\xc3\xa9\x7f\\u001f"}\n'

    Arrays of numbers stand for lists; `stands` gives what stands for a value that is none of JSON's own.
    """
    return orjson.dumps(value, stands, _LINE)


def spelt_once(value: object) -> Any:
    r"""A value for `sorted_line` that is spelt once, however often it stands in lines.

    >>> name = spelt_once({"b": 1, "a": 2})
    >>> sorted_line([name, name])
    b'[{"a":2,"b":1},{"a":2,"b":1}]\n'
    """
    return orjson.Fragment(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))


def spelt_before(data: bytes) -> Any:
    """A value for `sorted_line` that is its own spelling: compact JSON."""
    return orjson.Fragment(data)


def plainly(value: object, stands: Callable[[Any], Any]) -> Any:
    """A value with plain values for what `sorted_line` takes beside them."""
    return orjson.loads(sorted_line(value, stands))


def plainly_sound(data: bytes) -> Any:
    """The fast path: what orjson reads and writes back to the same bytes holds no key twice and no number that readers round.

    Anything that could still hide a fault (an escaped NUL, deep indents, great size) goes the slow way; None then.
    """
    if len(data) > LARGEST_FILE or b"\\u0000" in data or _DEEP_INDENT in data:
        return None
    try:
        value = orjson.loads(data)
        return value if canonical(value) == data else None
    except (ValueError, TypeError):
        return None


def soundly_compact(data: bytes, bare: bytes) -> Any:
    """The same fast path for JSON in any layout; `bare` is `data` without the blanks between its signs.

    >>> soundly_compact(b'{"a": [1]}', b'{"a":[1]}'), soundly_compact(b'{"a": 1, "a": 2}', b'{"a":1,"a":2}')
    ({'a': [1]}, None)
    """
    if len(data) > LARGEST_FILE or b"\\u0000" in data or not _plainly_shallow(bare):
        return None
    try:
        value = orjson.loads(bare)
        return value if orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER) == bare else None
    except (ValueError, TypeError):
        return None


def _plainly_shallow(bare: bytes) -> bool:
    """Brackets alone, peeled pair by pair from within; odd brackets inside strings only cost the slow way."""
    brackets = bare.translate(None, _NO_BRACKETS)
    for _ in range(DEEPEST):
        if not brackets:
            return True
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
    return not brackets


def _strict_text(data: bytes, largest: int | None) -> str:
    if largest is not None and len(data) > largest:
        raise _Refused("file-is-not-huge", f"{len(data):,} bytes; at most {largest:,} are read")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _Refused("bytes-are-utf8", "the file starts with a byte order mark; save it as plain UTF-8")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _Refused("bytes-are-utf8", f"byte {error.start} is not UTF-8 ({error.reason})") from None
    if "\0" in text:
        raise _Refused("no-nul", f"character {text.index(chr(0))} is NUL")
    if not text.strip():
        raise _Refused("file-is-not-empty", "the file is empty")
    return text


def _strict_json(text: str) -> Any:
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_bounded, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise _Refused("json-is-well-formed", f"line {error.lineno} column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise _Refused("nesting-is-shallow", _TOO_DEEP) from None
    _shallow(value)
    _no_surrogates(text, value)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    value = dict(pairs)
    if len(value) < len(pairs):
        twice = next(key for key, number in Counter(key for key, _ in pairs).items() if number > 1)
        raise _Refused("keys-are-unique", f"the key {twice!r} stands twice in one object")
    return value


def _no_constant(name: str) -> float:
    raise _Refused("numbers-are-finite", f"{name} is not a JSON number")


def _finite(digits: str) -> float:
    value = float(digits)
    return value if abs(value) < float("inf") else _no_constant(digits)


def _bounded(digits: str) -> int:
    # Long digits first: Python itself refuses to read more than 4,300 of them.
    if len(digits) > 20 or abs(int(digits)) > LARGEST_INTEGER:
        raise _Refused("integers-are-small", f"an integer of {len(digits)} digits")
    return int(digits)


def _shallow(value: Any) -> None:
    """Level by level, for whatever walks the value later does so by recursion."""
    level, depth = [value], 0
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        if depth > DEEPEST:
            raise _Refused("nesting-is-shallow", _TOO_DEEP)
        level = [held for one in level for held in (one.values() if isinstance(one, dict) else one)]


def _no_surrogates(text: str, value: Any) -> None:
    r"""A lone surrogate can only come from an escape `\ud800`, for the bytes were strict UTF-8."""
    if "\\u" not in text:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise _Refused("no-lone-surrogate", "a string holds half of a surrogate pair") from None
    if _NUL.search(text):
        raise _Refused("no-nul", "a string holds NUL")
