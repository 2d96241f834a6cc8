"""Is a release whole and unchanged? Every byte is accounted for: hashes, rows, schemas, page checksums, content digest, card.

A fault is a Problem with the file in the release; nothing is repaired.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from corpus import card, tables
from corpus import manifest as manifests
from corpus.manifest import Manifest
from corpus.problems import CorpusError, Problem
from corpus.release.digest import of_release, of_rows
from corpus.tables import Config


def verified(folder: Path) -> tuple[Manifest | None, list[Problem]]:
    """The manifest, and everything that does not fit it; None where there is no manifest to trust."""
    try:
        manifest = manifests.manifest_of(folder)
    except CorpusError as error:
        return None, [Problem(where=manifests.NAME, pointer="", check="manifest-is-whole", message=str(error))]
    problems = [*_of_files(folder, manifest)]
    return manifest, problems or [*_of_contents(folder, manifest)]


def _of_files(folder: Path, manifest: Manifest) -> Iterator[Problem]:
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
    for where in sorted(there.keys() - manifest.files.keys() - {manifests.NAME}):
        yield _problem(where, "file-is-named", "stands here, and the manifest does not name it", "take it out of the folder")
    for where, facts in manifest.files.items():
        if where not in there or there[where].is_symlink():
            yield _problem(where, "file-is-there", "is not here as a file of its own", "fetch the release again")
        elif (found := _sha256(there[where])) != facts["sha256"]:
            message = f"has the hash {found[:12]}…, the manifest says {facts['sha256'][:12]}…"
            yield _problem(where, "file-is-unchanged", message, "fetch the release again")


def columns_in(folder: Path) -> dict[str, Any]:
    """The columns of each config as the release's own card describes them: another version of this package may have built it."""
    head = card.head_of((folder / "README.md").read_text(encoding="utf-8"))
    return {one["config_name"]: tables.described(one["features"]) for one in head["dataset_info"]}


def _of_contents(folder: Path, manifest: Manifest) -> Iterator[Problem]:
    """Asked of unchanged files only: then a fault is one of the build."""
    try:
        columns = columns_in(folder)
    except (CorpusError, KeyError, TypeError) as error:
        yield _problem("README.md", "card-fits-the-shards", f"its head describes no columns ({error})", "build the release again")
        return
    rows: dict[Config, list[dict[str, Any]]] = {config: [] for config in get_args(Config)}
    shards = {where: facts for where, facts in manifest.files.items() if facts["rows"] is not None}
    for where, facts in shards.items():
        config = tables.config_of(where)
        if config is None or config not in columns or not tables.has_columns(folder / where, columns[config]):
            yield _problem(where, "shard-has-its-schema", "does not have the columns that the card describes", "build the release again")
            continue
        held = tables.rows_in(config, folder / where, columns[config])
        rows[config] += held
        if len(held) != facts["rows"]:
            yield _problem(
                where, "rows-are-counted", f"holds {len(held)} rows, the manifest says {facts['rows']}", "build the release again"
            )
        yield from _misplaced(where, held, manifest)
    yield from _of_digests(rows, manifest)
    yield from _of_card(folder, manifest, shards)


def _misplaced(where: str, held: list[dict[str, Any]], manifest: Manifest) -> Iterator[Problem]:
    split = where.partition("/")[2].partition("-")[0]
    strange = sorted({row["document"] for row in held if manifest.splits.get(row["document"]) != split})
    if strange:
        yield _problem(where, "rows-are-in-their-split", f"holds {strange[0]}, which is not in {split}", "build the release again")


def _of_digests(rows: dict[Config, list[dict[str, Any]]], manifest: Manifest) -> Iterator[Problem]:
    digests = of_rows({config: sorted(held, key=lambda row: str(row["document"])) for config, held in rows.items()})
    named = {name: facts["digest"] for name, facts in manifest.documents.items()}
    for name in sorted(digests.keys() | named.keys()):
        if digests.get(name) != named.get(name):
            yield _problem(manifests.NAME, "digest-is-that-of-the-rows", f"the rows of {name} are not those the manifest names", None)
    if of_release(named) != manifest.digest:
        yield _problem(manifests.NAME, "digest-is-that-of-the-rows", "the digest of the release is not that of its documents", None)


def _of_card(folder: Path, manifest: Manifest, shards: dict[str, Any]) -> Iterator[Problem]:
    """The head that load_dataset reads names the same configs, splits, rows and columns."""
    head = card.head_of((folder / "README.md").read_text(encoding="utf-8"))
    wanted = card.sums_of({where: facts["rows"] for where, facts in shards.items()})
    told = {(one["config_name"], split["name"]): split["num_examples"] for one in head["dataset_info"] for split in one["splits"]}
    if told != wanted:
        yield _problem(
            "README.md", "card-fits-the-shards", "its head does not name the rows that the shards hold", "build the release again"
        )
    for one in head["configs"]:
        if (one["version"], one["description"]) != (manifest.version, f"sha256:{manifest.digest}"):
            yield _problem("README.md", "card-fits-the-shards", f"{one['config_name']} does not carry version and digest", None)


def _problem(where: str, check: str, message: str, hint: str | None) -> Problem:
    return Problem(where=where, pointer="", check=check, message=message, hint=hint)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
