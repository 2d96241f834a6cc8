"""What changed between two releases, told mention by mention, and the version that it asks for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus import codec, release, store
from corpus.problems import CorpusError
from corpus.release import Plan
from corpus.release.comparing import compared, least_version
from corpus.text import slice_check
from tests.conftest import TOY

Run = Callable[..., tuple[int, str, str]]
LAYER = "annotations/toy_0001/a3f1.json"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("old") / "release"
    release.build(TOY, Plan(version="1.2.3"), folder)
    return folder


def built(root: Path, version: str = "9.0.0", **more: Any) -> Path:
    out = root.parent / "new"
    release.build(root, Plan(version=version, **more), out)
    return out


def edit(root: Path, change: Callable[[dict[str, Any]], object]) -> None:
    value = json.loads((root / LAYER).read_bytes())
    change(value)
    layer = codec.annotations_from_json(value)
    store.write_layer(root, layer)


def told(old: Path, new: Path) -> tuple[str, list[tuple[str, str]]]:
    changes = compared(old, new)
    return changes.step, [(one.what, one.words) for one in changes.changes]


def test_nothing_changed_is_no_step(old: Path, toy: Path) -> None:
    assert told(old, built(toy)) == ("none", [])


def test_corrections_ask_for_a_patch_and_each_is_told(old: Path, toy: Path) -> None:
    def correct(value: dict[str, Any]) -> None:
        claim = next(one for one in value["mentions"] if one["label"] == "claim")
        claim["responsibility"] = "none"
        span = claim["spans"][0]
        span["start"] += 5
        text = (toy / "raw/toy/toy_0001.txt").read_text(encoding="utf-8")
        span["quote"] = text[span["start"] : span["end"]]
        span["check"] = slice_check(text, span["start"], span["end"])
        value["links"] = []

    edit(toy, correct)
    step, words = told(old, built(toy))
    assert step == "patch"
    assert ("mention-moved", "claim at 31-86 is now at 36-86") in words
    assert any(what == "attribute-changed" and "responsibility of the claim" in said for what, said in words)
    assert any(what == "link-removed" for what, _ in words)


def test_a_document_more_is_minor_and_one_less_is_major(old: Path, toy: Path) -> None:
    whole = built(toy)
    (toy / "annotations/toy_0002/4b22.json").unlink()
    fewer = toy.parent / "fewer"
    release.build(toy, Plan(version="9.0.0"), fewer)
    assert told(whole, fewer)[0] == "major"
    assert told(fewer, whole)[0] == "minor"
    assert ("layer-removed", "the reading by 4b22 removed") in told(whole, fewer)[1]


@pytest.mark.parametrize(("step", "least"), [("none", "1.2.3"), ("patch", "1.2.4"), ("minor", "1.3.0"), ("major", "2.0.0")])
def test_least_version(step: Any, least: str, old: Path, toy: Path) -> None:
    from dataclasses import replace

    assert least_version(replace(compared(old, old), step=step)) == least


def test_build_refuses_a_step_too_small_and_leaves_nothing(old: Path, toy: Path, corpus: Run) -> None:
    (toy / "annotations/toy_0002/4b22.json").unlink()
    with pytest.raises(CorpusError, match=r"1\.3\.0 is too small a step from 1\.2\.3: major changes ask for at least 2\.0\.0"):
        built(toy, "1.3.0", since=old)
    assert sorted(path.name for path in toy.parent.iterdir()) == ["toy"]
    assert corpus("build", "2.0.0", "--since", str(old), "--out", str(toy.parent / "new"))[0] == 0


def test_three_forms(old: Path, toy: Path, corpus: Run) -> None:
    (toy / "annotations/toy_0002/4b22.json").unlink()
    new = built(toy)
    code, said, _ = corpus("diff", str(old), str(new))
    assert (code, said.splitlines()[-1]) == (0, "2 changes from 1.2.3; step: major, so at least 2.0.0")
    assert json.loads(corpus("diff", str(old), str(new), "--format", "json")[1])["step"] == "major"
    assert corpus("diff", str(old), str(new), "--format", "markdown")[1].startswith("## 9.0.0\n")


def test_a_version_behind_the_released_one_is_refused(toy: Path) -> None:
    (toy / store.RELEASED).write_bytes(codec.canonical({"schema": "cda-released/1", "version": "3.0.0", "splits": {}, "counts": {}}))
    with pytest.raises(CorpusError, match=r"2\.9\.9 comes before 3\.0\.0"):
        built(toy, "2.9.9")
