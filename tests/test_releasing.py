"""What a maintainer runs at a release: one version everywhere, and a page of steps whose programs and files are there."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from scripts import set_version

from corpus.cli import COMMANDS
from tests.conftest import ROOT

FILES = ("src/corpus/__init__.py", "pyproject.toml", "CITATION.cff", "README.md", "CHANGELOG.md")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for where in FILES:
        (tmp_path / where).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / where, tmp_path / where)
    log = tmp_path / "CHANGELOG.md"
    log.write_text("# Changes\n\n## Unreleased, on the way\n\n- more\n\n## [0.0.1] - 2026-01-01\n", encoding="utf-8")
    for folder in ("raw", "annotations"):
        (tmp_path / folder).mkdir()
    return tmp_path


def test_every_place_says_one_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert set_version.main(["--check", "-C", str(ROOT)]) == 0, capsys.readouterr().out


def test_a_version_is_given_to_every_place_and_the_second_time_changes_nothing(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["7.8.9", "--date", "2026-11-28", "-C", str(copied)]
    assert set_version.main(argv) == 0
    assert sorted(line.split()[0] for line in capsys.readouterr().out.splitlines()) == sorted(FILES)
    assert set_version.main(argv) == 0
    assert set_version.main(["--check", "-C", str(copied)]) == 0
    assert capsys.readouterr().out == "one version everywhere\n"
    facts = yaml.safe_load((copied / "CITATION.cff").read_text(encoding="utf-8"))
    assert (facts["version"], facts["date-released"]) == ("7.8.9", "2026-11-28")
    assert "## [7.8.9] - 2026-11-28\n\n- more" in (copied / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "corpus build 7.8.9 " in (copied / "README.md").read_text(encoding="utf-8")


def test_a_place_left_behind_is_told_and_wrong_use_writes_nothing(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = copied / "CITATION.cff"
    path.write_text(re.sub(r"(?m)^version: .*$", "version: 0.0.1", path.read_text(encoding="utf-8")), encoding="utf-8")
    assert set_version.main(["--check", "-C", str(copied)]) == 1
    assert "CITATION.cff: 0.0.1" in capsys.readouterr().out
    before = path.read_bytes()
    for argv in (["1.0"], ["1.0.0"], ["1.0.0", "--date", "tomorrow"]):
        with pytest.raises((SystemExit, ValueError)):
            set_version.main([*argv, "-C", str(copied)])
    (copied / "CHANGELOG.md").write_text("# Changes\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="no heading"):
        set_version.main(["1.0.0", "--date", "2026-11-28", "-C", str(copied)])
    assert path.read_bytes() == before


def test_the_page_names_commands_and_files_that_are_there() -> None:
    page = (ROOT / "docs" / "RELEASING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"bin/corpus (\w+)", page)) <= set(COMMANDS)
    for where in re.findall(r"\b(?:scripts|tests|src|annotations)/[\w./-]+\w", page):
        assert (ROOT / where).exists() or "<" in where or where.endswith(("released.json", "migrate_")), where
    assert {target for line in re.findall(r"\bmake ([a-z-]+)", page) for target in [line]} <= set(
        re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"))
    )
