"""Whether what is installed here is whole: packages as locked, texts at hand, room on the disk."""

import re
import shutil
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from corpus import store
from corpus.health import Finding

ROOM = 2 * 1024**3  # bytes: Label Studio's environment takes one, its database and exports grow
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)([^\\\n]*)", re.MULTILINE)


def findings(root: Path) -> Iterator[Finding]:
    """Each question once; `root` is the folder of the corpus."""
    yield _packages(root / "requirements" / "dev.lock")
    yield _texts(root)
    yield _room(root)


def differing(lock: str) -> tuple[int, list[str]]:
    r"""How many packages a lock file names that are to be here, and those that are not here in that version.

    >>> differing("no-such-package==1.0 \n    --hash=sha256:00")
    (1, ['no-such-package 1.0 is not here'])
    """
    locked: dict[str, set[str]] = {}
    elsewhere = set()
    for name, version, marker in _LOCKED.findall(lock):
        locked.setdefault(name, set()).add(version)  # several, where systems or Pythons differ
        elsewhere |= {name} if ";" in marker else set()
    here = {name: _version(name) for name in locked}
    meant = {name: versions for name, versions in locked.items() if here[name] is not None or name not in elsewhere}
    return len(meant), [_difference(name, here[name], versions) for name, versions in meant.items() if here[name] not in versions]


def _difference(name: str, here: str | None, versions: set[str]) -> str:
    wanted = " or ".join(sorted(versions))
    return f"{name} {wanted} is not here" if here is None else f"{name} is {here}, not {wanted}"


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _packages(lock: Path) -> Finding:
    question, cure = "packages-as-locked", "make setup"
    if not lock.is_file():
        return Finding(subject="here", question=question, state="unknown", found="no lock file in this folder")
    named, wrong = differing(lock.read_text(encoding="utf-8"))
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        return Finding(subject="here", question=question, state="bad", found=f"{'; '.join(wrong[:3])}{more}", cure=cure)
    return Finding(subject="here", question=question, state="good", found=f"{named} packages")


def _texts(root: Path) -> Finding:
    """Not bad: of some articles the text may not be passed on, and not everybody can have it."""
    missing = store.number_without_text(root)
    if not missing:
        return Finding(subject="here", question="texts-at-hand", state="good", found="every article has its text")
    found = f"{missing:,} without their text here, so not held to it"
    return Finding(subject="here", question="texts-at-hand", state="unknown", found=found, cure="corpus hydrate SOURCE")


def _room(root: Path) -> Finding:
    free = shutil.disk_usage(root).free
    found = f"{free / 1024**3:,.1f} GB free"
    if free < ROOM:
        return Finding(subject="here", question="disk-has-room", state="bad", found=found, cure=f"keep {ROOM // 1024**3} GB free")
    return Finding(subject="here", question="disk-has-room", state="good", found=found)
