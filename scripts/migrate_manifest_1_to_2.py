"""Write a release whose manifest is of the first kind anew with one of the second: rows, papers and digest stay to the byte.

Reading needs no migration: every command takes a release of either kind. Agreement, which the first kind did not tell, is null.

usage: scripts/migrate_manifest_1_to_2.py OLD NEW     (folders of releases; NEW must not be there, or be an earlier result)
"""

import shutil
import sys
from pathlib import Path

from corpus import manifest, release, store
from corpus.problems import CorpusError
from corpus.release.appearing import appear, staged_beside


def migrate(old: Path, new: Path) -> manifest.Manifest:
    """The release at `new`, verified before it appears; a release of the second kind is copied as it is."""
    manifest.manifest_of(old)  # names a newer kind
    held, problems = release.verified(old)
    if held is None or problems:
        raise CorpusError(f"{old} is not a release as it was built; corpus verify says why")
    if new.exists() and not (new / manifest.NAME).is_file():
        raise CorpusError(f"{new} exists and is no release; choose another folder")
    staged = staged_beside(new)
    try:
        shutil.copytree(old, staged, dirs_exist_ok=True)
        store.write(staged / manifest.NAME, manifest.to_bytes(held))
        if release.verified(staged)[1]:
            raise CorpusError(f"{old} cannot be written anew: the result does not verify")
        appear(staged, new)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return held


def main(arguments: list[str]) -> int:
    """Exit 0 if the release stands at NEW, 2 if it cannot."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    old, new = (Path(one).absolute() for one in arguments)
    try:
        held = migrate(old, new)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{new}: version {held.version}, manifest of the kind {manifest.KIND}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
