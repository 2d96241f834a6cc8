"""Which commit a repository stands at, and which a tag names. Asks git and nothing else.

Without git, or in a tree that is not clean, the answer is None.
"""

import subprocess
from pathlib import Path


def clean_head(root: Path) -> tuple[str, str] | None:
    """The commit and its day (UTC), if everything that is tracked or could be is as committed."""
    if _asked(root, "status", "--porcelain") != "":
        return None
    told = (_asked(root, "log", "-1", "--format=%H %cd", "--date=format-local:%Y-%m-%d") or "").split()
    return (told[0], told[1]) if len(told) == 2 else None


def tagged(root: Path, tag: str) -> str | None:
    """The commit that a tag names; None where there is no such tag."""
    return _asked(root, "rev-parse", "--verify", "--quiet", f"refs/tags/{tag}^{{commit}}")


def _asked(root: Path, *question: str) -> str | None:
    """What git says, in UTC; None where it refuses or is not there."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *question], capture_output=True, text=True, check=True, env={"PATH": _path(), "TZ": "UTC"}
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _path() -> str:
    import os

    return os.environ.get("PATH", os.defpath)
