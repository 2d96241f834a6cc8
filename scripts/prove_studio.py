"""Send every stored layer through a real Label Studio and back, and say whether each came back the same to the byte.

usage: scripts/prove_studio.py

Works on a copy of raw/ and annotations/ with a server of its own; the repository is not touched. Exit 1 if a layer differs or is missing.
Texts that are not here cannot be sent: hydrate them first.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from corpus import cli, store


def main() -> int:
    """Push, delete, pull, compare."""
    root = store.find_root(Path())
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "cda"
        for name in ("raw", "annotations"):
            shutil.copytree(root / name, copy / name)
        sent = layers(copy)
        try:
            through(copy)
        finally:
            corpus(copy, "studio", "stop")
        returned = layers(copy)
    differ = sorted(where for where in sent.keys() | returned.keys() if sent.get(where) != returned.get(where))
    print("\n".join([*differ, f"{len(sent):,} layers sent, {len(sent) - len(differ):,} came back the same to the byte"]))
    return int(bool(differ))


def through(copy: Path) -> None:
    """Out and back; in between no layer is there."""
    corpus(copy, "studio", "start")
    corpus(copy, "push")
    for where in layers(copy):
        (copy / where).unlink()
    corpus(copy, "pull", "--quiet")


def corpus(copy: Path, *words: str) -> None:
    """The command, in the copy."""
    code = cli.main(["-C", str(copy), *words])
    if code:
        sys.exit(f"corpus {' '.join(words)} ended with {code}")


def layers(copy: Path) -> dict[str, bytes]:
    """Path → bytes of every layer."""
    return {where: (copy / where).read_bytes() for unit in store.units(copy) for where in unit.layers}


if __name__ == "__main__":
    sys.exit(main())
