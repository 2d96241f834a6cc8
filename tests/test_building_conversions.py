"""Releases of what was converted: each source under its own licence, and what may not be passed on built for oneself only."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from corpus import cli, manifest, release
from corpus.card import citation, terms
from corpus.problems import CorpusError
from corpus.release import Plan
from tests.conftest import TOY
from tests.hub_standin import TOKEN, Hub, standin

Change = Callable[..., Path]
PRIVATE = {"licence": "none given", "annotation_licence": "none given", "text": "withheld", "hydrate": {"from": "file"}}
SHARED = {"licence": "CC-BY-NC-SA-4.0", "annotation_licence": "CC-BY-NC-SA-4.0", "text": "withheld", "hydrate": {"from": "file"}}
OPEN = {"licence": "CC-BY-2.5", "annotation_licence": "CC-BY-3.0"}


@pytest.fixture
def converted(toy: Path) -> Change:
    """The toy corpus as if it had been converted from another one, under some terms."""

    def change(**facts: object) -> Path:
        path = toy / "raw/toy/source.json"
        value = json.loads(path.read_text(encoding="utf-8")) | {"title": "Marsh Bridges Quotations"} | facts
        path.write_text(json.dumps(value), encoding="utf-8")
        for layer in toy.glob("annotations/*/*.json") if value["text"] == "withheld" else ():
            held = json.loads(layer.read_text(encoding="utf-8"))
            for mention in held.get("mentions", ()):
                for span in mention["spans"]:
                    span["quote"] = None
            layer.write_text(json.dumps(held), encoding="utf-8")
        shutil.rmtree(toy / "annotations/claims", ignore_errors=True)
        for gold in toy.glob("annotations/*/gold.json"):  # it names its layers by hash
            gold.unlink()
        cli.main(["-q", "-C", str(toy), "format"])
        return toy

    return change


def built(root: Path, out: Path, *, all_texts: bool = False) -> manifest.Manifest:
    return release.build(root, Plan(version="1.0.0", all_texts=all_texts), out)


def test_a_release_of_our_own_tells_no_terms(tmp_path: Path) -> None:
    made = built(TOY, tmp_path / "r")
    assert (made.terms, terms.licences(made), terms.authors(made)) == (None, ["CC-BY-4.0"], terms.AUTHORS)
    assert '"terms"' not in (tmp_path / "r/manifest.json").read_text(encoding="utf-8")


def test_a_conversion_goes_under_its_own_licence_and_name(converted: Change, tmp_path: Path) -> None:
    made = built(converted(**SHARED), tmp_path / "r")
    assert terms.licences(made) == ["CC-BY-NC-SA-4.0"]
    assert yaml.safe_load(citation.cff(made))["license"] == "CC-BY-NC-SA-4.0"
    assert json.loads(citation.zenodo(made))["license"] == "cc-by-nc-sa-4.0"
    assert "The makers of Marsh Bridges Quotations" in citation.in_words(made)
    papers = {one.name: one.read_text(encoding="utf-8") for one in (tmp_path / "r").iterdir() if one.is_file()}
    assert papers["README.md"].partition("\n---\n")[2].lstrip().startswith("# Marsh Bridges Quotations, in the scheme of CDA")
    assert json.loads(papers["croissant.json"])["license"] == "https://spdx.org/licenses/CC-BY-NC-SA-4.0.html"
    assert [name for name, words in papers.items() if "CC BY 4.0" in words or "CC-BY-4.0" in words] == []
    assert not release.verified(tmp_path / "r")[1]
    assert manifest.manifest_of(tmp_path / "r") == made


def test_licences_that_meet_are_said(converted: Change, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = converted(**OPEN)
    assert cli.main(["-C", str(root), "build", "1.0.0", "--out", str(tmp_path / "r")]) == 0
    assert "different licences meet in every config: CC-BY-2.5; CC-BY-3.0" in capsys.readouterr().out
    card = (tmp_path / "r/README.md").read_text(encoding="utf-8")
    assert "**Different licences meet in every config of this release: CC-BY-2.5; CC-BY-3.0.**" in card
    assert yaml.safe_load(citation.cff(manifest.manifest_of(tmp_path / "r")))["license"] == ["CC-BY-2.5", "CC-BY-3.0"]


def test_what_may_not_be_passed_on_is_built_for_oneself_only(converted: Change, tmp_path: Path) -> None:
    root = converted(**PRIVATE)
    with pytest.raises(CorpusError, match=r"annotations of toy may not be passed on .* --text all"):
        built(root, tmp_path / "r")
    assert not (tmp_path / "r").exists()
    made = built(root, tmp_path / "own", all_texts=True)
    assert (made.text, terms.licences(made)) == ("all", ["none given"])
    assert "license" not in yaml.safe_load(citation.cff(made))
    assert "license" not in json.loads(citation.zenodo(made))


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    from huggingface_hub import constants

    with standin(tmp_path / "hub", xet=False) as running:
        monkeypatch.setattr(constants, "ENDPOINT", running.url)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield running


def test_publish_refuses_it_and_takes_the_other(server: Hub, converted: Change, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built(converted(**PRIVATE), tmp_path / "own", all_texts=True)
    assert cli.main(["publish", str(tmp_path / "own"), "org/private"]) == 2
    assert "may not be passed on" in capsys.readouterr().err
    assert server.log == []  # refused before a word was sent
    built(converted(**SHARED), tmp_path / "shared")  # the same texts, as if their makers had allowed it
    assert cli.main(["publish", str(tmp_path / "shared"), "org/shared"]) == 0
    held = server.commits[server.tags["v1.0.0"]]
    assert manifest.from_bytes(server.content(held["manifest.json"]) or b"", "manifest.json").terms is not None
