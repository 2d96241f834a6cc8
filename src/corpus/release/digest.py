"""The content digest of a release: the same for the same rows, whatever wrote the files, and however they are sharded."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from corpus import codec, tables


def of_document(rows: Mapping[Any, Iterable[Mapping[str, Any]]]) -> str:
    """SHA-256 over the rows of one document by config, in their order, in canonical spelling."""
    whole = hashlib.sha256()
    for config in sorted(rows):
        for row in rows[config]:
            whole.update(codec.sorted_line([config, row], tables.in_json))
    return whole.hexdigest()


def of_release(documents: Mapping[str, str]) -> str:
    """SHA-256 over the digests of all documents, by name.

    >>> of_release({"b": "22", "a": "11"}) == of_release({"a": "11", "b": "22"})
    True
    """
    lines = (f"{name} {digest}\n" for name, digest in sorted(documents.items()))
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def of_rows(rows: Mapping[Any, Iterable[Mapping[str, Any]]]) -> dict[str, str]:
    """Document → its digest, from all rows of all configs."""
    by_document: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for config, held in rows.items():
        for row in held:
            by_document.setdefault(row["document"], {}).setdefault(config, []).append(row)
    return {name: of_document(held) for name, held in by_document.items()}
