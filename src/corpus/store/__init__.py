"""The only door to the folders raw/ and annotations/: reads them whole, or writes one file at a time, whole or not at all."""

from corpus.store.form import canonical_bytes, stored_files
from corpus.store.places import (
    ANNOTATORS,
    ASSIGNMENTS,
    CLAIMS,
    GUIDELINES,
    JUDGEMENTS,
    RELEASED,
    WITHDRAWN,
    claim_path,
    judgements_path,
    layer_path,
    record_path,
    source_path,
    text_path,
)
from corpus.store.reading import Stored, Unit, contents, find_root, read, read_layer, units, with_text
from corpus.store.words import number_without_text, passed_on, texts
from corpus.store.writing import remove, shape_problems, withdraw, write, write_document, write_judgements, write_layer

__all__ = [
    "ANNOTATORS",
    "ASSIGNMENTS",
    "CLAIMS",
    "GUIDELINES",
    "JUDGEMENTS",
    "RELEASED",
    "WITHDRAWN",
    "Stored",
    "Unit",
    "canonical_bytes",
    "claim_path",
    "contents",
    "find_root",
    "judgements_path",
    "layer_path",
    "number_without_text",
    "passed_on",
    "read",
    "read_layer",
    "record_path",
    "remove",
    "shape_problems",
    "source_path",
    "stored_files",
    "text_path",
    "texts",
    "units",
    "with_text",
    "withdraw",
    "write",
    "write_document",
    "write_judgements",
    "write_layer",
]
