"""The repository's own data hold every rule; what is asked for is what is looked at."""

import shutil
from pathlib import Path

import pytest

from corpus import audit, store
from corpus.problems import CorpusError
from tests.conftest import ROOT, TOY


def test_toy_corpus_is_clean(toy: Path) -> None:
    assert audit.audit(toy) == []


def test_this_repository_is_clean() -> None:
    """All that stands in raw/ and annotations/; texts are held to where they are here."""
    assert audit.audit(ROOT, [ROOT / "raw", ROOT / "annotations"]) == []


def test_seed_and_twenty_articles_with_claims_and_denials_are_annotated() -> None:
    holdings = store.read(ROOT).holdings
    assert len([one for one in holdings.documents.values() if one.source == "lee"]) == 300
    annotated = {layer.document for layer in holdings.layers.values()}
    assert "seed_0001" in annotated
    assert len([name for name in annotated if name.startswith("lee_")]) >= 20
    assert {holdings.annotators[layer.annotator].kind for layer in holdings.layers.values()} == {"model", "adjudicator"}


def test_only_what_is_asked_for_is_told(toy: Path) -> None:
    for name in ("toy_0001/a3f1", "toy_0003/gold"):
        path = toy / f"annotations/{name}.json"
        path.write_text(path.read_text(encoding="utf-8").replace('"guidelines": "0.1"', '"guidelines": "one"'), encoding="utf-8")
    assert len(audit.audit(toy)) == 2
    assert [problem.where for problem in audit.audit(toy, [toy / "annotations/toy_0003"])] == ["annotations/toy_0003/gold.json"]


def test_a_file_from_elsewhere_is_held_to_the_articles_here(toy: Path, tmp_path: Path) -> None:
    elsewhere = Path(shutil.copy(TOY / "annotations/toy_0001/a3f1.json", tmp_path / "mine.json"))
    assert audit.audit(toy, [elsewhere]) == []
    elsewhere.write_text(elsewhere.read_text(encoding="utf-8").replace('"end": 15,', '"end": 14,'), encoding="utf-8")
    assert [problem.check for problem in audit.audit(toy, [elsewhere])] == ["quote-matches-text"]
    with pytest.raises(CorpusError, match="is no file"):
        audit.audit(toy, [tmp_path / "nothing.json"])
