"""The canonical form of stored files."""

from collections.abc import Iterable
from pathlib import Path

from corpus import codec, schema
from corpus.problems import Problem
from corpus.store.places import ANNOTATORS, ASSIGNMENTS, CLAIMS, JUDGEMENTS, RELEASED, WITHDRAWN
from corpus.store.reading import Unit, units


def stored_files(root: Path, of: Iterable[Unit] | None = None) -> list[Path]:
    """Every JSON file that has a canonical form: what is common, and those of all articles or of these."""
    fixed = [
        *root.glob("raw/*/source.json"),
        *root.glob(f"{CLAIMS}/*.json"),
        *root.glob(f"{JUDGEMENTS}/*.json"),
        *(path for path in (root / ANNOTATORS, root / RELEASED, root / ASSIGNMENTS, root / WITHDRAWN) if path.is_file()),
    ]
    held = [root / where for unit in (units(root) if of is None else of) for where in (*unit.records, *unit.layers)]
    return sorted(path for path in [*fixed, *held] if path.is_file())


def canonical_bytes(data: bytes, where: str) -> tuple[bytes | None, list[Problem]]:
    """The canonical form of a stored file, or what is wrong with it."""
    value, problems = codec.read_json(data, where)
    kind = schema.kind_of(value)
    if problems or kind is None:
        return None, problems or [Problem(where=where, pointer="/schema", check="matches-schema", message="no known kind of file")]
    problems = schema.problems(kind, value, where)
    return (None, problems) if problems else (codec.canonical(_respelled(kind, value)), [])


def _respelled(kind: schema.Kind, value: codec.Json) -> object:
    if kind == "annotation":
        return codec.annotations_to_json(codec.annotations_from_json(value))
    if kind == "document":
        return codec.document_to_json(codec.document_from_json(value))
    if kind == "source":
        return codec.source_to_json(codec.source_from_json(value))
    if kind == "released":
        return codec.released_to_json(codec.released_from_json(value))
    if kind == "withdrawn":
        return codec.withdrawn_to_json(codec.withdrawn_from_json(value))
    if kind == "assignments":
        return codec.assignments_to_json(codec.assignments_from_json(value))
    if kind == "claim":
        return codec.claim_to_json(codec.claim_from_json(value))
    if kind == "judgements":
        return codec.judgements_to_json(codec.judgements_from_json(value))
    return value
