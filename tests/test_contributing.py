"""CONTRIBUTING followed to the letter by somebody new: its commands in its order, and between them one article drawn in the browser."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus import store
from tests.conftest import ROOT
from tests.labelling import Labelling, browser, log_in
from tests.test_studio import Studio, declare_hand, studio

__all__ = ["studio"]  # the fixture

pytestmark = [pytest.mark.studio, pytest.mark.browser]

NAME = "4b22"
ARTICLES = ("lee_0001", "lee_0003")
PAGE = (ROOT / ".github/CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Coding")[0]
BLOCKS = [re.sub(r"(?m)^ +| +#.*$", "", block).splitlines() for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)]


@pytest.fixture
def newcomer(tmp_path: Path, studio: Studio) -> Path:
    """A clone of part of the repository's data, whose environment is there, whose pseudonym is declared and whose origin is a fork."""
    root = tmp_path / "corpus"
    for path in (".gitignore", "raw/lee/source.json", store.ANNOTATORS):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, root / path)
    for article in ARTICLES:
        shutil.copy(ROOT / f"raw/lee/{article}.json", root / "raw/lee")
        shutil.copytree(ROOT / f"annotations/{article}", root / f"annotations/{article}")
    declare_hand(root, NAME, "1.0")
    (root / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    git(tmp_path, "init", "--quiet", "--bare", "fork.git")
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "As it stands")
    git(root, "remote", "add", "origin", str(tmp_path / "fork.git"))
    return root


def git(folder: Path, *argv: str) -> str:
    return typed(folder, ["git", *argv])


def typed(root: Path, argv: list[str]) -> str:
    """What a command says; it has to succeed."""
    who = {"GIT_AUTHOR_NAME": "N", "GIT_AUTHOR_EMAIL": "n@example.org", "GIT_COMMITTER_NAME": "N", "GIT_COMMITTER_EMAIL": "n@example.org"}
    done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False, env=os.environ | who)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def follow(root: Path, block: list[str]) -> list[str]:
    return [typed(root, ["sh", "-c", line]) for line in block]


def test_the_page_has_three_blocks_of_commands() -> None:
    assert [[line.split()[0].rpartition("/")[2] for line in block] for block in BLOCKS] == [
        ["corpus"] * 3,
        ["corpus"] * 2,
        ["git"] * 4 + ["corpus"],
    ]
    assert BLOCKS[0][2].endswith(f"push {' '.join(ARTICLES)} --annotator {NAME}")


def test_somebody_new_sends_back_one_article(newcomer: Path, studio: Studio, chromium: str) -> None:
    said = follow(newcomer, BLOCKS[0])
    assert studio.server.url in said[1]
    assert said[2] == f"{NAME}: 2 tasks sent, 0 there already\n"

    text = (newcomer / "raw/lee/lee_0001.txt").read_text(encoding="utf-8")
    words = next(part for part in re.findall(r"\w+ \w+ \w+", text) if text.count(part) == 1)
    with browser(chromium) as page:
        log_in(page, studio.server)
        page.goto(f"{studio.server.url}/projects")
        page.get_by_text(f"CDA {NAME}", exact=True).first.click()
        page.get_by_role("button", name="Label All Tasks").click()
        stream = Labelling.opened(page)
        page.get_by_text("lee_0001").first.wait_for()
        stream.mark("claim", words)
        stream.answer(words, responsibility="none")
        stream.submit(by_keyboard=True)

    pulled, checked = follow(newcomer, BLOCKS[1])
    assert pulled == f"changed annotations/lee_0001/{NAME}.json\n2 tasks: 1 changed\n"
    assert checked == "no problems\n"
    layer = store.read_layer((newcomer / f"annotations/lee_0001/{NAME}.json").read_bytes(), "")[0]
    assert layer is not None
    assert [(one.label, text[one.spans[0].start : one.spans[0].end]) for one in layer.mentions] == [("claim", words)]

    sending = [line for line in BLOCKS[2] if "studio stop" not in line]  # the other tests need it; TestStartAndStop stops one
    follow(newcomer, sending)
    assert git(newcomer, "diff", "--name-only", "main", "origin/annotations-of-4b22").split() == [f"annotations/lee_0001/{NAME}.json"]
    assert git(newcomer, "status", "--porcelain") == ""
    review = [sys.executable, str(ROOT / "scripts/review_changes.py"), "main", "origin/annotations-of-4b22"]
    assert typed(newcomer, [*review, "--owner", NAME]) == "no problems\n"
