"""Whether the folder of the local Label Studio is whole and private: environment, template, file modes."""

import stat
from collections.abc import Iterator
from pathlib import Path

from corpus.health import Finding
from corpus.studio import install, template

PRIVATE = ("server.json", "login.json", "server.log", "pseudonym.key", f"data/{template.DATABASE}", "data/.env")


def findings(home: Path) -> Iterator[Finding]:
    """Each question once."""
    subject = str(home)
    if not install.is_current(home):
        there = (home / "venv").exists()
        found = "the environment is unfinished or of another lock file" if there else "not installed"
        yield Finding(
            subject=subject, question="studio-as-locked", state="bad" if there else "unknown", found=found, cure="corpus studio install"
        )
        return
    yield Finding(subject=subject, question="studio-as-locked", state="good", found=f"Label Studio {install.VERSION}")
    yield _template(subject, install.program(home))
    yield _modes(subject, home)


def _template(subject: str, program: Path) -> Finding:
    made = template.path(program).exists()
    if made and not template.is_sound(program):
        found = "it is not to the byte what was made; the next start of a new server makes it anew"
        return Finding(subject=subject, question="template-is-sound", state="bad", found=found, cure="corpus studio start")
    return Finding(subject=subject, question="template-is-sound", state="good", found="sound" if made else "not made yet")


def _modes(subject: str, home: Path) -> Finding:
    there = [home / name for name in PRIVATE if (home / name).exists()]
    loose = [path.relative_to(home).as_posix() for path in there if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if loose:
        found = f"others on this machine may read {', '.join(loose)}"
        return Finding(subject=subject, question="files-are-private", state="bad", found=found, cure=f"chmod 600 in {home}")
    return Finding(subject=subject, question="files-are-private", state="good", found=f"{len(there)} files are the owner's alone")
