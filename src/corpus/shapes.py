"""The only door to msgspec: a stored layer read and written back in one stroke, several times faster than value and schema apart; and
where a task ends in a stream of them, and whose it is, without the rest being read.

These shapes give a verdict and no words. Their values and patterns are those of `model` and of annotation.schema.json, and tests hold
them to the schema's verdict.
"""

import re
from collections.abc import Collection
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET as UNSET
from msgspec import Meta, Struct, UnsetType

from corpus import schema
from corpus.codec import LARGEST_FILE
from corpus.model import About, Certainty, DenialScope, Label, LinkType, Origin, Phenomenon, Polarity, QuoteType, Responsibility, SourceKind

T = TypeVar("T", bound=Struct)
U = TypeVar("U")

_DEFS: dict[str, Any] = schema.load("annotation")["$defs"]
_PROPERTIES: dict[str, Any] = schema.load("annotation")["properties"]
_OF_RECORD: dict[str, Any] = schema.load("document")["properties"]


def _words(rule: dict[str, Any]) -> Meta:
    return Meta(pattern=rule["pattern"], min_length=rule.get("minLength"), max_length=rule.get("maxLength"))


Name = Annotated[str, _words(_DEFS["mention"]["properties"]["canonical_source"])]
Guidelines = Annotated[str, _words(_PROPERTIES["guidelines"])]
MOST_OF_AN_ID: int = _DEFS["mention_id"]["maxLength"]


class Span(Struct, forbid_unknown_fields=True, gc=False):
    """A stretch: start, end, its words or None, the check."""

    start: int
    end: int
    quote: str | None
    check: str


class Mention(Struct, forbid_unknown_fields=True, gc=False):
    """A mention with the attributes of its label; the others are UNSET."""

    id: str
    label: Label
    spans: Annotated[list[Span], Meta(min_length=1)]
    responsibility: Responsibility | UnsetType | None = UNSET
    denial_scope: DenialScope | UnsetType | None = UNSET
    source_kind: SourceKind | UnsetType | None = UNSET
    canonical_source: Name | UnsetType | None = UNSET


class Attribution(Struct, forbid_unknown_fields=True, gc=False):
    """A hub with its sources and cues."""

    id: str
    hub: str
    sources: list[str]
    cues: list[str]
    quote_type: QuoteType | None
    polarity: Polarity | None
    certainty: Certainty | None


class Link(Struct, forbid_unknown_fields=True, gc=False):
    """A relation of two mentions."""

    type: LinkType
    from_: str = msgspec.field(name="from")
    to: str = msgspec.field(name="to")


class MadeFrom(Struct, forbid_unknown_fields=True, gc=False):
    """A layer that gold was made from."""

    annotator: str
    sha256: str


class Decision(Struct, forbid_unknown_fields=True, gc=False):
    """A difference that gold settles, and by which rule."""

    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=1)]
    about: About
    rule: Annotated[str, _words(_PROPERTIES["decisions"]["items"]["properties"]["rule"])]


class Layer(Struct, forbid_unknown_fields=True, kw_only=True):
    """A whole annotation file."""

    schema: Literal["cda-annotation/1"]
    document: str
    text_sha256: str
    annotator: str
    origin: Origin
    guidelines: Guidelines
    made_from: Annotated[list[MadeFrom], Meta(min_length=1)] | UnsetType = UNSET
    decisions: list[Decision] | UnsetType = UNSET
    mentions: list[Mention]
    attributions: list[Attribution]
    links: list[Link]


class Stretch(Struct, forbid_unknown_fields=True, gc=False):
    """A stretch of page furniture."""

    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=1)]


class Record(Struct, forbid_unknown_fields=True, kw_only=True):
    """The record of an article."""

    schema: Literal["cda-document/1"]
    id: Annotated[str, _words(_OF_RECORD["id"])]
    source: Annotated[str, _words(_OF_RECORD["source"])]
    outlet: Annotated[str, Meta(min_length=1, max_length=_OF_RECORD["outlet"]["maxLength"])] | None
    date: Annotated[str, _words(_OF_RECORD["date"])] | None
    url: Annotated[str, _words(_OF_RECORD["url"])] | None
    language: Annotated[str, _words(_OF_RECORD["language"])]
    story: Annotated[str, _words(_OF_RECORD["story"])] | None
    text_sha256: Annotated[str, _words(_OF_RECORD["text_sha256"])]
    length: Annotated[int, Meta(ge=1)]
    furniture: list[Stretch]
    phenomena: Annotated[list[Phenomenon], Meta(min_length=1)] | UnsetType = UNSET


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
_RECORD = msgspec.json.Decoder(Record)
_LAYER = msgspec.json.Decoder(Layer)
_ENCODER = msgspec.json.Encoder()
_REFUSALS = (msgspec.MsgspecError, ValueError, RecursionError)
_IDS = re.compile(r"[A-Za-z0-9_-]+(?:\n[A-Za-z0-9_-]+)*")


def layer(data: bytes) -> Layer | None:
    """The layer of a file that is spelt in canonical form; what is written back to other bytes hid something.

    Ids are left to `are_ids`, and the form of checks to whoever compares them.
    """
    return _read(_LAYER, data)


def record(data: bytes) -> Record | None:
    """The record of a file that is spelt in canonical form."""
    return _read(_RECORD, data)


def spelt(read: Struct) -> bytes:
    """In canonical form; nothing is sorted."""
    return msgspec.json.format(_ENCODER.encode(read), indent=2) + b"\n"


def are_ids(names: Collection[str]) -> bool:
    """Whether all have the form of a mention's id: asked of all at once, which is much faster than one by one.

    >>> are_ids(["m1", "m-2"]), are_ids(["m1", "m.2"]), are_ids([])
    (True, False, True)
    """
    joined = "\n".join(names)
    return not names or (
        max(map(len, names)) <= MOST_OF_AN_ID and joined.count("\n") == len(names) - 1 and _IDS.fullmatch(joined) is not None
    )


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
    except _REFUSALS:
        return None


def words_of(data: bytes) -> str | None:
    """The text that a task carries, if it does."""
    try:
        return _WORDED.decode(data).data.text
    except _REFUSALS:
        return None


def without_blanks(data: bytes) -> bytes | None:
    """JSON without the blanks between its signs, each string as it was spelt; None where it is no JSON.

    >>> without_blanks(b'{"a b": [1.50, null]}')
    b'{"a b":[1.50,null]}'
    """
    try:
        return msgspec.json.format(data, indent=-1)
    except _REFUSALS:
        return None


def spelt_plainly(value: object) -> bytes:
    """A value of plain types and dataclasses as JSON, for `plainly_read`."""
    return msgspec.json.encode(value)


def plainly_read(data: bytes, kind: type[U]) -> U | None:
    """A value of a type from what `spelt_plainly` wrote; None where it is no such value.

    >>> plainly_read(b'[["a",1]]', list[tuple[str, int]]), plainly_read(b'[["a"]]', list[tuple[str, int]])
    ([('a', 1)], None)
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except _REFUSALS:
        return None


def _read(decoder: msgspec.json.Decoder[T], data: bytes) -> T | None:
    if len(data) > LARGEST_FILE or b"\\u0000" in data:
        return None
    try:
        read = decoder.decode(data)
        return read if spelt(read) == data else None
    except _REFUSALS:
        return None
