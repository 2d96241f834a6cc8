"""The manifest of a release, from which everything else about it follows. Reads and writes it; trusts nothing that it says.

One of an older kind is read as the present one; one of a newer kind is refused by its name.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from corpus import codec, migration, schema
from corpus.model import Split
from corpus.problems import CorpusError

NAME = "manifest.json"
KIND = "cda-manifest/2"
_OPTIONAL = ("terms", "released_digest")  # absent rather than null
_OLDER: Mapping[str, schema.Kind] = {"cda-manifest/1": "manifest-1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a release says of itself: version "1.0.0", commit and its day or None, digest of all rows, text "released" or "all".

    `files` has sha256 and rows (None where it is no shard) by path; `documents` has split and digest by id; `withdrawn` tombstones;
    `terms` title and licences of each source where some are converted from another corpus, else None;
    `released_digest`, in a hydrated copy alone, is the digest of the release that it was made from;
    `agreement` the figures of `corpus.agreement.recorded`, None where there are none or an older manifest did not tell.
    """

    version: str
    commit: str | None
    date: str | None
    digest: str
    text: str
    buckets: int
    files: Mapping[str, Mapping[str, Any]]
    documents: Mapping[str, Mapping[str, Any]]
    withdrawn: tuple[Mapping[str, Any], ...]
    inputs: Mapping[str, str]
    without_text: tuple[str, ...]
    undecided: tuple[str, ...]
    agreement: Mapping[str, Any] | None
    tools: Mapping[str, str]
    terms: Mapping[str, Mapping[str, str]] | None = None
    released_digest: str | None = None

    @property
    def cited(self) -> str:
        """The digest to cite: of the release itself, though this be a copy with its texts."""
        return self.released_digest or self.digest

    @property
    def splits(self) -> dict[str, Split]:
        """The split of each document."""
        return {name: facts["split"] for name, facts in self.documents.items()}


def to_bytes(manifest: Manifest) -> bytes:
    """The file: canonical, with the hash of all the rest as its last field, so that a flipped bit cannot hide in it."""
    plain = {name: held for name in Manifest.__dataclass_fields__ if (held := getattr(manifest, name)) is not None or name not in _OPTIONAL}
    value = {"schema": KIND, **{name: list(held) if isinstance(held, tuple) else _sorted(held) for name, held in plain.items()}}
    return codec.canonical(value | {"sha256_of_the_rest": hashlib.sha256(codec.canonical(value)).hexdigest()})


def from_bytes(data: bytes, where: str) -> Manifest:
    """The manifest in a file's bytes; anything else than what `to_bytes` writes is refused in a sentence."""
    value, problems = codec.read_json(data, where, largest=None)
    kind = _OLDER.get(str(value.get("schema")), "manifest") if isinstance(value, dict) else "manifest"
    problems = problems or schema.problems(kind, value, where)
    if problems and problems[0].pointer == "/schema" and problems[0].hint:
        raise CorpusError(f"{where} {problems[0].message}; {problems[0].hint}")
    if problems:
        raise CorpusError(f"{where} is no manifest of a release: {problems[0].message}")
    rest = {name: held for name, held in value.items() if name != "sha256_of_the_rest"}
    if codec.canonical(value) != data or hashlib.sha256(codec.canonical(rest)).hexdigest() != value["sha256_of_the_rest"]:
        raise CorpusError(f"{where} was changed after it was written: it does not have the hash that it names")
    rest = migration.upgraded(rest)
    facts: dict[str, Any] = {
        name: tuple(rest[name]) if isinstance(rest[name], list) else rest[name] for name in Manifest.__dataclass_fields__ if name in rest
    }
    return Manifest(**facts)


def with_files(manifest: Manifest, files: Mapping[str, Mapping[str, Any]]) -> Manifest:
    """The same release with these files."""
    return replace(manifest, files=dict(sorted(files.items())))


def manifest_of(folder: Path) -> Manifest:
    """The manifest of the release in a folder."""
    path = folder / NAME
    if not path.is_file():
        raise CorpusError(f"{folder} is no release: it has no {NAME}")
    return from_bytes(path.read_bytes(), str(path))


def beside(folder: Path) -> dict[Path, Manifest | CorpusError]:
    """The other releases that lie in the same place, by folder; the error where one cannot be read."""
    return read(path.parent for path in sorted(folder.parent.glob(f"*/{NAME}")) if path.parent != folder)


def read(folders: Iterable[Path]) -> dict[Path, Manifest | CorpusError]:
    """The manifest in each folder, or why it cannot be read."""
    found: dict[Path, Manifest | CorpusError] = {}
    for folder in folders:
        try:
            found[folder] = manifest_of(folder)
        except CorpusError as error:
            found[folder] = error
    return found


def number(version: str) -> tuple[int, ...]:
    """A version as numbers, which sort as versions do.

    >>> number("0.10.0") > number("0.9.1")
    True
    """
    return tuple(int(part) for part in version.split("."))


def _sorted(held: Any) -> Any:
    """A copy only where it is needed: there may be millions of documents."""
    if not isinstance(held, Mapping) or (isinstance(held, dict) and all(one < other for one, other in pairwise(held))):
        return held
    return dict(sorted(held.items()))
