"""The only door to msgspec: JSON of a known shape read several times faster than value and schema apart. Verdicts without words."""

from msgspec import UNSET

from corpus.shapes.exported import Annotation, Choice, Data, Exported, Region, Relation, Stretched, Words, exported
from corpus.shapes.stored import (
    Attribution,
    Layer,
    Link,
    MadeFrom,
    Mention,
    Record,
    Span,
    Stretch,
    are_ids,
    is_record,
    layer,
    record,
    spelt,
)
from corpus.shapes.stream import Whose, glance, value_end, without_blanks, words_of

__all__ = [
    "UNSET",
    "Annotation",
    "Attribution",
    "Choice",
    "Data",
    "Exported",
    "Layer",
    "Link",
    "MadeFrom",
    "Mention",
    "Record",
    "Region",
    "Relation",
    "Span",
    "Stretch",
    "Stretched",
    "Whose",
    "Words",
    "are_ids",
    "exported",
    "glance",
    "is_record",
    "layer",
    "record",
    "spelt",
    "value_end",
    "without_blanks",
    "words_of",
]
