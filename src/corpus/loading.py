"""Loads exactly the release that was asked for, verified, or raises naming what was found instead; or another corpus from its own files.

`load_dataset` may hand back another version in silence: from its cache where a local card did not change, or from any cached revision
where a look-up on the Hub fails (huggingface/datasets#7928). It also takes changed shards. Here every file is held to the manifest first.
"""

import hashlib
import os
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from corpus import foreign, hub, manifest, store, tables
from corpus.formats.converted import Given
from corpus.manifest import Manifest
from corpus.problems import CorpusError

REPOSITORY = "CDA_REPOSITORY"  # the environment names the Hub repository that a bare version is looked for in
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def load(
    what: str | os.PathLike[str],
    config: str = "documents",
    split: str | None = None,
    *,
    streaming: bool = False,
    path: str | os.PathLike[str] | None = None,
    **given: str | bool,
) -> Any:
    """A DatasetDict, or one split of it; with `streaming` the iterable forms.

    `what` is a version ("1.0.0": in dist/ here or upwards, else in the Hub repository that CDA_REPOSITORY names), the folder of a
    release, or "owner/name@revision". Documents that were withdrawn since are named in a warning, as far as that is known here: from later
    releases beside this one, from the checkout around it, from the newest release in the repository (offline: as fetched last).

    With `path`, `what` is a format of `corpus convert --list`, and the path that corpus's own files: `load("polnear", path="PolNeAR")` has
    the rows of this scheme, in that corpus's own splits where it has some. `given` tells source, licence or language where files do not,
    `only` which documents are asked for, and with `keep_going=True` articles that cannot be taken are left out with a warning.
    """
    if path is not None:
        return _foreign(str(what), Path(path), config, split, streaming=streaming, given=given)
    if given:
        raise CorpusError(f"{next(iter(given))!r} is told of another corpus only, with its path")
    folder, asked, repository = _found(str(what))
    held = manifest.manifest_of(folder)
    if asked is not None and held.version != asked:
        raise CorpusError(f"asked for version {asked}, {folder} holds {held.version}")
    _hold_to_manifest(folder, held, _files(held, config, split))
    _warn_of_withdrawn(held, {*_told_by(_later(folder, held, repository)), *_told_by_checkout(folder)})
    return _opened(folder, held, config, split, streaming=streaming)


def _found(what: str) -> tuple[Path, str | None, str | None]:
    """The folder of the release, the version that was asked for if one was, and the repository on the Hub if it is from one."""
    if Path(what).is_dir():
        return Path(what).resolve(), None, None
    if "@" in what:
        name, _, revision = what.partition("@")
        version = revision.removeprefix("v")
        return hub.snapshot(name, revision), version if _VERSION.fullmatch(version) else None, name
    if not _VERSION.fullmatch(what):
        raise CorpusError(f"{what!r} is no folder, no version such as 1.0.0 and no repository with a revision such as owner/name@v1.0.0")
    for parent in (Path.cwd(), *Path.cwd().parents):
        if (parent / "dist" / f"cda-corpus-{what}").is_dir():
            return parent / "dist" / f"cda-corpus-{what}", what, None
    if not os.environ.get(REPOSITORY):
        raise CorpusError(f"there is no dist/cda-corpus-{what} here or upwards, and {REPOSITORY} names no repository to look in")
    return hub.snapshot(os.environ[REPOSITORY], f"v{what}"), what, os.environ[REPOSITORY]


def _files(held: Manifest, config: str, split: str | None) -> list[str]:
    """The shards of a config; a config or a split that is not there is an error that names those that are."""
    files = [where for where in sorted(held.files) if tables.config_of(where) == config]
    if not files:
        there = sorted({str(tables.config_of(where)) for where in held.files} - {"None"})
        raise CorpusError(f"version {held.version} has no config {config!r}; it has: {', '.join(there)}")
    splits = {where.partition("/")[2].partition("-")[0] for where in files}
    if split is not None and split.partition("[")[0] not in splits:
        raise CorpusError(f"{config} of version {held.version} has no split {split!r}; it has: {', '.join(sorted(splits))}")
    return files


def _hold_to_manifest(folder: Path, held: Manifest, files: Iterable[str]) -> None:
    for where in ["README.md", *files]:
        path = folder / where
        if not path.is_file():
            raise CorpusError(f"{where} of version {held.version} is not in {folder}")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != held.files[where]["sha256"]:
            raise CorpusError(
                f"{where} is not that of version {held.version}: it has the hash {found[:12]}…, not {held.files[where]['sha256'][:12]}…"
            )


def _opened(folder: Path, held: Manifest, config: str, split: str | None, *, streaming: bool) -> Any:
    """By load_dataset, from a cache that only verified files have been put into: the common one may hold changed rows under this name."""
    import datasets

    cache = Path(datasets.config.HF_DATASETS_CACHE) / "cda-verified" / held.digest
    return datasets.load_dataset(str(folder), config, split=split, streaming=streaming, cache_dir=str(cache))


def _foreign(name: str, path: Path, config: str, split: str | None, *, streaming: bool, given: Mapping[str, Any]) -> Any:
    """The files of another corpus, converted into the cache."""
    import datasets

    chosen = next((one for one in get_args(tables.Config) if one == config), None)
    if chosen is None:
        raise CorpusError(f"there is no config {config!r}; there are: {', '.join(get_args(tables.Config))}")
    if unknown := sorted(given.keys() - Given.__dataclass_fields__.keys()):
        raise CorpusError(f"{unknown[0]!r} cannot be told of a corpus; what can: {', '.join(Given.__dataclass_fields__)}")
    cache = Path(datasets.config.HF_DATASETS_CACHE) / "cda-converted"
    folder = foreign.shards(name, path, Given(**given), cache)
    if (told := foreign.left_out(folder)) is not None:
        warnings.warn(told, stacklevel=4)
    columns = datasets.Features._from_yaml_list(tables.features(chosen))
    return datasets.load_dataset(
        "parquet",
        data_files=foreign.files(folder, chosen, split),
        features=columns,
        split=split,
        streaming=streaming,
        cache_dir=str(folder / "opened"),
    )


def _later(folder: Path, held: Manifest, repository: str | None) -> list[Manifest]:
    """Later releases beside this one, and the newest of its repository; each knows what has been withdrawn since."""
    there = manifest.beside(folder)
    newest = None if repository is None else hub.file(repository, manifest.NAME, "main")
    if newest is not None:
        there |= manifest.read([newest.parent])
    for other, found in there.items():
        if isinstance(found, CorpusError):
            warnings.warn(f"what {other.name} says of withdrawn documents cannot be read: {found}", stacklevel=4)
    later = (one for one in there.values() if isinstance(one, Manifest))
    return [one for one in later if manifest.number(one.version) > manifest.number(held.version)]


def _told_by(later: Iterable[Manifest]) -> Iterator[str]:
    return (one["document"] for known in later for one in known.withdrawn)


def _told_by_checkout(folder: Path) -> list[str]:
    """Of the corpus whose dist/ the release lies in: what was withdrawn there, though no release says so yet."""
    try:
        root = store.find_root(folder)
    except CorpusError:
        return []
    return [one.document for one in store.read(root, ()).holdings.withdrawn]


def _warn_of_withdrawn(held: Manifest, gone: set[str]) -> None:
    if gone & held.documents.keys():
        words = f"withdrawn since version {held.version}, please leave out: {', '.join(sorted(gone & held.documents.keys()))}"
        warnings.warn(words, stacklevel=4)  # of whoever called corpus.load
