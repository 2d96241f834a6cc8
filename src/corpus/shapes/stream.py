"""Where a value ends in a stream of them, and whose task it is, without the rest being read."""

import re

import msgspec
from msgspec import Struct


class Whose(Struct):
    """What a glance at the data of an exported task tells; text only where it is asked for."""

    document: str
    annotator: str
    story: str | None = None


class Glance(Struct):
    """An exported task, as far as it says whose it is."""

    data: Whose


class _Words(Struct):
    text: str


class _Worded(Struct):
    data: _Words


_RAW = msgspec.json.Decoder(msgspec.Raw)
_GLANCE, _WORDED = msgspec.json.Decoder(Glance), msgspec.json.Decoder(_Worded)
_TRAILING = re.compile(r"JSON is malformed: trailing characters \(byte (\d+)\)")
_PLACE = re.compile(r"\(byte (\d+)\)$")
_LONGEST_SIGN = 32  # bytes: a number, an escaped surrogate pair
REFUSALS = (msgspec.MsgspecError, ValueError, RecursionError)


def value_end(data: memoryview, *, last: bool = True) -> int | None:
    """Where the JSON value that the bytes begin with ends, or None where they end before it; ValueError where it is no JSON.

    Unless these are the `last` bytes, a fault at their very end may be a number or a sign that was cut in two.

    No JSON object is the beginning of another, so what ends here is the whole value.

    >>> value_end(memoryview(b'{"a": "}"}, {"b"')), value_end(memoryview(b'{"a": "}')), value_end(memoryview(b"{}"))
    (10, None, 2)
    """
    try:
        _RAW.decode(data)
    except msgspec.DecodeError as error:
        words = str(error)
        found = _TRAILING.fullmatch(words)
        place = _PLACE.search(words)
        cut = words == "Input data was truncated" or (not last and place is not None and int(place[1]) + _LONGEST_SIGN >= len(data))
        if found is None and not cut:
            raise ValueError(words.removeprefix("JSON is malformed: ")) from None
        return int(found[1]) - 1 if found else None  # it counts the byte that is one too many
    except RecursionError:
        raise ValueError("lists or objects are nested too deep") from None
    return len(data)


def glance(data: bytes) -> Whose | None:
    """Whose task this is, if it says so in the right place."""
    try:
        return _GLANCE.decode(data).data
    except REFUSALS:
        return None


def words_of(data: bytes) -> str | None:
    """The text that a task carries, if it does."""
    try:
        return _WORDED.decode(data).data.text
    except REFUSALS:
        return None


def without_blanks(data: bytes) -> bytes | None:
    """JSON without the blanks between its signs, each string as it was spelt; None where it is no JSON.

    >>> without_blanks(b'{"a b": [1.50, null]}')
    b'{"a b":[1.50,null]}'
    """
    try:
        return msgspec.json.format(data, indent=-1)
    except REFUSALS:
        return None
