"""The way back from Label Studio: the same layer whatever the order of its rows, and a problem for whatever cannot be read."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import checks, codec, export, schema, tasks
from corpus.export import Returned
from corpus.model import Holdings
from tests.strategies import Case, cases
from tests.test_tasks import TOY_LAYERS, toy_case

Task = dict[str, Any]
SHOWN = "project CDA, task 7"


def exported(task: Task) -> Task:
    """A task as the server gives it back, with what it adds."""
    task = json.loads(json.dumps(task))
    added = {"id": 3, "completed_by": 1, "was_cancelled": False, "lead_time": 1.5, "prediction": {}, "parent_prediction": None}
    annotations = [added | one for one in task.get("annotations", [])]
    return {"id": 7, "drafts": [], "predictions": [], "meta": {}, **task, "annotations": annotations}


def back(case: Case, task: Task) -> Returned:
    return export.from_export(task, SHOWN, case.holdings)


def rows(task: Task) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = task["annotations"][0]["result"]
    return result


def region(task: Task, id: str) -> dict[str, Any]:
    return next(row for row in rows(task) if row["type"] == "labels" and row["id"] == id)


def relation(task: Task, first: str, second: str) -> dict[str, Any]:
    return next(row for row in rows(task) if (row.get("from_id"), row.get("to_id")) == (first, second))


@pytest.fixture
def first(toy_holdings: Holdings) -> Case:
    """toy_0001: two denials of one claim."""
    return toy_case(toy_holdings, "annotations/toy_0001/a3f1.json")


@pytest.fixture
def second(toy_holdings: Holdings) -> Case:
    """toy_0002: emoji, and mentions in two pieces."""
    return toy_case(toy_holdings, "annotations/toy_0002/4b22.json")


@pytest.mark.parametrize("path", TOY_LAYERS)
def test_every_toy_layer_comes_back(toy_holdings: Holdings, path: str) -> None:
    case = toy_case(toy_holdings, path)
    assert back(case, exported(case.task())) == Returned(layer=case.layer)


@given(cases())
def test_every_sound_layer_comes_back(case: Case) -> None:
    assert back(case, exported(case.task())) == Returned(layer=case.layer)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(case: Case, chance: Random) -> None:
    task = exported(case.task())
    chance.shuffle(rows(task))
    assert back(case, task).layer == case.layer


@given(cases())
def test_a_relation_drawn_to_the_left_is_turned(case: Case) -> None:
    task = exported(case.task())
    for row in rows(task):
        if row["type"] == "relation":
            row |= {"from_id": row["to_id"], "to_id": row["from_id"], "direction": "left"}
    assert back(case, task).layer == case.layer


@given(cases())
def test_a_mutual_relation_may_run_both_ways(case: Case) -> None:
    task = exported(case.task())
    for row in rows(task):
        if row.get("labels", [""])[0] in tasks.MUTUAL:
            row |= {"from_id": row["to_id"], "to_id": row["from_id"], "direction": "bi"}
    assert back(case, task).layer == case.layer


@pytest.mark.parametrize("name", [name for name in tasks.RELATIONS if name not in tasks.MUTUAL])
def test_no_other_relation_may_run_both_ways(first: Case, name: str) -> None:
    task = exported(first.task())
    relation(task, "m6", "m3").update(labels=[name], direction="bi")
    problems = back(first, task).problems
    assert [(one.check, one.pointer[-10:]) for one in problems if one.check == "relation-has-direction"] == [
        ("relation-has-direction", "/direction")
    ]


@given(cases(), st.text(max_size=20))
def test_the_text_of_an_export_is_never_taken(case: Case, other: str) -> None:
    """It may be missing; where it is another one than that of record, the page counted in another text."""
    task = exported(case.task())
    task["data"]["text"] = other
    checks_met = [one.check for one in back(case, task).problems]
    assert checks_met == ([] if other == case.document.text else ["text-unchanged"])
    del task["data"]["text"]
    assert back(case, task).layer == case.layer


@given(cases(), st.sampled_from(["missing", "backslash-n", "one blank"]))
def test_the_words_of_a_region_may_be_spelt_as_the_page_spells_them(case: Case, spelling: str) -> None:
    task = exported(case.task())
    for row in rows(task):
        if row["type"] == "labels" and spelling == "missing":
            del row["value"]["text"]
        elif row["type"] == "labels":
            words = row["value"]["text"]
            row["value"]["text"] = words.replace("\n", "\\n") if spelling == "backslash-n" else " ".join(words.split())
    assert back(case, task).layer == case.layer


@given(cases(), st.data())
def test_blanks_at_the_edges_are_trimmed_and_told(case: Case, data: st.DataObject) -> None:
    task, whole = exported(case.task()), case.document.text or ""
    marked = [row["value"] for row in rows(task) if row["type"] == "labels"]
    widened = 0
    for value in marked:
        start, end = value["start"], value["end"]
        start -= data.draw(st.integers(0, start - len(whole[:start].rstrip())))
        end += data.draw(st.integers(0, len(whole[end:]) - len(whole[end:].lstrip())))
        widened += (start, end) != (value["start"], value["end"])
        value |= {"start": start, "end": end, "text": whole[start:end]}
    returned = back(case, task)
    assert returned.layer == case.layer
    assert len(returned.notes) == widened


def test_a_trimmed_region_is_told_by_its_place(first: Case) -> None:
    task = exported(first.task())
    region(task, "m2")["value"].update(start=15, end=21, text=" said ")
    at = rows(task).index(region(task, "m2"))
    assert back(first, task).notes == (f"/annotations/0/result/{at}: 15-21 trimmed to 16-20",)


@pytest.mark.parametrize(("id", "words"), [("m2", "she"), ("m5", "reportedly")])
def test_utf16_offsets_are_named(second: Case, id: str, words: str) -> None:
    task, whole = exported(second.task()), second.document.text or ""
    start = len(whole[: whole.index(words)].encode("utf-16-le")) // 2
    region(task, id)["value"].update(start=start, end=start + len(words))
    (problem,) = back(second, task).problems
    assert problem.check == "quote-matches-text"
    assert f"the region says '{words}'; they are right as UTF-16 units" in problem.message


def test_utf16_offsets_past_the_end_are_named(second: Case) -> None:
    task, whole = exported(second.task()), second.document.text or ""
    start, end = (len(whole[:at].encode("utf-16-le")) // 2 for at in (85, 101))
    region(task, "m4.2")["value"].update(start=start, end=end)
    (problem,) = back(second, task).problems
    assert problem.check == "offsets-are-in-text"
    assert "right as UTF-16 units" in problem.message


def test_other_words_are_shown_with_those_that_stand_there(first: Case) -> None:
    task = exported(first.task())
    region(task, "m2")["value"]["text"] = "denied"
    (problem,) = back(first, task).problems
    assert (problem.where, problem.check) == (SHOWN, "quote-matches-text")
    assert problem.message == "characters 16-20 read 'said', the region says 'denied'"


def test_a_relation_drawn_twice_is_one(first: Case) -> None:
    task = exported(first.task())
    rows(task).append(relation(task, "m3", "m1") | {"id": "again"})
    assert back(first, task).layer == first.layer


@pytest.mark.parametrize("name", ["has_source", "denies", "same_source", "embedded_in"])
def test_a_relation_is_drawn_at_the_head(second: Case, name: str) -> None:
    task = exported(second.task())
    rows(task).append({"type": "relation", "from_id": "m1", "to_id": "m4.2", "direction": "right", "labels": [name]})
    (problem,) = back(second, task).problems
    assert problem.check == "relation-joins-right-labels"
    assert problem.pointer == f"/annotations/0/result/{len(rows(task)) - 1}"


def test_a_cancelled_annotation_is_ignored(first: Case) -> None:
    task = exported(first.task())
    skipped = task["annotations"][0] | {"was_cancelled": True, "result": []}
    assert back(first, task | {"annotations": [skipped]}) == Returned(layer=None)
    assert back(first, task | {"annotations": [skipped, *task["annotations"]]}) == Returned(layer=first.layer)


def test_a_task_nobody_has_finished_gives_nothing(first: Case) -> None:
    task = exported(tasks.to_task(first.document, "a3f1", "0.1", None))
    assert back(first, task | {"drafts": exported(first.task())["annotations"]}) == Returned(layer=None)


def test_a_finished_annotation_without_a_region_is_a_layer(first: Case) -> None:
    task = exported(tasks.to_task(first.document, "a3f1", "0.1", None))
    returned = back(first, task | {"annotations": [{"result": [], "was_cancelled": False}]})
    assert returned.layer == replace(first.layer, mentions=(), attributions=(), links=())


def test_two_annotations_of_one_annotator_are_a_problem(first: Case) -> None:
    task = exported(first.task())
    task["annotations"] *= 2
    (problem,) = back(first, task).problems
    assert (problem.check, problem.pointer) == ("one-layer-per-annotator", "/annotations/1")


def test_a_text_that_is_not_here_is_a_problem(first: Case) -> None:
    bare = replace(first.document, text=None)
    blind = replace(first, holdings=replace(first.holdings, documents={"toy_0001": bare}))
    (problem,) = back(blind, exported(first.task())).problems
    assert problem.check == "text-unchanged"
    assert "corpus hydrate toy" in problem.message


@pytest.mark.parametrize("id", ["m2", "no id"])
def test_the_pointer_starts_at_the_place_of_the_task(first: Case, id: str) -> None:
    task = exported(first.task())
    region(task, "m1")["id"] = id
    problems = export.from_export(task, "x.json", first.holdings, base="/17").problems
    assert problems
    assert all(one.pointer.startswith("/17/annotations/0/result") for one in problems)


@pytest.mark.parametrize("seen", ["row", "parent", "data"])
def test_a_suggestion_that_was_seen_is_told(first: Case, seen: str) -> None:
    task = exported(first.task())
    if seen == "row":
        rows(task)[0]["origin"] = "prediction-changed"
    elif seen == "parent":
        task["annotations"][0]["parent_prediction"] = 12
    else:
        task["data"]["layer_origin"] = "from_suggestion"
    assert back(first, task).layer == replace(first.layer, origin="from_suggestion")


def test_only_a_human_reading_is_from_a_suggestion(second: Case) -> None:
    task = exported(second.task())
    task["annotations"][0]["parent_prediction"] = 12
    assert back(second, task).layer == second.layer


def wrong_data(name: str, value: str) -> Callable[[Task], None]:
    return lambda task: task["data"].update({name: value})


def wrong_region(**facts: Any) -> Callable[[Task], None]:
    return lambda task: region(task, "m2")["value"].update(facts)


def wrong_row(**facts: Any) -> Callable[[Task], None]:
    return lambda task: rows(task).append(facts)


def wrong_relation(**facts: Any) -> Callable[[Task], None]:
    return lambda task: relation(task, "m6", "m3").update(facts)


CHOICE = {"type": "choices", "to_name": "text"}
FAULTS = [
    ("document-is-known", "/data/document", wrong_data("document", "toy_0999")),
    ("annotator-is-known", "/data/annotator", wrong_data("annotator", "0000")),
    ("text-unchanged", "/data/text_sha256", wrong_data("text_sha256", "0" * 64)),
    ("matches-schema", "/data/annotator", wrong_data("annotator", "Ilse")),
    ("matches-schema", "/annotations", lambda task: task.update(annotations=None)),
    ("matches-schema", "/annotations/0/result/2/value/start", wrong_region(start=16.0)),
    ("matches-schema", "/annotations/0/result/2/value/labels/0", wrong_region(labels=["Claim"])),
    ("matches-schema", "/annotations/0/result/2/value/labels", wrong_region(labels=["claim", "denial"])),
    ("matches-schema", "/annotations/0/result/2/id", lambda task: region(task, "m2").update(id="m 2")),
    ("matches-schema", "/annotations/0/result/2/id", lambda task: region(task, "m2").update(id="m1.2")),
    ("matches-schema", "/annotations/0/result/2/id", lambda task: region(task, "m2").update(id="m" * 41)),
    ("region-id-is-unique", "/annotations/0/result/2/id", lambda task: region(task, "m2").update(id="m1")),
    ("offsets-are-in-text", "/annotations/0/result/2/value", wrong_region(end=999)),
    ("offsets-are-in-text", "/annotations/0/result/2/value", wrong_region(end=217)),
    ("offsets-are-in-text", "/annotations/0/result/2/value", wrong_region(start=20)),
    ("span-has-clean-edges", "/annotations/0/result/2/value", wrong_region(start=15, end=16, text=" ")),
    ("value-is-in-scheme", "/value/choices/0", wrong_row(**CHOICE, id="m3", from_name="polarity", value={"choices": ["maybe"]})),
    ("attribute-fits-label", "", wrong_row(**CHOICE, id="m3", from_name="denial_scope", value={"choices": ["full"]})),
    ("row-belongs-to-region", "/id", wrong_row(**CHOICE, id="m99", from_name="polarity", value={"choices": ["positive"]})),
    ("relation-resolves", "", wrong_relation(to_id="m99")),
    ("relation-joins-right-labels", "", wrong_relation(labels=["has_source"])),
    ("relation-joins-right-labels", "", wrong_relation(labels=["continues"])),
    ("fragment-continues-one-mention", "/annotations/0/result/3", lambda task: region(task, "m3")["value"].update(labels=["fragment"])),
    ("matches-schema", "", wrong_relation(labels=[])),
]  # fmt: skip


@pytest.mark.parametrize(("check", "pointer", "damage"), FAULTS, ids=[f"{check}{pointer}" for check, pointer, _ in FAULTS])
def test_a_fault_has_its_check_and_its_place(first: Case, check: str, pointer: str, damage: Callable[[Task], None]) -> None:
    task = exported(first.task())
    damage(task)
    returned = back(first, task)
    assert returned.layer is None
    assert any(one.check == check and one.pointer.endswith(pointer) for one in returned.problems), returned.problems


PLAIN = st.none() | st.booleans() | st.integers(-9, 999) | st.floats(allow_nan=False) | st.sampled_from(["", "m1", "claim", "x.2"])
KEYS = st.sampled_from(["id", "type", "value", "data", "labels", "x"])
ANYTHING = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner), max_leaves=5)


@given(ANYTHING)
def test_anything_at_all_is_a_problem(toy_holdings: Holdings, value: Any) -> None:
    returned = export.from_export(value, SHOWN, toy_holdings)
    assert returned.problems
    assert returned.layer is None


@given(cases(), st.data())
def test_a_damaged_task_is_a_problem_or_a_layer_that_can_be_stored(case: Case, data: st.DataObject) -> None:
    task = exported(case.task())
    damage(task, data)
    returned = back(case, task)
    assert returned.layer is None or not returned.problems
    if returned.layer is not None:
        assert schema.problems("annotation", codec.annotations_to_json(returned.layer), "x.json") == []
        checks.of_layer("x.json", returned.layer, case.holdings)


def damage(value: Any, data: st.DataObject) -> None:
    """Replace, remove or repeat something at a place drawn."""
    inner: Any = value
    while inner and isinstance(inner, dict | list):
        key = data.draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else range(len(inner))))
        below = inner[key]
        if not below or not isinstance(below, dict | list) or data.draw(st.integers(0, 3)) == 0:
            break
        inner = below
    how = data.draw(st.sampled_from(["replace", "remove", "repeat"]))
    if how == "replace":
        inner[key] = data.draw(ANYTHING)
    elif how == "remove":
        del inner[key]
    elif isinstance(inner, list):
        inner.append(deepcopy(inner[key]))


@pytest.mark.parametrize("name", ["ui_made_export.json", "snapshot_full.json", "offsets_js_symbol.json"])
def test_a_real_export_of_another_page_is_refused(shared: Path, corpus: Callable[..., tuple[int, str, str]], name: str) -> None:
    path = shared / "label-studio" / name
    code, out, err = corpus("pull", str(path))
    tasks_in_file = len(json.loads(path.read_text(encoding="utf-8")))
    assert code == 1
    assert out.startswith(f"{tasks_in_file} tasks: no finished annotation")
    assert out.count("[matches-schema]") >= tasks_in_file
    assert "Traceback" not in out + err
