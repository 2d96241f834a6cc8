"""No run of eight words of a withheld text stands in anything that a release of this repository passes on, nor in its footers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus import release, store, tables, text
from corpus.checks.of_corpus import RUN
from corpus.release import Plan
from tests.conftest import ROOT

SHORT = 4  # words; what is shorter is found in any text


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("public") / "cda"
    release.build(ROOT, Plan(version="99.0.0"), folder)
    return folder


@pytest.fixture(scope="module")
def withheld() -> dict[str, str]:
    holdings = store.read(ROOT).holdings
    texts = {name: one.text for name, one in holdings.documents.items() if one.text is not None and holdings.withheld(one)}
    if not texts:
        pytest.skip("the withheld texts are not here: corpus hydrate lee")
    return texts


def test_no_run_of_eight_words_is_passed_on(built: Path, withheld: dict[str, str]) -> None:
    passed_on = {run for words in released_words(built) for run in text.word_runs(words, length=RUN)}
    assert len(passed_on) > 10_000  # the included texts are there
    found = {name for name, words in withheld.items() for run in text.word_runs(words, length=RUN) if run in passed_on}
    assert found == set()


def test_no_footer_and_no_page_index_holds_words(built: Path, withheld: dict[str, str]) -> None:
    """Pages are compressed, footers are not: their raw bytes are searched for runs of four words."""
    raw = b"".join(path.read_bytes() for path in sorted(built.rglob("*.parquet"))).decode("latin-1").casefold()
    for words in withheld.values():
        plain = words.casefold().split()
        for at in range(0, len(plain) - SHORT, SHORT):
            assert " ".join(plain[at : at + SHORT]).encode("utf-8").decode("latin-1") not in raw


def test_the_withheld_texts_are_known_by_their_hash_alone(built: Path, withheld: dict[str, str]) -> None:
    rows = [row for path in sorted(built.glob("documents/*.parquet")) for row in tables.rows_in("documents", path)]
    ours = [row for row in rows if row["document"] in withheld]
    assert ours
    assert all(row["text"] is None and row["text_sha256"] == text.sha256(withheld[row["document"]]) for row in ours)
    assert all(span["quote"] is None for row in ours for mention in row["mentions"] for span in mention["spans"])


def released_words(built: Path) -> Iterator[str]:
    for path in sorted(path for path in built.rglob("*") if path.is_file()):
        where = path.relative_to(built).as_posix()
        config = tables.config_of(where)
        if config is None:
            yield path.read_text(encoding="utf-8")
        else:
            yield from (words for row in tables.rows_in(config, path) for words in strings(row))


def strings(value: Any) -> Iterator[str]:
    """Every string of a row; tokens are joined, for apart they hold no run."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (words for held in value.values() for words in strings(held))
    elif isinstance(value, list) and value and isinstance(value[0], str):
        yield " ".join(value)
    elif isinstance(value, list):
        yield from (words for held in value for words in strings(held))
