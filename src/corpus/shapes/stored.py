"""Stored files as shapes: a layer or a record read and written back in one stroke.

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
from corpus.shapes.stream import REFUSALS

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


class Span(Struct, forbid_unknown_fields=True, gc=False, frozen=True):
    """A stretch: start, end, its words or None, the check. Frozen, so that equal ones of several layers are looked at once."""

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

    @property
    def place(self) -> tuple[int, int, str, str]:
        """Where it stands, as that of `model.Mention`."""
        return self.spans[0].start, self.spans[-1].end, self.label, self.id


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


_RECORD = msgspec.json.Decoder(Record)
_LAYER = msgspec.json.Decoder(Layer)
_ENCODER = msgspec.json.Encoder()
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


def is_record(value: dict[str, Any]) -> bool:
    """Whether a value has the shape of a record; UNSET stands for what is not there."""
    try:
        msgspec.convert(value, Record)
    except REFUSALS:
        return False
    return True


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
    except REFUSALS:
        return None


def _read(decoder: msgspec.json.Decoder[T], data: bytes) -> T | None:
    if len(data) > LARGEST_FILE or b"\\u0000" in data:
        return None
    try:
        read = decoder.decode(data)
        return read if spelt(read) == data else None
    except REFUSALS:
        return None
