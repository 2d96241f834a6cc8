"""A database with all migrations and nobody in it, made once for an installation: a server that starts from it need not migrate.

It lies in the environment it was made by, so that a new environment makes a new one. What is not to the byte what was made is never used.
"""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from corpus.problems import CorpusError
from corpus.studio import settings
from corpus.studio.install import VERSION, lock_sha256

DATABASE = "label_studio.sqlite3"


def seed(program: Path, data: Path) -> bool:
    """Put the migrated database into a data folder that has none; whether that was done."""
    if (data / DATABASE).exists():
        return False
    template = _sound(program) or _make(program)
    copy = data / f"{DATABASE}.new"
    copy.touch(mode=0o600)
    shutil.copyfile(template, copy)
    copy.replace(data / DATABASE)
    return True


def path(program: Path) -> Path:
    """Where the template of an installed `label-studio` lies, whether it is there or not."""
    return program.parents[1] / f"template-{VERSION}-{lock_sha256()[:16]}.sqlite3"


def is_sound(program: Path) -> bool:
    """Whether a template is there, and is to the byte what was made."""
    return _sound(program) is not None


def _sound(program: Path) -> Path | None:
    found = path(program)
    try:
        noted = found.with_suffix(".sha256").read_text(encoding="utf-8")
        return found if _sha256(found) == noted else None
    except OSError:
        return None


def _make(program: Path) -> Path:
    """Any command of Label Studio migrates the database first; `version` does nothing else. The note of the hash comes last."""
    made = path(program)
    with tempfile.TemporaryDirectory(dir=made.parent, prefix="template-") as folder:
        data = Path(folder)
        done = subprocess.run(
            [str(program), "version"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, env=settings.environment(data), cwd=data, umask=0o077, check=False,
        )  # fmt: skip
        if done.returncode or not (data / DATABASE).is_file():
            reason = " ".join(done.stderr.split())[-300:] or "it said nothing"
            raise CorpusError(f"Label Studio could not make its database: {reason}")
        made.with_suffix(".sha256").unlink(missing_ok=True)
        sha256 = _sha256(data / DATABASE)
        (data / DATABASE).replace(made)
    made.with_suffix(".sha256").write_text(sha256, encoding="utf-8")
    return made


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
