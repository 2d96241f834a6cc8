"""A task as Label Studio exports it, read in one stroke: every field that is known there, and of every row what a layer is made of.

What has other fields, or is spelt otherwise than compactly, is none: it is left to the reader that has words.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from corpus import codec, schema
from corpus.model import Label, LinkType, Origin
from corpus.shapes.stored import Guidelines, Name, Stretch
from corpus.shapes.stream import REFUSALS

_DATA: dict[str, Any] = schema.load("export")["properties"]["data"]["properties"]
_Sha256 = Annotated[str, Meta(pattern=_DATA["text_sha256"]["pattern"])]
_Made = Literal["manual", "prediction", "prediction-changed"] | UnsetType


class Stretched(Struct, gc=False):
    """Where a region stands, the words that its page showed there, its label."""

    start: int
    end: int
    labels: tuple[Label]
    text: str | UnsetType = UNSET


class Chosen(Struct, gc=False):
    """What was chosen for a region."""

    choices: tuple[str]
    start: int | UnsetType = UNSET
    end: int | UnsetType = UNSET
    text: str | UnsetType = UNSET


class Typed(Struct, gc=False):
    """What was typed for a region."""

    text: tuple[Name]
    start: int | UnsetType = UNSET
    end: int | UnsetType = UNSET


class Region(Struct, tag="labels", gc=False):
    """A stretch with its label."""

    id: str
    from_name: Literal["label"]
    to_name: Literal["text"]
    value: Stretched
    origin: _Made = UNSET


class Choice(Struct, tag="choices", gc=False):
    """An attribute of a region."""

    id: str
    from_name: Literal["quote_type", "polarity", "certainty", "responsibility", "denial_scope", "source_kind"]
    to_name: Literal["text"]
    value: Chosen
    origin: _Made = UNSET


class Words(Struct, tag="textarea", gc=False):
    """The name of a source."""

    id: str
    from_name: Literal["canonical_source"]
    to_name: Literal["text"]
    value: Typed
    origin: _Made = UNSET


class Relation(Struct, tag="relation", gc=False):
    """An arrow between two regions."""

    from_id: str
    to_id: str
    direction: Literal["right", "left", "bi"]
    labels: tuple[Literal["has_source", "has_cue"] | LinkType]
    origin: _Made = UNSET


class Data(Struct, kw_only=True):
    """What was pushed, with the facts of the article where the task has them."""

    document: Annotated[str, Meta(pattern=_DATA["document"]["pattern"], max_length=_DATA["document"]["maxLength"])]
    annotator: Annotated[str, Meta(pattern=_DATA["annotator"]["pattern"])]
    text: str
    text_sha256: _Sha256
    guidelines: Guidelines
    layer_sha256: _Sha256 | UnsetType | None = UNSET
    layer_origin: Origin | UnsetType | None = UNSET
    suggestions: str | UnsetType | None = UNSET
    facts: str | UnsetType = UNSET
    source: str | UnsetType = UNSET
    outlet: str | UnsetType | None = UNSET
    date: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    language: str | UnsetType = UNSET
    story: str | UnsetType | None = UNSET
    furniture: list[Stretch] | UnsetType = UNSET
    phenomena: list[str] | UnsetType = UNSET


class Annotation(Struct, kw_only=True):
    """What one annotator submitted."""

    result: list[Region | Choice | Words | Relation]
    was_cancelled: bool
    parent_prediction: int | UnsetType | None = UNSET
    id: Raw | UnsetType = UNSET
    completed_by: Raw | UnsetType = UNSET
    ground_truth: Raw | UnsetType = UNSET
    created_at: Raw | UnsetType = UNSET
    updated_at: Raw | UnsetType = UNSET
    draft_created_at: Raw | UnsetType = UNSET
    lead_time: Raw | UnsetType = UNSET
    prediction: Raw | UnsetType = UNSET
    result_count: Raw | UnsetType = UNSET
    unique_id: Raw | UnsetType = UNSET
    import_id: Raw | UnsetType = UNSET
    last_action: Raw | UnsetType = UNSET
    bulk_created: Raw | UnsetType = UNSET
    task: Raw | UnsetType = UNSET
    project: Raw | UnsetType = UNSET
    updated_by: Raw | UnsetType = UNSET
    parent_annotation: Raw | UnsetType = UNSET
    last_created_by: Raw | UnsetType = UNSET


class Exported(Struct, kw_only=True):
    """A task with its annotations."""

    id: int | UnsetType = UNSET
    data: Data
    annotations: list[Annotation]
    drafts: Raw | UnsetType = UNSET
    predictions: Raw | UnsetType = UNSET
    meta: Raw | UnsetType = UNSET
    created_at: Raw | UnsetType = UNSET
    updated_at: Raw | UnsetType = UNSET
    allow_skip: Raw | UnsetType = UNSET
    inner_id: Raw | UnsetType = UNSET
    total_annotations: Raw | UnsetType = UNSET
    cancelled_annotations: Raw | UnsetType = UNSET
    total_predictions: Raw | UnsetType = UNSET
    comment_count: Raw | UnsetType = UNSET
    unresolved_comment_count: Raw | UnsetType = UNSET
    last_comment_updated_at: Raw | UnsetType = UNSET
    project: Raw | UnsetType = UNSET
    updated_by: Raw | UnsetType = UNSET
    comment_authors: Raw | UnsetType = UNSET
    file_upload: Raw | UnsetType = UNSET


_TASK = msgspec.json.Decoder(Exported)
_ENCODER = msgspec.json.Encoder()
_UNREAD = [(kind, [name for name, what in kind.__annotations__.items() if what == Raw | UnsetType]) for kind in (Annotation, Exported)]


def exported(data: bytes) -> Exported | None:
    """The task in its bytes, if it is spelt compactly and hides nothing.

    Written back it has the same length: whatever a reader passes over, a key that stands twice, one that is not known, a blank, makes it
    shorter, and nothing makes it longer.

    >>> task = b'{"data":{"document":"a","annotator":"4b22","text":"x","text_sha256":"%s","guidelines":"1.1"},"annotations":[]}' % (
    ...     b"0" * 64
    ... )
    >>> exported(task) is not None, exported(task.replace(b"[]", b"[ ]")), exported(task.replace(b'"text":', b'"text":"y","text":'))
    (True, None, None)
    """
    if len(data) > codec.LARGEST_FILE or b"\\u0000" in data:
        return None
    try:
        task = _TASK.decode(data)
        whole = len(_ENCODER.encode(task)) == len(data)
    except REFUSALS:
        return None
    return task if whole and _is_sound(task) else None


def _is_sound(task: Exported) -> bool:
    """Whether what is not read hides nothing either."""
    (_, of_annotation), (_, of_task) = _UNREAD
    unread = [held for name in of_task if (held := getattr(task, name)) is not UNSET]
    unread += [held for one in task.annotations for name in of_annotation if (held := getattr(one, name)) is not UNSET]
    joined = b"[" + b",".join(map(bytes, unread)) + b"]"
    return codec.soundly_compact(joined, joined) is not None
