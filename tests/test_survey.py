"""The first look: the same whatever the number of processes, and complete beside what the checks read."""

from pathlib import Path

from corpus import audit, store, survey
from corpus.checks import of_corpus
from tests.conftest import ROOT


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
