"""Writes one file at a time, whole or not at all."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from corpus import codec, schema
from corpus.model import AnnotationSet, Document, Released, Withdrawn
from corpus.problems import CorpusError, Problem
from corpus.store.places import RELEASED, WITHDRAWN, layer_path, record_path, text_path
from corpus.store.reading import read, units


def write_layer(root: Path, layer: AnnotationSet) -> bool:
    """Store a layer in canonical form; whether the file changed. What a process that was killed left unfinished goes."""
    path = root / layer_path(layer.document, layer.annotator)
    for leftover in path.parent.glob(f".{path.name}.*-*"):
        if not _runs(leftover.name.removeprefix(f".{path.name}.").partition("-")[0]):
            leftover.unlink(missing_ok=True)
    return write(path, codec.canonical(codec.annotations_to_json(layer)))


def write_document(root: Path, document: Document) -> bool:
    """Store the record of an article and, where it is at hand, its text; whether anything changed. Text goes first."""
    changed = document.text is not None and write(root / text_path(document), document.text.encode("utf-8"))
    return write(root / record_path(document), codec.canonical(codec.document_to_json(document))) or changed


def write(path: Path, data: bytes) -> bool:
    """Put the bytes there in one step, so that a reader sees the old file or the new one; whether it changed."""
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.{os.getpid()}-")
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


def _runs(pid: str) -> bool:
    """Whether a process of this number runs; where that cannot be asked without harm, as if one did."""
    if os.name != "posix" or not pid.isdigit():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True


def withdraw(root: Path, document: Document, *, date: str, reason: str) -> list[str]:
    """Write the tombstone and the lowered floor of the next release, then take the files out; the paths that are gone."""
    before = read(root).to_rewrite(WITHDRAWN, RELEASED)
    tombstone = Withdrawn(document=document.id, text_sha256=document.text_sha256, date=date, reason=reason)
    value = codec.withdrawn_to_json([*before.withdrawn, tombstone])
    problems = schema.problems("withdrawn", value, WITHDRAWN)
    if problems:
        raise CorpusError(f"not withdrawn: {problems[0].message}")
    if before.released is not None:
        alone = sum({one.document for one in claim.members} == {document.id} for claim in before.registry.values())
        floor = _without(before.released, document.id, before.of(document.id), alone)
        write(root / RELEASED, codec.canonical(codec.released_to_json(floor)))
    write(root / WITHDRAWN, codec.canonical(value))
    return remove(root, document.id)


def remove(root: Path, document: str) -> list[str]:
    """Take out every file of an article; the paths that are gone."""
    found = [path for unit in units(root) if unit.name == document for path in (*unit.records, *unit.layers)]
    texts = [path.removesuffix(".json") + ".txt" for path in found if path.startswith("raw/")]
    gone = [where for where in (*found, *texts) if (root / where).is_file()]
    for where in gone:
        (root / where).unlink()
    for where, claim in read(root, ()).holdings.registry.items():
        if kept := tuple(one for one in claim.members if one.document != document):
            write(root / where, codec.canonical(codec.claim_to_json(replace(claim, members=kept))))
        else:
            (root / where).unlink()
            gone.append(where)
    folder = root / "annotations" / document
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    return gone


def _without(released: Released, document: str, layers: Iterable[AnnotationSet], claims: int) -> Released:
    """The floor without one article, and the claims of the registry that it alone told of."""
    less: Counter[str] = Counter(layers=0, registered_claims=claims)
    for layer in layers:
        less.update(documents=int(not less["layers"]), layers=1)
        less.update(mention.label for mention in layer.mentions)
        less.update(link.type for link in layer.links)
    counts = {what: max(0, number - less[what]) for what, number in released.counts.items()}
    return replace(released, splits={name: split for name, split in released.splits.items() if name != document}, counts=counts)


def shape_problems(document: Document) -> list[Problem]:
    """What in a new record breaks the schema, before it is written."""
    return schema.problems("document", codec.document_to_json(document), record_path(document))
