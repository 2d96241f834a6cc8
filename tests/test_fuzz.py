"""A minute of random bytes, bred from clean exports by coverage: the reader and the importer refuse in words and never raise."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clean_exports import clean_exports
from tests.conftest import ROOT, absent

SECONDS, SEED = 60, 1


@pytest.fixture
def bred_from(tmp_path: Path) -> Path:
    """The clean exports, each a file for libFuzzer to start from."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for clean in clean_exports():
        (folder / clean.name.replace(" ", "-")).write_bytes(clean.packed)
    return folder


@pytest.mark.long
def test_no_bytes_raise(bred_from: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        absent("atheris is not installed: run make setup on Linux")
    limits = [f"-max_total_time={SECONDS}", f"-seed={SEED}", "-max_len=40000", "-timeout=20"]
    options = [*limits, f"-artifact_prefix={tmp_path}/", "-print_final_stats=1"]
    command = [sys.executable, "-m", "tests.fuzz_reader", str(bred_from), *options]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False)
    runs = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert runs is not None
    assert int(runs[1]) > 1000
