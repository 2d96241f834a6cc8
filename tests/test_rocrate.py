"""ro-crate-metadata.json is read back by the rocrate library, and says of each file what the manifest says."""

import json
from pathlib import Path
from typing import Any

import pytest
from rocrate.rocrate import ROCrate

from corpus import manifest, release
from corpus.release import Plan
from corpus.release.hydrating import hydrated
from corpus.release.verifying import verified
from tests.conftest import TOY
from tests.test_release import withhold


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("crate") / "release"
    release.build(TOY, Plan(version="1.0.0", commit="0" * 40, date="2026-11-28"), folder)
    return folder


def graph(folder: Path) -> dict[str, dict[str, Any]]:
    value = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    return {one["@id"]: one for one in value["@graph"]}


def test_the_library_reads_every_file_of_the_release(built: Path) -> None:
    crate = ROCrate(built)
    held = manifest.manifest_of(built)
    parts = {one.id for one in crate.root_dataset["hasPart"]}
    assert parts | {"ro-crate-metadata.json", ".zenodo.json"} == set(held.files) | {"manifest.json"}
    assert all((built / one).is_file() for one in parts)
    assert crate.version == "1.2"
    root = crate.root_dataset
    assert (root["version"], root["identifier"], crate.datePublished.date().isoformat()) == (
        "1.0.0",
        f"urn:sha256:{held.digest}",
        held.date,
    )
    assert [one["name"] for one in root["isBasedOn"]] == [json.loads((TOY / "raw/toy/source.json").read_bytes())["title"]]
    for where, facts in held.files.items():
        if facts["rows"] is not None:
            one = crate.dereference(where)
            assert (one["sha256"], int(one["contentSize"])) == (facts["sha256"], (built / where).stat().st_size)


def test_what_the_library_writes_again_says_the_same(built: Path, tmp_path: Path) -> None:
    ROCrate(built).write(tmp_path / "again")
    ours, theirs = graph(built), graph(tmp_path / "again")
    assert theirs.keys() == ours.keys()
    for id, entity in ours.items():
        assert {key: theirs[id][key] for key in entity if key not in ("hasPart", "datePublished")} == {
            key: held for key, held in entity.items() if key not in ("hasPart", "datePublished")
        }, id


def test_every_name_that_is_pointed_at_is_in_the_graph(built: Path) -> None:
    entities = graph(built)
    pointed = {one["@id"] for held in entities.values() for value in held.values() for one in _pointers(value)}
    assert pointed - entities.keys() == {"https://w3id.org/ro/crate/1.2"}


def test_a_hydrated_release_names_the_shards_that_it_has(toy: Path, tmp_path: Path) -> None:
    withhold(toy)
    release.build(toy, Plan(version="1.0.0"), tmp_path / "r")
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (toy / "raw/toy").glob("*.txt")}
    held, _ = hydrated(tmp_path / "r", texts)
    entities = graph(tmp_path / "r")
    assert entities["./"]["identifier"] == f"urn:sha256:{held.digest}"
    shards = {where: facts["sha256"] for where, facts in held.files.items() if facts["rows"] is not None}
    assert {where: entities[where]["sha256"] for where in shards} == shards
    assert verified(tmp_path / "r")[1] == []


def _pointers(value: Any) -> list[dict[str, str]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
