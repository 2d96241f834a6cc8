"""Build the last release again from its tag, and compare it with what was released, byte for byte.

usage: scripts/rebuild_release.py [TAG] [--against WHAT] [--own-environment]

TAG is v1.0.0 or the like (default: the highest version that is tagged). What was released is WHAT, a folder or owner/name@revision on
the Hub; or, without it, the manifest whose hash the tag's message names ("manifest sha256:…"), which names the hash of every other file.
The build runs the tag's own code: in this environment, or with --own-environment in one that `make setup` makes from the tag's lock file.
Texts that anybody can hydrate are taken from this checkout (corpus hydrate); a release is built with those alone.
Exit 0 equal, or nothing tagged yet; 1 different; 2 it could not be built or compared.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from corpus import hub, manifest, store
from corpus.problems import CorpusError

_TAG = re.compile(r"v(\d+\.\d+\.\d+)")
_NAMED = re.compile(r"\bmanifest sha256:([0-9a-f]{64})\b")


def main(arguments: list[str] | None = None) -> int:
    """Say in a sentence whether the two are equal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="example: scripts/rebuild_release.py --own-environment")
    parser.add_argument("tag", nargs="?", metavar="TAG", help="default: the highest version that is tagged")
    parser.add_argument("--against", metavar="WHAT", help="a folder, or owner/name@revision (default: the hash in the tag's message)")
    parser.add_argument("--own-environment", action="store_true", help="make setup in a clone of the tag, and build with that")
    parser.add_argument("-C", dest="root", type=Path, default=Path(), metavar="DIR", help="the corpus (default: here or upwards)")
    args = parser.parse_args(arguments)
    try:
        root = store.find_root(args.root)
        tag = args.tag or last_tag(root)
        if tag is None:
            print("no release has been tagged yet; there is nothing to rebuild")
            return 0
        with tempfile.TemporaryDirectory(prefix="cda-rebuild-") as place:
            return _compared(root, tag, args.against, Path(place), own=args.own_environment)
    except CorpusError as error:
        print(f"rebuild_release: {error}", file=sys.stderr)
        return 2


def last_tag(root: Path) -> str | None:
    """The tag of the highest version."""
    tags = [one for one in _git(root, "tag", "--list", "v*").split() if _TAG.fullmatch(one)]
    return max(tags, key=lambda one: manifest.number(one[1:]), default=None)


def _compared(root: Path, tag: str, against: str | None, place: Path, *, own: bool) -> int:
    released = None if against is None else _released(against)
    rebuilt = rebuild(root, tag, place, buckets=None if released is None else manifest.manifest_of(released).buckets, own=own)
    told = by_hash(root, tag, rebuilt) if released is None else differences(released, rebuilt)
    number = len(manifest.manifest_of(rebuilt).files) + 1
    print(f"{tag}: {told}" if told else f"{tag}: rebuilt from its tag, {number} files are equal to the byte")
    return int(told is not None)


def _released(against: str) -> Path:
    name, found, revision = against.rpartition("@")
    return Path(against) if Path(against).is_dir() or not found else hub.snapshot(name, revision)


def rebuild(root: Path, tag: str, place: Path, *, buckets: int | None, own: bool) -> Path:
    """The release of a tag, built from a clone of it in `place`."""
    found = _TAG.fullmatch(tag)
    if found is None:
        raise CorpusError(f"{tag!r} is no tag of a release; write v1.0.0 or the like")
    clone, out = place / "clone", place / "out" / f"cda-corpus-{found[1]}"
    _git(root, "clone", "--quiet", "--shared", "--no-checkout", str(root), str(clone))
    _git(clone, "checkout", "--quiet", "--detach", f"refs/tags/{tag}")
    _take_texts(root, clone)
    if own:
        _run(["make", "-C", str(clone), "setup"], "the environment of the tag could not be made")
    python = str(clone / ".venv/bin/python") if own else sys.executable
    code = {"PYTHONPATH": str(clone / "src")} if (clone / "src" / "corpus").is_dir() else {}
    more = [] if buckets is None else ["--buckets", str(buckets)]
    _run([python, "-m", "corpus", "-C", str(clone), "build", found[1], "--out", str(out), "--quiet", *more], f"{tag} does not build", code)
    return out


def _take_texts(root: Path, clone: Path) -> None:
    """Those of withheld sources that need no file of a reader's own; the build refuses one that is not of record."""
    for source in store.read(root).holdings.sources.values():
        if source.hydrate is not None and source.hydrate["from"] != "file" and (clone / "raw" / source.id).is_dir():
            for path in sorted((root / "raw" / source.id).glob("*.txt")):
                if (clone / "raw" / source.id / f"{path.stem}.json").is_file():
                    shutil.copy(path, clone / "raw" / source.id)


def differences(released: Path, rebuilt: Path) -> str | None:
    """What differs between two releases, in words; None where every file is equal to the byte."""
    first, second = manifest.manifest_of(released), manifest.manifest_of(rebuilt)
    names = sorted({*first.files, *second.files, manifest.NAME})
    other = [name for name in names if _bytes(released / name) != _bytes(rebuilt / name)]
    if not other:
        return None
    rows = "the rows are the same" if first.digest == second.digest else "the rows differ"
    tools = [f"{name} {first.tools.get(name)} then, {now} now" for name, now in second.tools.items() if first.tools.get(name) != now]
    lacking = sorted(set(second.without_text) - set(first.without_text))
    why = [rows, *tools, *([f"the text of {lacking[0]} is not here (corpus hydrate)"] if lacking else [])]
    more = f" and {len(other) - 3} more" if len(other) > 3 else ""
    return f"rebuilt from its tag, {len(other)} of {len(names)} files differ: {', '.join(other[:3])}{more}; {', '.join(why)}"


def by_hash(root: Path, tag: str, rebuilt: Path) -> str | None:
    """The same by the hash that the tag's message names."""
    message = _git(root, "for-each-ref", "--format=%(contents)", f"refs/tags/{tag}")
    named = _NAMED.search(message)
    if named is None:
        raise CorpusError(f"the message of {tag} names no manifest (manifest sha256:…), so say what was released with --against")
    found = hashlib.sha256((rebuilt / manifest.NAME).read_bytes()).hexdigest()
    return None if found == named[1] else f"rebuilt from its tag, the manifest has the hash {found[:12]}…, the tag names {named[1][:12]}…"


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _git(root: Path, *question: str) -> str:
    return _run(["git", "-C", str(root), *question], f"git {question[0]} failed")


def _run(program: list[str], failed: str, more: dict[str, str] | None = None) -> str:
    done = subprocess.run(program, capture_output=True, text=True, check=False, env={**os.environ, **(more or {})})
    if done.returncode:
        said = (done.stderr or done.stdout).strip().split("\n")[-1]
        raise CorpusError(f"{failed}: {said or f'exit code {done.returncode}'}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
