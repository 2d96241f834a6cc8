"""Writes one file at a time, whole or not at all."""

import os
import tempfile
from pathlib import Path

from corpus import codec, schema
from corpus.model import AnnotationSet, Document
from corpus.problems import Problem
from corpus.store.places import layer_path, record_path, text_path


def write_layer(root: Path, layer: AnnotationSet) -> bool:
    """Store a layer in canonical form; whether the file changed."""
    return write(root / layer_path(layer.document, layer.annotator), codec.canonical(codec.annotations_to_json(layer)))


def write_document(root: Path, document: Document) -> bool:
    """Store the record of an article and, where it is at hand, its text; whether anything changed. Text goes first."""
    changed = document.text is not None and write(root / text_path(document), document.text.encode("utf-8"))
    return write(root / record_path(document), codec.canonical(codec.document_to_json(document))) or changed


def write(path: Path, data: bytes) -> bool:
    """Put the bytes there in one step, so that a reader sees the old file or the new one; whether it changed."""
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True


def shape_problems(document: Document) -> list[Problem]:
    """What in a new record breaks the schema, before it is written."""
    return schema.problems("document", codec.document_to_json(document), record_path(document))
