"""The first look: the same whatever the number of processes, and complete beside what the checks read."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus import audit, store, survey, verdict
from corpus.checks import of_corpus
from corpus.problems import Problem
from tests.conftest import ROOT
from tests.stored_mutations import STORED, Stored
from tests.test_checks import INVALID, VALID, is_export, lay


def test_two_processes_see_what_one_sees() -> None:
    holdings, units = store.read(ROOT, ()).holdings, store.units(ROOT)
    assert survey.survey(ROOT, holdings, units, workers=2) == survey.survey(ROOT, holdings, units, workers=1)


def test_what_is_seen_and_what_is_doubtful_is_all_there_is(toy: Path) -> None:
    layer = toy / "annotations/toy_0001/a3f1.json"
    layer.write_bytes(layer.read_bytes().replace(b'"end"', b'"end" ', 1))
    units = store.units(toy)
    seen = survey.survey(toy, store.read(toy, ()).holdings, units)
    assert seen.doubtful == {"toy_0001"}
    doubtful = store.read(toy, [unit for unit in units if unit.name in seen.doubtful]).holdings
    assert of_corpus.joined(of_corpus.census(doubtful), seen.census) == of_corpus.census(store.read(toy).holdings)


def test_a_sound_article_beside_a_faulty_one_is_still_held_to_the_last_release(toy: Path) -> None:
    (toy / "annotations/toy_0001/a3f1.json").write_bytes(b"{")
    assert {problem.check for problem in audit.audit(toy)} == {"json-is-well-formed"}


@pytest.fixture
def in_words(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing is plainly sound, so that the checks are asked of everything."""
    monkeypatch.setattr(verdict, "sound_document", lambda *_: None)
    return monkeypatch


def both_ways(root: Path, in_words: pytest.MonkeyPatch) -> tuple[list[Problem], list[Problem]]:
    slow = audit.audit(root)
    in_words.undo()
    return slow, audit.audit(root)


@pytest.mark.parametrize("one", STORED, ids=lambda one: one.name)
def test_a_first_look_changes_no_word_about_a_damaged_layer(one: Stored, toy: Path, in_words: pytest.MonkeyPatch) -> None:
    path = toy / one.damaged
    path.write_bytes(one.spoil(path.read_bytes()))
    slow, fast = both_ways(toy, in_words)
    assert fast == slow != []
    assert [(problem.message, problem.hint) for problem in fast] == [(problem.message, problem.hint) for problem in slow]


@pytest.mark.parametrize("example", [one for one in (*INVALID, *VALID) if not is_export(one)], ids=lambda path: path.name)
def test_nor_about_an_example(example: Path, toy: Path, in_words: pytest.MonkeyPatch) -> None:
    lay(example, toy)
    slow, fast = both_ways(toy, in_words)
    assert fast == slow
    assert [(problem.message, problem.hint) for problem in fast] == [(problem.message, problem.hint) for problem in slow]


def test_what_the_registry_asks_of_readings_of_record_is_told(toy: Path) -> None:
    holdings, units = store.read(toy, ()).holdings, store.units(toy)
    asked = {"toy_0003": {"m1", "m99"}, "toy_0002": {"m1"}}
    marks = {one.name: one.marks for one in survey.survey(toy, holdings, units, asked=asked).sound}
    gold, only = store.read(toy).holdings.of_record("toy_0003"), store.read(toy).holdings.of_record("toy_0002")
    assert gold is not None
    assert only is not None
    assert marks == {
        "toy_0001": {},
        "toy_0002": {"m1": (only.by_id()["m1"].label, only.by_id()["m1"].spans[0].check)},
        "toy_0003": {"m1": (gold.by_id()["m1"].label, gold.by_id()["m1"].spans[0].check)},
    }


def test_what_is_known_is_looked_at_again_when_more_is_asked_of_it(toy: Path) -> None:
    holdings, units = store.read(toy, ()).holdings, store.units(toy)
    known = {one.name: replace(one, story="known") for one in survey.survey(toy, holdings, units, asked={"toy_0003": {"m1"}}).sound}
    for asked, expected in (({}, "known"), ({"toy_0003": {"m1"}}, "known"), ({"toy_0003": {"m1", "m2"}}, None)):
        seen = {one.name: one for one in survey.survey(toy, holdings, units, known=known, asked=asked).sound}
        assert seen["toy_0003"].story == expected
        assert seen["toy_0001"].story == "known"


def test_without_some_units_is_as_if_they_had_been_doubtful(toy: Path) -> None:
    holdings, units = store.read(toy, ()).holdings, store.units(toy)
    seen = survey.survey(toy, holdings, units)
    rest = survey.survey(toy, holdings, [unit for unit in units if unit.name != "toy_0002"])
    assert seen.without({"toy_0002", "toy_0099"}) == replace(rest, doubtful=frozenset({"toy_0002"}))


def test_the_articles_of_the_registry_are_not_read_whole(toy: Path) -> None:
    """Unless a claim is not plainly sound: then it is for the checks, and so are its articles."""
    assert store.read(toy, ()).holdings.registry
    assert audit.look(toy).doubtful == []
    claim = toy / "annotations/claims/varn-flood.json"
    claim.write_text(claim.read_text(encoding="utf-8").replace('"asserts"', '"denies"', 1), encoding="utf-8")
    found = audit.look(toy)
    assert [one.check for one in found.problems] == ["stance-fits-label"]
    assert {unit.name for unit in found.doubtful} == {
        one.document for held in found.stored.holdings.registry.values() for one in held.members
    }
    assert not {unit.name for unit in found.doubtful} & {one.name for one in found.sound}
    assert found.census == of_corpus.census(store.read(toy).holdings)
