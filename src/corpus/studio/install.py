"""Label Studio's own environment: it pins another pyarrow than the project, so the two never share one."""

import hashlib
import subprocess
import sys
import venv
from contextlib import AbstractContextManager
from importlib.resources import as_file, files
from pathlib import Path

from corpus.problems import CorpusError

VERSION = "1.23.2"


def program(home: Path) -> Path:
    """The installed `label-studio`, or an error that says how to install it."""
    found = home / "venv" / "bin" / "label-studio"
    if not found.is_file() or not is_current(home):
        raise CorpusError("Label Studio is not installed here; run corpus studio install")
    return found


def is_current(home: Path) -> bool:
    """Whether the environment was finished from the lock file of this package."""
    mark = home / "venv" / ".locked"
    return mark.is_file() and mark.read_text(encoding="utf-8") == lock_sha256()


def install(home: Path) -> bool:
    """Make the environment from the pinned, hashed list; whether anything was done. An unfinished one is made anew."""
    if is_current(home):
        return False
    folder = home / "venv"
    venv.create(folder, with_pip=False, clear=True)
    with _lock_path() as lock:
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(folder / "bin" / "python")]
        done = subprocess.run([*command, "--require-hashes", "--requirement", str(lock)], capture_output=True, text=True, check=False)
    if done.returncode:
        reason = " ".join(done.stderr.split())[-300:] or "uv said nothing"
        raise CorpusError(f"Label Studio {VERSION} could not be installed: {reason}")
    (folder / ".locked").write_text(lock_sha256(), encoding="utf-8")
    return True


def lock_sha256() -> str:
    """What an environment, and all that was made by it, is kept by: the hash of the list it was installed from."""
    return hashlib.sha256((files("corpus.studio") / "label-studio.lock").read_bytes()).hexdigest()


def _lock_path() -> AbstractContextManager[Path]:
    return as_file(files("corpus.studio") / "label-studio.lock")
