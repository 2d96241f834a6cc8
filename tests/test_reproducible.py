"""One commit, one release: builds that differ in all that may differ are equal to the byte, and their digest needs no pyarrow."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus import manifest, tables
from corpus.release import Plan, build
from corpus.release.digest import of_release, of_rows
from tests.conftest import TOY

DIFFERENT = (
    {"TZ": "UTC", "LANG": "C", "PYTHONHASHSEED": "0", "umask": "022"},
    {"TZ": "Pacific/Kiritimati", "LANG": "C.UTF-8", "PYTHONHASHSEED": "1", "umask": "077"},
    {"TZ": "America/St_Johns", "LC_ALL": "POSIX", "PYTHONHASHSEED": "4294967295", "umask": "002"},
    {"TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "random", "umask": "000"},
    {"TZ": "Europe/Berlin", "PYTHONUTF8": "0", "ARROW_NUM_THREADS": "1", "umask": "027"},
    {"SOURCE_DATE_EPOCH": "1", "OMP_NUM_THREADS": "7", "COLUMNS": "20", "umask": "022"},
    {"NO_COLOR": "1", "PYTHONOPTIMIZE": "1", "HOME": "/nonexistent", "umask": "022"},
    {"LC_ALL": "C", "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": ".", "umask": "077"},
)


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def copied_in_order(to: Path, *, backwards: bool) -> Path:
    """The toy corpus with its files made in another order, so that folders list them otherwise."""
    for path in sorted((path for path in TOY.rglob("*") if path.is_file()), reverse=backwards):
        target = to / path.relative_to(TOY)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return to


def test_eight_builds_are_equal_to_the_byte(tmp_path: Path) -> None:
    found = []
    for nth, different in enumerate(DIFFERENT):
        place = tmp_path / ("deep/" * nth) / f"place {nth}"
        root = copied_in_order(place / "corpus", backwards=nth % 2 == 1)
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **{key: held for key, held in different.items() if key != "umask"}}
        program = [sys.executable, "-m", "corpus", "-C", str(root), "build", "1.0.0", "--out", str(place / "out"), "--quiet"]
        done = subprocess.run(program, env=env, cwd=place, capture_output=True, text=True, check=False, umask=int(different["umask"], 8))
        assert done.returncode == 0, done.stderr
        found.append(contents(place / "out"))
    assert len(found[0]) > 20
    assert all(one == found[0] for one in found)


def test_the_digest_is_reckoned_without_parquet(tmp_path: Path) -> None:
    """From rows as JSON, so that another pyarrow, or none, comes to the same."""
    held = build(TOY, Plan(version="1.0.0"), tmp_path / "out")
    rows: dict[str, list[dict[str, object]]] = {config: [] for config in tables.CONFIGS}
    for where in sorted(held.files):
        config = tables.config_of(where)
        if config is not None:
            rows[config] += json.loads(json.dumps(tables.rows_in(config, tmp_path / "out" / where)))
    ordered = {config: sorted(some, key=lambda row: str(row["document"])) for config, some in rows.items()}
    assert of_release(of_rows(ordered)) == held.digest  # type: ignore[arg-type]


@pytest.mark.long
def test_another_pyarrow_reads_the_same_rows_and_writes_the_same_digest(tmp_path: Path) -> None:
    """The whole build under the pyarrow before ours, in an environment of its own, made from the packages at hand."""
    ours = build(TOY, Plan(version="1.0.0"), tmp_path / "ours")
    target = tmp_path / "older"
    installed = subprocess.run(
        [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(target), "--no-deps", "pyarrow==25.0.0"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert installed.returncode == 0, installed.stderr
    program = "import sys, pyarrow; print(pyarrow.__version__); from corpus import cli; sys.exit(cli.main(sys.argv[1:]))"
    arguments = ["-C", str(TOY), "build", "1.0.0", "--no-cache", "--out", str(tmp_path / "theirs")]
    env = {**os.environ, "PYTHONPATH": str(target)}
    done = subprocess.run([sys.executable, "-c", program, *arguments], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split("\n")[0]) == (0, "25.0.0"), done.stderr
    assert manifest.manifest_of(tmp_path / "theirs").digest == ours.digest
