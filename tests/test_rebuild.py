"""The last release is built again from its tag, in a repository with a real tag, and compared with what was released."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from scripts import rebuild_release

from corpus import manifest
from tests.conftest import TOY
from tests.test_release import contents

Said = pytest.CaptureFixture[str]
Run = Callable[..., tuple[int, str, str]]


def git(root: Path, *command: str) -> str:
    names = {f"GIT_{who}_{what}": "nobody@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = {"PATH": os.environ["PATH"], "HOME": str(root.parent), "GIT_CONFIG_NOSYSTEM": "1", **names}
    return subprocess.run(["git", "-C", str(root), *command], env=env, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The toy corpus under git, as a folder that other tests may not see."""
    root = tmp_path / "corpus"
    shutil.copytree(TOY, root)
    (root / ".gitignore").write_text("/dist/\n", encoding="utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    committed(root)
    return root


def committed(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "State of the corpus")


def released(root: Path, version: str) -> Path:
    """As docs/RELEASING.md says: build from a clean commit, tag it with the hash of the manifest."""
    out = root / "dist" / f"cda-corpus-{version}"
    subprocess.run(
        [sys.executable, "-m", "corpus", "-C", str(root), "build", version, "--quiet"], check=True, capture_output=True, text=True
    )
    held = hashlib.sha256((out / manifest.NAME).read_bytes()).hexdigest()
    git(root, "tag", "--annotate", f"v{version}", "--message", f"Release {version}\n\nmanifest sha256:{held}\n")
    return out


def moved_on(root: Path) -> None:
    """Later work: an article more is corrected, which the release does not have."""
    path = root / "raw/toy/toy_0001.json"
    path.write_bytes(path.read_bytes().replace(b"Ostermark Courier", b"Ostermark Herald"))
    committed(root)


def test_a_release_is_equal_to_what_its_tag_gives_and_one_changed_byte_is_told(repository: Path, capsys: Said) -> None:
    out = released(repository, "1.0.0")
    held = manifest.manifest_of(out)
    assert (held.commit, held.date is not None) == (git(repository, "rev-parse", "HEAD"), True)
    moved_on(repository)
    before = contents(repository / "dist")
    assert rebuild_release.main(["-C", str(repository), "--against", str(out)]) == 0
    assert capsys.readouterr().out == f"v1.0.0: rebuilt from its tag, {len(held.files) + 1} files are equal to the byte\n"
    assert contents(repository / "dist") == before
    assert git(repository, "status", "--porcelain") == ""
    path = out / "CITATION.bib"
    path.write_bytes(path.read_bytes().replace(b"Claims", b"claims"))
    assert rebuild_release.main(["-C", str(repository), "--against", str(out)]) == 1
    said = capsys.readouterr().out
    assert said == f"v1.0.0: rebuilt from its tag, 1 of {len(held.files) + 1} files differ: CITATION.bib; the rows are the same\n"


@pytest.mark.long
def test_a_tag_that_names_another_manifest_is_told(repository: Path, capsys: Said) -> None:
    released(repository, "1.0.0")
    moved_on(repository)
    git(repository, "tag", "--annotate", "v1.0.1", "--message", f"manifest sha256:{'0' * 64}")
    assert rebuild_release.main(["-C", str(repository)]) == 1
    assert "the tag names 000000000000…" in capsys.readouterr().out
    assert rebuild_release.main(["v1.0.0", "-C", str(repository)]) == 0


@pytest.mark.long
def test_rows_that_differ_are_told(repository: Path, capsys: Said) -> None:
    out = released(repository, "1.0.0")
    moved_on(repository)
    git(repository, "tag", "--annotate", "--force", "v1.0.0", "--message", "moved, which nobody may")
    assert rebuild_release.main(["-C", str(repository), "--against", str(out)]) == 1
    assert "; the rows differ" in capsys.readouterr().out


def test_the_last_tag_is_that_of_the_highest_version(repository: Path) -> None:
    for name in ("v0.9.0", "v0.10.0", "v0.10.0-rc1", "vintage", "data-1.0.0"):
        git(repository, "tag", name)
    assert rebuild_release.last_tag(repository) == "v0.10.0"


def _nothing(root: Path) -> list[str]:
    return []


def _no_hash(root: Path) -> list[str]:
    git(root, "tag", "--annotate", "v1.0.0", "--message", "Release 1.0.0")
    return []


def _not_clean(root: Path) -> list[str]:
    (root / "annotations/toy_0002/4b22.json").write_text("{", encoding="utf-8")
    committed(root)
    git(root, "tag", "--annotate", "v1.0.0", "--message", "Release 1.0.0")
    return []


@pytest.mark.parametrize(
    ("make", "argv", "code", "said"),
    [
        (_nothing, [], 0, "no release has been tagged yet"),
        (_nothing, ["v7.0.0"], 2, "git checkout failed"),
        (_nothing, ["main"], 2, "'main' is no tag of a release"),
        (_no_hash, [], 2, "names no manifest"),
        (_not_clean, [], 2, "v1.0.0 does not build"),
    ],
)
def test_what_cannot_be_compared_is_said(
    make: Callable[[Path], list[str]], argv: list[str], code: int, said: str, repository: Path, capsys: Said
) -> None:
    make(repository)
    assert rebuild_release.main([*argv, "-C", str(repository)]) == code
    told = capsys.readouterr()
    assert said in told.out + told.err


def test_a_release_that_a_tag_names_is_not_built_over(repository: Path, corpus: Run) -> None:
    out = released(repository, "1.0.0")
    before = contents(out)
    assert corpus("-C", str(repository), "build", "1.0.0")[0] == 0  # the same again
    assert contents(out) == before
    assert "as v1.0.0 names it" in corpus("-C", str(repository), "build", "1.0.0", "--text", "all")[2]
    assert "as v1.0.0 names it" in corpus("-C", str(repository), "build", "1.1.0", "--out", str(out))[2]
    assert "as v1.0.0 names it" in corpus("-C", str(repository), "build", "1.0.0", "--configs", "denials")[2]
    moved_on(repository)
    code, _, err = corpus("-C", str(repository), "build", "1.0.0")
    assert (code, "give the next version, or another folder" in err) == (2, True), err
    assert contents(out) == before
    assert corpus("-C", str(repository), "build", "1.0.0", "--out", str(out.with_name("draft")))[0] == 0
