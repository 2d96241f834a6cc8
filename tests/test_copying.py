"""A hydrated copy: its papers agree with its manifest, say which release it was made from, and cite that alone."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from corpus import manifest, release
from corpus.card import citation, head_of
from corpus.card.copying import HYDRATED
from corpus.release import Plan
from corpus.release.hydrating import hydrated
from corpus.release.verifying import verified
from tests.test_release import contents, withhold

Run = Callable[..., tuple[int, str, str]]
CITING = ("CITATION.bib", "CITATION.cff", "citation.json", ".zenodo.json")


@pytest.fixture
def public(toy: Path, tmp_path: Path) -> Path:
    withhold(toy)
    release.build(toy, Plan(version="1.0.0", commit="0" * 40, date="2026-11-28"), tmp_path / "public")
    return tmp_path / "public"


@pytest.fixture
def copy(public: Path, tmp_path: Path, corpus: Run) -> Path:
    shutil.copytree(public, tmp_path / "copy")
    assert corpus("hydrate", str(tmp_path / "copy"))[0] == 0
    return tmp_path / "copy"


def test_what_cites_cites_the_release_to_the_byte(public: Path, copy: Path, corpus: Run) -> None:
    for name in CITING:
        assert (copy / name).read_bytes() == (public / name).read_bytes(), name
    for form in ("apa", "bibtex", "csl", "cff", "zenodo"):
        ours, theirs = (corpus("cite", str(folder), "--format", form) for folder in (copy, public))
        assert ours[:2] == theirs[:2]
        assert ("the release that it was made from is cited" in ours[2], theirs[2]) == (True, "")


def test_every_paper_names_both_digests_each_in_its_place(public: Path, copy: Path) -> None:
    before, after = manifest.manifest_of(public), manifest.manifest_of(copy)
    assert before.digest != after.digest
    assert (after.cited, after.released_digest, before.released_digest) == (before.digest, before.digest, None)
    words = (copy / "README.md").read_text(encoding="utf-8")
    assert {one["description"] for one in head_of(words)["configs"]} == {f"sha256:{after.digest}"}
    body = words.split("\n---\n", 1)[1]
    assert f"{HYDRATED} Its rows have the digest `{after.digest}`" in body
    assert citation.in_words(before) in body
    croissant = json.loads((copy / "croissant.json").read_bytes())
    assert (croissant["url"], croissant["distribution"][0]["sha256"]) == (f"urn:sha256:{after.digest}", after.digest)
    assert (croissant["citeAs"], croissant["isBasedOn"]) == (citation.in_words(before), f"urn:sha256:{before.digest}")
    graph = {one["@id"]: one for one in json.loads((copy / "ro-crate-metadata.json").read_bytes())["@graph"]}
    assert (graph["./"]["identifier"], graph["./"]["creditText"]) == (f"urn:sha256:{after.digest}", citation.in_words(before))
    assert graph["./"]["isBasedOn"][0] == {"@id": f"urn:sha256:{before.digest}"}
    assert graph[f"urn:sha256:{before.digest}"]["version"] == "1.0.0"
    assert verified(copy)[1] == []


def test_a_second_time_changes_nothing(copy: Path, corpus: Run) -> None:
    before = contents(copy)
    assert corpus("hydrate", str(copy))[0] == 0
    assert contents(copy) == before


def test_text_by_text_ends_where_all_at_once_does(public: Path, copy: Path, toy: Path) -> None:
    """Each step cites the release, and the last is equal to the byte."""
    digest = manifest.manifest_of(public).digest
    for path in sorted((toy / "raw/toy").glob("*.txt")):
        made, _ = hydrated(public, {path.stem: path.read_text(encoding="utf-8")})
        assert made.released_digest == digest
    assert contents(public) == contents(copy)


def test_what_is_built_with_texts_is_no_release(public: Path, toy: Path, tmp_path: Path, corpus: Run) -> None:
    assert public.is_dir()
    made = release.build(toy, Plan(version="1.0.0", all_texts=True), tmp_path / "own")
    assert (made.released_digest, made.cited) == (None, made.digest)
    assert "It is no release" in (tmp_path / "own/README.md").read_text(encoding="utf-8")
    assert "nobody else can get it" in corpus("cite", str(tmp_path / "own"))[2]
    assert yaml.safe_load((tmp_path / "own/CITATION.cff").read_text(encoding="utf-8"))["identifiers"][0]["value"] == f"sha256:{made.digest}"


def test_its_croissant_is_valid_without_a_warning(copy: Path) -> None:
    import mlcroissant

    dataset = mlcroissant.Dataset(str(copy / "croissant.json"), mapping={"release": str(copy)})
    issues = dataset.metadata.ctx.issues
    assert (list(issues.errors), list(issues.warnings)) == ([], [])
    assert all(record["documents/text"] for record in dataset.records("documents"))
