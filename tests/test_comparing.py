"""What changed between two releases, told mention by mention, and the version that it asks for."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus import codec, release, store
from corpus.problems import CorpusError
from corpus.release import Plan
from corpus.release.comparing import compared, least_version
from corpus.splits import split_of
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


def disagree(toy: Path) -> None:
    """One of the two readers of toy_0003 no longer marks a cue, and gold names the layer as it is now."""
    where = "annotations/toy_0003/a3f1.json"
    value = json.loads((toy / where).read_bytes())
    cue = next(one["id"] for one in value["mentions"] if one["label"] == "cue")
    value["mentions"] = [one for one in value["mentions"] if one["id"] != cue]
    for one in value["attributions"]:
        one["cues"] = [id for id in one["cues"] if id != cue]
    value["attributions"] = [one for one in value["attributions"] if one["sources"] or one["cues"]]
    layer = codec.annotations_from_json(value)
    store.write_layer(toy, layer)
    gold = json.loads((toy / "annotations/toy_0003/gold.json").read_bytes())
    for named in gold["made_from"]:
        named["sha256"] = hashlib.sha256((toy / f"annotations/toy_0003/{named['annotator']}.json").read_bytes()).hexdigest()
    (toy / "annotations/toy_0003/gold.json").write_bytes(codec.canonical(gold))


def test_agreement_that_changed_is_told_over_all_and_by_document(old: Path, toy: Path, corpus: Run) -> None:
    disagree(toy)
    new = built(toy)
    found = [one for one in compared(old, new).changes if one.what == "agreement-changed"]
    (single,) = (one for one in found if one.document)
    assert (single.document, single.annotator) == ("toy_0003", None)
    assert "mention F1, exact of cue 1.000 is now 0." in single.words
    overall = [one.words for one in found if not one.document]
    assert any(words.startswith("mention F1, exact of cue: 1.000 is now 0.") and words.endswith(")") for words in overall)
    assert not any(words.startswith("mention F1, exact of source") for words in overall)
    assert "toy_0003 - [agreement-changed] agreement: " in corpus("diff", str(old), str(new))[1]
    told = json.loads(corpus("diff", str(old), str(new), "--format", "json")[1])
    assert (told["step"], {one["what"] for one in told["changes"]} >= {"agreement-changed", "mention-removed"}) == ("patch", True)
    page = corpus("diff", str(old), str(new), "--format", "markdown")[1]
    assert f"- agreement changed: {len(found)}\n" in page
    assert f"\n### toy_0003\n\n- {single.words}" in page


def test_agreement_that_is_no_longer_told(old: Path, toy: Path) -> None:
    for name in ("gold", "4b22"):
        (toy / f"annotations/toy_0003/{name}.json").unlink()
    shutil.rmtree(toy / store.CLAIMS)
    assert ("agreement-changed", "agreement of 4b22, a3f1 over 1 article is no longer told") in told(old, built(toy))[1]


def test_the_change_log_is_drafted_as_it_is_kept(old: Path, toy: Path, corpus: Run) -> None:
    """By the sections of Keep a Changelog, in their order, each only where it has something to say."""
    (toy / "annotations/toy_0002/4b22.json").unlink()
    disagree(toy)
    new = built(toy)
    lines = corpus("diff", str(old), str(new), "--format", "changelog")[1].splitlines()
    assert lines[:3] == ["## [9.0.0] - unreleased", "", "A major step from 1.2.3."]
    assert [line for line in lines if line.startswith("### ")] == ["### Changed", "### Removed", "### Fixed"]
    assert "- toy_0002: removed" in lines
    assert "- readings by `4b22`: 1, of toy_0002" in lines
    assert "- articles whose agreement changed: 1, namely toy_0003" in lines
    assert "- mentions removed: 1, in toy_0003" in lines
    forwards = corpus("diff", str(new), str(old), "--format", "changelog")[1].splitlines()
    assert "- articles: 1, namely toy_0002" in forwards
    assert corpus("diff", str(old), str(old), "--format", "changelog")[1].splitlines()[2] == "The same data as 1.2.3."


def test_words_of_an_annotator_are_no_markup_in_a_change_log_and_steer_no_terminal(old: Path, toy: Path, corpus: Run) -> None:
    def named(value: dict[str, Any]) -> None:
        next(one for one in value["mentions"] if one["label"] == "source")["canonical_source"] = "<b>[x](y)</b>\n## z\x1b[31m"

    edit(toy, named)
    new = built(toy)
    for form in ("text", "markdown", "changelog", "json"):
        said = corpus("diff", str(old), str(new), "--format", form)[1]
        assert ("\x1b" in said, "\n## z" in said) == (False, False), form
    page = corpus("diff", str(old), str(new), "--format", "markdown")[1]
    assert "\\<b\\>\\[x\\](y)\\</b\\> \\#\\# z" in page


def test_build_compares_with_the_latest_earlier_release_beside_it(toy: Path, corpus: Run) -> None:
    assert corpus("build", "1.2.3")[0] == 0
    assert corpus("build", "1.2.2")[0] == 0
    assert "the step from cda-corpus-1.2.3 to 1.2.4 is large enough" in corpus("build", "1.2.4")[1]
    (toy / "annotations/toy_0002/4b22.json").unlink()
    code, _, told = corpus("build", "1.9.0")
    assert (code, "1.9.0 is too small a step from 1.2.4" in told) == (2, True), told
    assert sorted(path.name for path in (toy / "dist").iterdir()) == [f"cda-corpus-1.2.{nth}" for nth in (2, 3, 4)]
    assert corpus("build", "2.0.0")[0] == 0


def _outlet(toy: Path) -> None:
    path = toy / "raw/toy/toy_0001.json"
    path.write_bytes(path.read_bytes().replace(b"Ostermark Courier", b"Ostermark Herald"))


def _guidelines(toy: Path) -> None:
    edit(toy, lambda value: value.update(guidelines="0.2"))


def _unattributed(toy: Path) -> None:
    """A claim is the writer's own now; who was its source is that of another hub, too."""

    def give_away(value: dict[str, Any]) -> None:
        hubs = {one["id"] for one in value["mentions"] if one["label"] == "claim"}
        gone = next(one for one in value["attributions"] if one["hub"] in hubs)
        value["attributions"].remove(gone)
        for name in ("sources", "cues"):
            kept = value["attributions"][0][name]
            kept += [one for one in gone[name] if one not in kept]

    edit(toy, give_away)


def _unregistered(toy: Path) -> None:
    path = toy / store.CLAIMS / "varn-flood.json"
    value = json.loads(path.read_bytes())
    value["members"].pop()
    path.write_bytes(codec.canonical(value))


def _statement(toy: Path) -> None:
    path = toy / store.CLAIMS / "varn-flood.json"
    path.write_bytes(path.read_bytes().replace(b"responsible for the flood", b"behind the flood"))


@pytest.mark.parametrize(
    ("change", "what", "words"),
    [
        (_outlet, "fact-changed", "other facts: outlet"),
        (_guidelines, "fact-changed", "other facts of the reading: guidelines"),
        (_unattributed, "attribution-removed", "is no longer attributed"),
        (_unregistered, "registry-changed", "registry of claims: no longer in varn-flood (denies, m5)"),
        (_statement, "fact-changed", "its rows differ"),
    ],
)
def test_whatever_the_digest_tells_the_diff_tells(change: Callable[[Path], None], what: str, words: str, old: Path, toy: Path) -> None:
    change(toy)
    new = built(toy)
    step, found = told(old, new)
    assert step == "patch"
    assert any(sort == what and words in said for sort, said in found), found
    if change is _unattributed:
        assert any(sort == "attribution-added" for sort, _ in told(new, old)[1])


def test_build_refuses_to_move_a_released_article_to_another_split(old: Path, toy: Path) -> None:
    """Whatever the step of the version, and though no released.json says where it was."""
    path = toy / "raw/toy/toy_0001.json"
    story = next(name for name in map("story-{}".format, range(20)) if split_of(name) == "test")
    path.write_bytes(path.read_bytes().replace(b'"story": null', f'"story": "{story}"'.encode()))
    with pytest.raises(CorpusError, match=r"toy_0001 would be moved from train to test since 1\.2\.3"):
        built(toy, "9.0.0", since=old)
    assert sorted(one.name for one in toy.parent.iterdir()) == ["toy"]
    assert told(old, built(toy))[0] == "major"
