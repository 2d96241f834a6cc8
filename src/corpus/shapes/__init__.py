"""The only door to msgspec: JSON of a known shape read several times faster than value and schema apart. Verdicts without words."""

from msgspec import UNSET

from corpus.shapes.exported import Annotation, Choice, Data, Exported, Region, Relation, Stretched, Words, exported
from corpus.shapes.stored import (
    Attribution,
    Decision,
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
    plainly_read,
    record,
    spelt,
    spelt_plainly,
)
from corpus.shapes.stream import Whose, glance, value_end, without_blanks, words_of

__all__ = [
    "UNSET",
    "Annotation",
    "Attribution",
    "Choice",
    "Data",
    "Decision",
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
    "plainly_read",
    "record",
    "spelt",
    "spelt_plainly",
    "value_end",
    "without_blanks",
    "words_of",
]
