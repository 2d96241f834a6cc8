"""Pairs across articles: which are put, what the page shows, what comes back, and what follows for the registry."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

from corpus import audit, codec, release, schema, store
from corpus.agreement import judged
from corpus.judgement import Answer, Hub, Judgement, Judgements, Pair
from corpus.pairs import page
from corpus.pairs.candidates import candidates
from corpus.release import Plan
from tests.conftest import TOY

Run = Callable[..., tuple[int, str, str]]

CLAIM = Hub(document="toy_0001", mention="m3", check="8dc0c9110575")
DENIAL = Hub(document="toy_0003", mention="m5", check="f77b9be93619")
OTHER = Hub(document="toy_0003", mention="m14", check="2ad8a7049d7c")
FIRST, SECOND = Pair(statement=DENIAL, claim=CLAIM), Pair(statement=OTHER, claim=CLAIM)
WORDS = (TOY / "raw/toy/toy_0003.txt").read_text(encoding="utf-8")


@pytest.fixture
def told(toy: Path) -> Path:
    """The toy corpus with a claim that one article asserts, and another of the same story."""
    register(toy, "mill-fire", (CLAIM, "asserts"))
    for name in ("toy_0001", "toy_0003"):
        path = toy / f"raw/toy/{name}.json"
        path.write_bytes(codec.canonical(json.loads(path.read_text(encoding="utf-8")) | {"story": "ostermark"}))
    return toy


def register(root: Path, name: str, *members: tuple[Hub, str]) -> None:
    held = [{"document": hub.document, "mention": hub.mention, "check": hub.check, "stance": stance} for hub, stance in members]
    value = {"schema": "cda-claim/1", "id": name, "statement": "The mill at Ostermark was set on fire.", "members": held}
    store.write(root / f"{store.CLAIMS}/{name}.json", codec.canonical(value))


def members(root: Path, name: str = "mill-fire") -> list[tuple[str, str, str]]:
    value = json.loads((root / f"{store.CLAIMS}/{name}.json").read_text(encoding="utf-8"))
    return [(one["document"], one["mention"], one["stance"]) for one in value["members"]]


def tasks_of(root: Path, corpus: Run, annotator: str) -> list[dict[str, Any]]:
    out = root.parent / "pairs.json"
    code, said, _ = corpus("pairs", "push", "mill-fire", "--annotator", annotator, "--stories", "--out", str(out))
    assert code == 0, said
    held: list[dict[str, Any]] = json.loads(out.read_text(encoding="utf-8"))
    return held


def exported(root: Path, made: list[dict[str, Any]], *answers: str) -> Path:
    """The tasks as a server exports them: answered in order, "skip" for skipped, the rest untouched."""
    path = root.parent / "export.json"
    told = []
    for at, task in enumerate(made):
        answer = answers[at] if at < len(answers) else None
        value = {"choices": [answer]}
        row = {"id": "x1", "from_name": "answer", "to_name": "claim", "type": "choices", "origin": "manual", "value": value}
        done = {
            "was_cancelled": answer == "skip",
            "result": [] if answer == "skip" else [row],
            "completed_by": {"email": "x@example.org"},
            "lead_time": 12.5,
        }
        told.append({"id": at, "data": task["data"], "annotations": [done] if answer else []})
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def stored(root: Path, annotator: str) -> dict[str, str]:
    value = json.loads((root / store.judgements_path(annotator)).read_text(encoding="utf-8"))
    return {one["statement"]["mention"]: one["answer"] for one in value["judgements"]}


def test_the_page_and_the_schemas_offer_the_same_answers() -> None:
    one = schema.load("judgements")["properties"]["judgements"]["items"]["properties"]
    row = schema.load("judged")["$defs"]["row"]["properties"]["value"]["properties"]["choices"]["items"]
    shown = [choice.get("value") for choice in ET.fromstring(page.labelling_page()).iter("Choice")]
    assert one["answer"]["enum"] == row["enum"] == shown == list(get_args(Answer))
    hub = schema.load("judgements")["$defs"]["hub"]["properties"]
    assert [field.name for field in fields(Hub)] == list(hub) == list(schema.load("judged")["$defs"]["hub"]["properties"])


def test_pairs_join_two_articles_and_come_from_registry_and_story(told: Path) -> None:
    register(told, "mill-fire", (CLAIM, "asserts"), (DENIAL, "denies"))
    holdings = store.read(told).holdings
    assert candidates(holdings) == [FIRST]
    assert [one.statement.mention for one in candidates(holdings, claims=["mill-fire"], stories=True)] == ["m14", "m5", "m8"]
    assert candidates(holdings, claims=["varn-flood"], stories=True) == [
        Pair(
            statement=Hub(document="toy_0001", mention=id, check=check), claim=Hub(document="toy_0003", mention="m3", check="b17e758aed3b")
        )
        for id, check in (("m6", "6fcaf4a14d4b"), ("m7", "42ff84a51fd3"))
    ]


def test_a_task_shows_both_texts_and_nothing_of_the_registry(told: Path) -> None:
    register(told, "mill-fire", (CLAIM, "asserts"), (DENIAL, "denies"))
    data = page.to_task(FIRST, store.read(told).holdings, "a3f1")["data"]
    assert data["statement_words"] == "“the claim”"
    assert data["statement_text"].replace("<mark>", "").replace("</mark>", "") == WORDS.replace("&", "&amp;").replace("'", "&#x27;")
    assert "<mark>the claim</mark>" in data["statement_text"]
    assert "denies" not in json.dumps(data)
    moved = page.to_task(Pair(statement=OTHER, claim=CLAIM), store.read(told).holdings, "a3f1")["data"]
    assert moved["text_sha256"] != data["text_sha256"]


def test_answers_come_back_one_file_an_annotator(told: Path, corpus: Run) -> None:
    made = tasks_of(told, corpus, "a3f1")
    assert [task["data"]["statement"]["mention"] for task in made] == ["m14", "m5", "m8"]
    export = exported(told, made, "neither", "denies", "skip")
    code, said, _ = corpus("pairs", "pull", str(export))
    assert (code, said) == (0, "changed annotations/claims/judgements/a3f1.json\n3 pairs: 2 changed\n")
    assert stored(told, "a3f1") == {"m14": "neither", "m5": "denies"}
    assert corpus("check")[:2] == (0, "no problems\n")
    assert corpus("pairs", "pull", str(export))[:2] == (0, "3 pairs: 2 unchanged\n")
    words = (told / store.judgements_path("a3f1")).read_text(encoding="utf-8")
    assert not [part for part in ("the claim", "example.org", "mill") if part in words]


def test_an_answer_that_changed_here_and_there_is_asked_about(told: Path, corpus: Run) -> None:
    made = tasks_of(told, corpus, "a3f1")
    corpus("pairs", "pull", str(exported(told, made, "neither", "denies")))
    path = told / store.judgements_path("a3f1")
    path.write_text(path.read_text(encoding="utf-8").replace('"denies"', '"cannot_tell"'), encoding="utf-8")
    assert corpus("pairs", "pull", str(exported(told, made, "affirms", "denies")))[:2] == (
        0,
        "changed annotations/claims/judgements/a3f1.json\n3 pairs: 1 changed, 1 kept\n",
    )
    assert stored(told, "a3f1") == {"m14": "affirms", "m5": "cannot_tell"}
    later = exported(told, made, "affirms", "neither")
    code, said, _ = corpus("pairs", "pull", str(later))
    assert code == 1
    assert "'cannot_tell' here and 'neither' on the server" in said
    assert stored(told, "a3f1") == {"m14": "affirms", "m5": "cannot_tell"}
    assert corpus("pairs", "pull", str(later), "--overwrite")[0] == 0
    assert stored(told, "a3f1") == {"m14": "affirms", "m5": "neither"}


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        (lambda task: task["data"]["statement"].update(mention="m99"), "pair-resolves"),
        (lambda task: task["data"]["claim"].update(check="0" * 12), "pair-matches-mentions"),
        (lambda task: task["data"].update(annotator="9d9d"), "annotator-is-known"),
        (lambda task: task["data"].pop("claim"), "matches-schema"),
        (lambda task: task["annotations"][0]["result"][0]["value"].update(choices=["maybe"]), "matches-schema"),
        (lambda task: task["annotations"][0].update(result=[]), "matches-schema"),
        (lambda task: task["annotations"].append(task["annotations"][0]), "one-layer-per-annotator"),
    ],
)
def test_a_faulty_task_is_told_with_its_place_and_hides_no_other(
    told: Path, corpus: Run, damage: Callable[[dict[str, Any]], Any], check: str
) -> None:
    export = exported(told, tasks_of(told, corpus, "a3f1"), "neither", "denies")
    value = json.loads(export.read_text(encoding="utf-8"))
    damage(value[0])
    export.write_text(json.dumps(value), encoding="utf-8")
    code, said, _ = corpus("pairs", "pull", str(export))
    assert code == 1
    assert f"[{check}]" in said
    assert str(export) in said
    assert stored(told, "a3f1") == {"m5": "denies"}
    assert audit.audit(told) == []


def test_what_two_found_and_none_disputes_enters_the_registry(told: Path, corpus: Run) -> None:
    made = {who: tasks_of(told, corpus, who) for who in ("a3f1", "4b22")}
    corpus("pairs", "pull", str(exported(told, made["a3f1"], "denies", "denies", "affirms")))
    assert corpus("pairs", "settle")[1] == "nothing new: the registry and the answers say the same\n"
    corpus("pairs", "pull", str(exported(told, made["4b22"], "neither", "denies", "affirms")))
    code, said, _ = corpus("pairs", "settle")
    assert code == 0
    assert said.splitlines() == [
        "parted: toy_0003 m14 and mill-fire: 4b22 neither, a3f1 denies",
        "unfit (a denial can only deny, a claim or content only affirm): toy_0003 m8 and mill-fire: 4b22 affirms, a3f1 affirms",
        "found: toy_0003 m5 and mill-fire: 4b22 denies, a3f1 denies",
    ]
    assert members(told) == [("toy_0001", "m3", "asserts")]
    assert "entered: toy_0003 m5" in corpus("pairs", "settle", "--write")[1]
    assert members(told) == [("toy_0001", "m3", "asserts"), ("toy_0003", "m5", "denies")]
    assert corpus("check")[:2] == (0, "no problems\n")
    assert "found" not in corpus("pairs", "settle")[1]
    corpus("pairs", "pull", str(exported(told, made["4b22"], "neither", "cannot_tell")))
    corpus("pairs", "pull", str(exported(told, made["a3f1"], "denies", "neither")))
    assert "doubted: toy_0003 m5 and mill-fire: 4b22 cannot_tell, a3f1 neither" in corpus("pairs", "settle", "--least", "1")[1]


def test_faults_of_use_are_one_sentence(told: Path, corpus: Run) -> None:
    for argv, said in (
        (("push", "--annotator", "gold"), "'gold' is no annotator of annotations/annotators.json"),
        (("push", "nowhere", "--annotator", "a3f1"), "there is no claim 'nowhere' in annotations/claims"),
        (("settle", "--least", "0"), "--least is at least 1"),
    ):
        assert corpus("pairs", *argv)[::2] == (2, f"corpus pairs: {said}\n")
    register(told, "mill-fire", (CLAIM, "asserts"))
    assert corpus("pairs", "push", "--annotator", "a3f1")[1].startswith("nothing to judge")


def test_what_was_judged_of_a_withdrawn_article_goes_with_it(told: Path, corpus: Run) -> None:
    kept = Judgement(
        pair=Pair(statement=Hub(document="toy_0002", mention="m4", check="81cee72bb7f9"), claim=CLAIM), answer="neither", guidelines="0.1"
    )
    gone = Judgement(pair=FIRST, answer="denies", guidelines="0.1")
    store.write_judgements(told, Judgements(annotator="a3f1", judgements=(gone, kept)))
    store.write_judgements(told, Judgements(annotator="4b22", judgements=(gone,)))
    assert audit.audit(told) == []
    removed = store.withdraw(told, store.read(told).holdings.documents["toy_0003"], date="2026-11-20", reason="asked for")
    assert store.judgements_path("4b22") in removed
    assert stored(told, "a3f1") == {"m4": "neither"}
    assert audit.audit(told) == []


def test_kappa_is_over_the_pairs_that_both_judged(told: Path, corpus: Run) -> None:
    pairs = [Pair(statement=Hub(document="toy_0003", mention=f"m{at}", check="0" * 12), claim=CLAIM) for at in range(5)]

    def by(who: str, *answers: Answer) -> Judgements:
        held = [Judgement(pair=pair, answer=answer, guidelines="0.1") for pair, answer in zip(pairs, answers, strict=False)]
        return Judgements(annotator=who, judgements=tuple(held))

    first, second = by("a3f1", "denies", "denies", "neither", "neither", "denies"), by("4b22", "denies", "neither", "neither", "neither")
    (found,) = judged([first, second])
    assert (found.first, found.second, found.pairs, found.alike, found.kappa) == ("4b22", "a3f1", 4, 3, 0.5)  # (3/4 - 1/2) / (1 - 1/2)
    assert judged([first, second], ["a3f1"]) == []
    (same,) = judged([by("a3f1", "neither"), by("4b22", "neither")])
    assert same.kappa is None
    store.write_judgements(told, Judgements(annotator="a3f1", judgements=(Judgement(pair=FIRST, answer="denies", guidelines="0.1"),)))
    store.write_judgements(told, Judgements(annotator="4b22", judgements=(Judgement(pair=FIRST, answer="neither", guidelines="0.1"),)))
    assert corpus("agree")[1].splitlines()[-1] == "pairs across articles, 4b22 and a3f1: 0 of 1 alike, kappa 0.000"
    assert json.loads(corpus("agree", "--format", "json")[1])["judged"][0]["pairs"] == 1


def test_a_release_says_how_many_were_judged_and_holds_none_of_the_answers(told: Path, tmp_path: Path, corpus: Run) -> None:
    answers: dict[str, Answer] = {"a3f1": "denies", "4b22": "neither"}
    for who, answer in answers.items():
        made = Judgement(pair=FIRST, answer=answer, guidelines="0.1")
        store.write_judgements(told, Judgements(annotator=who, judgements=(made,)))
    assert corpus("stats")[1].splitlines()[-1].split() == ["pairs", "judged", "1", "1", "0"]
    release.build(told, Plan(version="1.0.0"), tmp_path / "out")
    card = (tmp_path / "out/README.md").read_text(encoding="utf-8")
    assert "1 pair of a statement and a claim of another article judged by 2 annotators; 4b22 and a3f1: 0 of 1 alike, kappa 0.000." in card
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert {"annotations/claims/varn-flood.json", "raw/toy/source.json"} <= manifest["inputs"].keys()
    assert not any("judgements" in where for where in (*manifest["files"], *manifest["inputs"]))
