"""The command `corpus score`: gold and predictions from corpora, folders, files and lines; a table, JSON, Markdown; refusals."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

Run = Callable[..., tuple[int, str, str]]
GOLDEN = ROOT / "tests" / "golden"
TOGETHER = ("--only", "toy_0001", "toy_0003", "--pred-by", "a3f1")


def lines(toy: Path, *names: str) -> str:
    held = (json.loads((toy / f"annotations/{name}.json").read_text(encoding="utf-8")) for name in names)
    return "".join(json.dumps(one) + "\n" for one in held)


@pytest.mark.parametrize(("form", "name"), [("markdown", "score.md"), ("json", "score.json")])
def test_golden(toy: Path, corpus: Run, form: str, name: str) -> None:
    """All figures of the toy corpus. A wanted change: `GOLDEN=write make test`, then read the diff."""
    code, words, said = corpus("score", str(toy), str(toy), *TOGETHER, "--by", "split", "source", "--format", form)
    if os.environ.get("GOLDEN") == "write":
        (GOLDEN / name).write_text(words, encoding="utf-8")
    assert code == 0, said
    assert (GOLDEN / name).read_text(encoding="utf-8") == words, f"{name} differs; if that is wanted: GOLDEN=write make test"


def test_a_person_sees_a_table_for_each_measure(toy: Path, corpus: Run) -> None:
    code, words, _ = corpus("score", str(toy), str(toy), *TOGETHER, "--by", "split")
    assert code == 0
    for title in ("toy:a3f1: 2 articles", "mention, exact", "attribution, overlap", "By split: F1, overlap"):
        assert title in words


def test_lines_a_folder_and_a_corpus_give_the_same_figures(toy: Path, tmp_path: Path, corpus: Run) -> None:
    system = lines(toy, "toy_0001/a3f1", "toy_0003/a3f1")
    (tmp_path / "toy:a3f1").mkdir()
    for nth, line in enumerate(system.splitlines()):
        (tmp_path / "toy:a3f1" / f"{nth}.json").write_text(line, encoding="utf-8")
    (tmp_path / "s.jsonl").write_text(system, encoding="utf-8")
    asked = [(str(toy), *TOGETHER), (str(tmp_path / "toy:a3f1"), *TOGETHER[:3]), (str(tmp_path / "s.jsonl"), *TOGETHER[:3])]
    told = [json.loads(corpus("score", str(toy), *one, "--format", "json")[1])["systems"][0]["whole"] for one in asked]
    assert told[0] == told[1] == told[2]


def test_two_systems_are_compared(toy: Path, corpus: Run) -> None:
    both = (str(toy), str(toy), str(toy), "--only", "toy_0003", "--pred-by", "a3f1", "4b22")
    contest = json.loads(corpus("score", *both, "--format", "json")[1])["contest"]
    assert contest["systems"] == ["toy:a3f1", "toy:4b22"]
    assert {one["p"] for one in contest["differences"]} <= {None, 1.0}  # of a single article nothing can be told
    assert "approximate randomisation" in corpus("score", *both)[1]
    assert "### toy:a3f1 and toy:4b22" in corpus("score", *both, "--format", "markdown")[1]


def test_layers_without_records_are_scored_too(toy: Path, tmp_path: Path, corpus: Run) -> None:
    gold, system = tmp_path / "gold.json", tmp_path / "system.json"
    gold.write_bytes((toy / "annotations/toy_0003/gold.json").read_bytes())
    system.write_bytes((toy / "annotations/toy_0003/4b22.json").read_bytes())
    assert corpus("score", str(gold), str(system))[0] == 0
    code, _, said = corpus("score", str(gold), str(system), "--split", "test")
    assert (code, "give the corpus itself as GOLD" in said) == (2, True)


def test_a_submission_that_cannot_be_scored_is_refused_with_all_that_is_wrong(toy: Path, tmp_path: Path, corpus: Run) -> None:
    value = json.loads(lines(toy, "toy_0003/a3f1"))
    value["mentions"][0]["label"] = "speaker"
    (tmp_path / "s.jsonl").write_text(json.dumps(value) + "\n" + lines(toy, "toy_0001/a3f1") + "{\n", encoding="utf-8")
    code, words, _ = corpus("score", str(toy), str(tmp_path / "s.jsonl"))
    assert code == 1
    assert "s.jsonl:1 /mentions/0/label [matches-schema]" in words
    assert "s.jsonl:3 / [json-is-well-formed]" in words
    assert "toy_0002 / [article-is-predicted]" in words


def test_only_asking(toy: Path, corpus: Run) -> None:
    code, words, _ = corpus("score", str(toy), str(toy), *TOGETHER, "--check")
    assert (code, words) == (0, "2 articles: can be scored\n")
    assert corpus("score", str(toy), str(toy), "--check")[0] == 1


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("{toy}", "nowhere.jsonl"), "there is no nowhere.jsonl"),
        (("{toy}", "{toy}/raw"), "holds no layer"),
        (("{toy}", "{toy}", "--pred-by", "ffff"), "no layer by 'ffff'; it has some by: 4b22, a3f1, gold"),
        (("{toy}", "{toy}", "--only", "toy_9999"), "no reading of record of toy_9999"),
        (("{toy}", "{toy}", "--pred-by", "a3f1", "4b22"), "one annotator for each PRED"),
        (("{toy}", "{toy}", "{toy}", "{toy}"), "more than two are not"),
        (("{toy}/annotations", "{toy}"), "several layers of one article"),
    ],
)
def test_wrong_use(toy: Path, corpus: Run, asked: tuple[str, ...], told: str) -> None:
    code, _, said = corpus("score", *(one.format(toy=toy) for one in asked))
    assert (code, told in said) == (2, True), said


def test_every_format_can_be_gold_or_prediction(toy: Path, tmp_path: Path, corpus: Run) -> None:
    assert corpus("convert", "--from", "corpus", str(toy), "--to", "brat", str(tmp_path / "brat"))[0] == 0
    plain = json.loads(corpus("score", str(toy), str(toy), *TOGETHER, "--format", "json")[1])
    system = json.loads(corpus("score", str(toy), str(tmp_path / "brat"), *TOGETHER, "--pred-from", "brat", "--format", "json")[1])
    both = ("score", str(tmp_path / "brat"), str(toy), *TOGETHER, "--gold-from", "brat", "--format", "json")
    gold = json.loads(corpus(*both)[1])
    assert system["systems"][0]["system"] == "brat:brat:a3f1"
    assert plain["systems"][0]["whole"] == system["systems"][0]["whole"] == gold["systems"][0]["whole"]


def test_hubs_without_labels_and_outermost_ones_alone(toy: Path, corpus: Run) -> None:
    def found(*asked: str) -> dict[tuple[str, str], int]:
        told = json.loads(corpus("score", str(toy), str(toy), *TOGETHER, *asked, "--format", "json")[1])
        return {(one["measure"], one["of"]): one["gold"] for one in told["systems"][0]["whole"]["scores"]}

    whole, plain, outer = found(), found("--hubs-as-content"), found("--hubs-as-content", "--outermost")
    of_hubs = [whole["mention_exact", label] for label in ("claim", "denial", "content")]
    assert min(of_hubs[:2]) > 0
    assert plain["mention_exact", "content"] == sum(of_hubs)
    assert plain["mention_exact", "claim"] == plain["link_exact", "all types"] == 0
    assert outer["mention_exact", "hub"] <= plain["mention_exact", "hub"]
