"""croissant.json: valid to mlcroissant, and the records that it describes read back as what the release holds."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus import manifest, release, tables
from corpus.release import Plan
from tests.conftest import TOY

logging.getLogger("absl").setLevel(logging.ERROR)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("croissant") / "cda-corpus-1.0.0"
    release.build(TOY, Plan(version="1.0.0", date="2026-11-01"), folder)
    return folder


@pytest.fixture(scope="module")
def dataset(built: Path) -> Any:
    import mlcroissant

    return mlcroissant.Dataset(str(built / "croissant.json"), mapping={"release": str(built)})


def test_it_is_valid_without_a_warning(dataset: Any) -> None:
    issues = dataset.metadata.ctx.issues
    assert (list(issues.errors), list(issues.warnings)) == ([], [])
    assert dataset.metadata.version == "1.0.0"


@pytest.mark.parametrize("config", tables.CONFIGS)
def test_its_records_are_those_of_the_release(config: tables.Config, dataset: Any, built: Path) -> None:
    shards = [where for where in sorted(manifest.manifest_of(built).files) if tables.config_of(where) == config]
    held = [row for where in shards for row in tables.rows_in(config, built / where)]
    read = [plain(record) for record in dataset.records(config)]
    assert len(read) == len(held)
    by_key = sorted((described(row) for row in held), key=_key)
    assert sorted((described(row) for row in read), key=_key) == by_key


def test_every_word_that_the_vocabulary_has_is_one_that_it_knows(built: Path) -> None:
    """mlcroissant takes misspelt keys in silence, so the keys are held to the published vocabulary here."""
    value = json.loads((built / "croissant.json").read_text(encoding="utf-8"))
    known = (
        "dataCollection annotationsPerItem annotationPlatform dataAnnotationAnalysis dataBiases dataLimitations dataUseCases "
        "personalSensitiveInformation dataReleaseMaintenancePlan machineAnnotationTools"
    )
    assert {key.removeprefix("rai:") for key in value if key.startswith("rai:")} <= set(known.split())
    assert value["conformsTo"] == ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
    assert value["datePublished"] == "2026-11-01"


def plain(record: dict[str, Any]) -> dict[str, Any]:
    """Without the ids before the names, and text for bytes."""
    return {key.rpartition("/")[2]: _plain(held) for key, held in record.items()}


def _plain(held: Any) -> Any:
    if isinstance(held, dict):
        return plain(held)
    if isinstance(held, bytes):
        return held.decode("utf-8")
    if isinstance(held, list):
        return [_plain(one) for one in held]
    return held.item() if hasattr(held, "item") else held  # a number of numpy


def described(row: dict[str, Any]) -> dict[str, Any]:
    """The scalars and lists of scalars of a row: what Croissant has whole. Lists of structs are held by their ids."""
    return dict(_described(row))


def _described(row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, held in row.items():
        if isinstance(held, list) and held and isinstance(held[0], dict):
            ids = [one.get("id") for one in held]
            yield from [(key, ids)] if any(ids) else []
        elif isinstance(held, str | int | float):
            yield key, held
        elif isinstance(held, dict) and isinstance(held.get("id"), str):
            yield key, held["id"]


def _key(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, default=str)
