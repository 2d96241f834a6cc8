"""A layer as rows: every region, choice and relation is one the page knows and the server can show."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from corpus import checks, codec, schema, tasks
from corpus.model import Holdings, Link
from corpus.problems import CorpusError
from tests.strategies import Case, cases

TOY_LAYERS = [
    "annotations/toy_0001/a3f1.json",
    "annotations/toy_0002/4b22.json",
    "annotations/toy_0003/4b22.json",
    "annotations/toy_0003/a3f1.json",
    "annotations/toy_0003/gold.json",
]


def of_kind(task: tasks.Task, kind: str) -> list[tasks.Row]:
    return [row for row in task["annotations"][0]["result"] if row["type"] == kind]


def toy_case(holdings: Holdings, path: str) -> Case:
    layer = holdings.layers[path]
    return Case(document=holdings.documents[layer.document], layer=layer, holdings=holdings)


@given(cases())
def test_the_generated_layers_are_sound(case: Case) -> None:
    assert checks.of_layer("x.json", case.layer, case.holdings) == []
    assert schema.problems("annotation", codec.annotations_to_json(case.layer), "x.json") == []


def test_the_toy_layers_are_all_here(toy_holdings: Holdings) -> None:
    assert sorted(toy_holdings.layers) == TOY_LAYERS


@given(cases())
def test_a_task_is_plain_json_and_declares_no_ground_truth(case: Case) -> None:
    task = case.task()
    assert json.loads(json.dumps(task)) == task
    assert [one["ground_truth"] for one in task["annotations"]] == [False]


@given(cases())
def test_offsets_pass_unchanged(case: Case) -> None:
    regions = [(row["value"]["start"], row["value"]["end"]) for row in of_kind(case.task(), "labels")]
    assert sorted(regions) == sorted((span.start, span.end) for one in case.layer.mentions for span in one.spans)
    for row in of_kind(case.task(), "labels"):
        assert row["value"]["text"] == (case.document.text or "")[row["value"]["start"] : row["value"]["end"]]


@given(cases())
def test_no_relation_hangs_in_the_air(case: Case) -> None:
    """A relation to a region that is not there blanks the labelling page; of two for one pair the page keeps one."""
    task = case.task()
    regions = [row["id"] for row in of_kind(task, "labels")]
    pairs = [(row["from_id"], row["to_id"]) for row in of_kind(task, "relation")]
    assert len(set(regions)) == len(regions)
    assert {end for pair in pairs for end in pair} <= set(regions)
    assert len(set(pairs)) == len(pairs)


@given(cases())
def test_choices_and_names_stand_on_regions_that_bear_them(case: Case) -> None:
    task = case.task()
    labels = {row["id"]: row["value"]["labels"][0] for row in of_kind(task, "labels")}
    for row in [*of_kind(task, "choices"), *of_kind(task, "textarea")]:
        assert labels[row["id"]] in tasks.bearers(row["from_name"])


@given(cases())
def test_a_task_holds_to_the_schema_of_exports(case: Case) -> None:
    """The server stores rows as they are sent, so what is sent must be what can be read."""
    task = case.task()
    for annotation in task["annotations"]:
        annotation["was_cancelled"] = False
    assert schema.problems("export", task, "x") == []


def test_further_spans_become_fragments_that_continue_the_head(toy_holdings: Holdings) -> None:
    task = toy_case(toy_holdings, "annotations/toy_0002/4b22.json").task()
    fragments = [(row["id"], row["value"]["text"]) for row in of_kind(task, "labels") if row["value"]["labels"] == [tasks.FRAGMENT]]
    assert fragments == [("m1.2", "is free 👩‍👩‍👧 today"), ("m4.2", "double next week")]
    continued = [(row["from_id"], row["to_id"]) for row in of_kind(task, "relation") if row["labels"] == ["continues"]]
    assert continued == [("m1.2", "m1"), ("m4.2", "m4")]


def test_relations_run_from_the_hub_and_from_the_denial(toy_holdings: Holdings) -> None:
    task = toy_case(toy_holdings, "annotations/toy_0001/a3f1.json").task()
    drawn = {(row["from_id"], row["labels"][0], row["to_id"]) for row in of_kind(task, "relation")}
    assert drawn == {
        ("m3", "has_source", "m1"), ("m3", "has_cue", "m2"), ("m6", "has_source", "m4"), ("m6", "has_cue", "m5"),
        ("m7", "has_source", "m8"), ("m7", "has_cue", "m9"), ("m6", "denies", "m3"), ("m7", "denies", "m3"),
    }  # fmt: skip
    assert {row["direction"] for row in of_kind(task, "relation")} == {"right"}


def test_a_name_is_a_list_of_one(toy_holdings: Holdings) -> None:
    task = toy_case(toy_holdings, "annotations/toy_0002/4b22.json").task()
    assert [(row["id"], row["value"]["text"]) for row in of_kind(task, "textarea")] == [("m2", ["Café owner"])]


def test_a_document_without_a_layer_is_sent_blank(toy_holdings: Holdings) -> None:
    document = toy_holdings.documents["toy_0001"]
    task = tasks.to_task(document, "a3f1", "0.1", None)
    assert "annotations" not in task
    assert task["data"]["text"] == document.text
    assert task["data"]["layer_sha256"] is None
    assert task["data"]["facts"] == "toy_0001 · Ostermark Courier · 2026-11-16 · not to be marked: “Sign in”"


def test_a_layer_is_sent_with_the_fingerprint_of_its_file(toy_holdings: Holdings) -> None:
    case = toy_case(toy_holdings, "annotations/toy_0001/a3f1.json")
    assert case.task()["data"]["layer_sha256"] == codec.fingerprint(case.layer)


def test_without_its_text_no_task_is_made(toy_holdings: Holdings) -> None:
    bare = replace(toy_holdings.documents["toy_0001"], text=None)
    with pytest.raises(CorpusError, match="toy_0001 has no text here; run corpus hydrate toy"):
        tasks.to_task(bare, "a3f1", "0.1", None)


@pytest.mark.parametrize("origin", ["by_hand", "from_suggestion"])
def test_rows_say_whether_a_suggestion_was_seen(toy_holdings: Holdings, origin: str) -> None:
    case = toy_case(toy_holdings, "annotations/toy_0001/a3f1.json")
    task = replace(case, layer=replace(case.layer, origin=origin)).task()
    seen = {row["origin"] for row in task["annotations"][0]["result"] if row["type"] != "relation"}
    assert seen == {"manual" if origin == "by_hand" else "prediction"}


@given(cases())
def test_a_mutual_link_runs_backwards_however_it_was_drawn(case: Case) -> None:
    mentions = case.layer.by_id()
    for link in case.layer.links:
        turned = Link(type=link.type, from_=link.to, to=link.from_)
        assert tasks.from_later_to_earlier(link, mentions) == link
        assert tasks.from_later_to_earlier(turned, mentions) == (link if link.type in tasks.MUTUAL else turned)
