"""The stored leaderboard and its page are of one piece; the table; the card; and, in the long run, that the figures are still those."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from corpus import release, store
from corpus.problems import CorpusError
from corpus.release import Plan
from corpus.scoring import board
from corpus.scoring.board import Entry, Figure
from tests.conftest import ROOT

FIRST = Entry(
    board=board.OURS, system="x", version="1", submission="a" * 64, gold="b" * 64, articles=3,
    figures={"source": Figure(value=0.5, low=0.25, high=0.75), "attribution": Figure(value=0.4)},
)  # fmt: skip
SECOND = replace(FIRST, system="y", gold="c" * 64, figures={"attribution": Figure(value=0.6), "denies": Figure(value=None)})


def stored() -> list[Entry]:
    return board.from_bytes((ROOT / board.PATH).read_bytes())


def test_the_page_is_what_the_stored_figures_say() -> None:
    """Where this fails: make leaderboard."""
    entries = stored()
    assert board.to_bytes(entries) == (ROOT / board.PATH).read_bytes()
    assert (ROOT / "docs/leaderboard.md").read_text(encoding="utf-8").endswith("\n\n" + board.markdown(entries))


def test_the_baseline_stands_on_our_test_split_and_beside_people() -> None:
    on = {(one.board, one.system) for one in stored()}
    assert (board.OURS, "corpus suggest (rules)") in on
    assert any("two people" in system for _, system in on)
    for one in stored():
        assert all(held.value is None or 0 <= held.value <= 1 for held in one.figures.values())
        assert (one.submission is None) == (one.gold is None)


def test_a_table_has_the_best_first_and_says_where_gold_differs() -> None:
    lines = board.markdown([FIRST, SECOND]).splitlines()
    assert lines[2:6] == [
        "| system | articles | attribution | denies | source |",
        "|---|---:|---:|---:|---:|",
        "| y (its gold differs from another row's) | 3 | 0.600 | – | – |",
        "| x (its gold differs from another row's) | 3 | 0.400 | – | 0.500 (0.250–0.750) |",
    ]
    assert "differs" not in board.markdown([FIRST, replace(SECOND, gold=FIRST.gold)])


def test_entries_come_back_and_anything_else_is_refused() -> None:
    assert board.from_bytes(board.to_bytes([FIRST, SECOND])) == [SECOND, FIRST]
    with pytest.raises(CorpusError, match="make leaderboard"):
        board.from_bytes(b'{"schema": "cda-leaderboard/9"}')


def test_a_digest_is_of_the_layers_whatever_their_order() -> None:
    layers = list(store.read(ROOT / "tests/toy").holdings.layers.values())
    assert board.digest(layers) == board.digest(layers[::-1]) != board.digest(layers[1:])


def test_the_card_shows_it(toy: Path, tmp_path: Path) -> None:
    release.build(toy, Plan(version="1.0.0"), tmp_path / "without")
    assert "## Systems" not in (tmp_path / "without/README.md").read_text(encoding="utf-8")
    (toy / "docs").mkdir()
    (toy / board.PATH).write_bytes(board.to_bytes([FIRST]))
    release.build(toy, Plan(version="1.0.0"), tmp_path / "with")
    assert "| x | 3 | 0.500 (0.250–0.750) | 0.400 |" in (tmp_path / "with/README.md").read_text(encoding="utf-8")
    assert not release.verified(tmp_path / "with")[1]


@pytest.mark.long
def test_the_figures_are_still_those(peers: Path) -> None:
    """Where gold, the rules or the parser changed: make leaderboard."""
    done = subprocess.run([sys.executable, "scripts/write_leaderboard.py", "--check", "--peers", str(peers)], cwd=ROOT, check=False)
    assert done.returncode == 0
