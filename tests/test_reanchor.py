"""Moved spans: seven kinds of edit on forty texts, where every right place is known because the edit remembers it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from corpus import checks, reanchor, store
from corpus.cli import main

Edited = list[tuple[str, int | None]]  # each character of the new text with its place in the old one

NAMES = ["Ilse Varn", "Orla Penk", "Idris Holm", "the Harrow Front", "a spokesman for the dam", "the Varn Water Company", "residents"]
VERBS = ["said", "denied", "confirmed", "told the Ostermark Courier", "claimed in a statement", "repeated on Monday"]
THINGS = ["the mill was set alight", "nobody had been hurt", "the bridge would stay closed", "it knew of the leak", "the fee was paid"]
PLACES = ["near the old harbour", "in the lower town", "at the Third Station", "during the flood", "before the vote", "after midnight"]


def article(random: Random) -> str:
    """An invented article of a dozen sentences."""
    numbers = random.sample(range(100, 999), 12)
    sentences = [f'{random.choice(NAMES).capitalize()} {_statement(random)}, "and {n} more" were seen.' for n in numbers]
    return " ".join(sentences)


def _statement(random: Random) -> str:
    return f"{random.choice(VERBS)} that {random.choice(THINGS)} {random.choice(PLACES)}"


def untouched(words: str) -> Edited:
    return [(char, at) for at, char in enumerate(words)]


def typos(words: str, random: Random) -> Edited:
    return [(random.choice("abcdefgh") if char.isalpha() and random.random() < 0.01 else char, at) for char, at in untouched(words)]


def paragraph_inserted(words: str, random: Random) -> Edited:
    at = words.index(". ", len(words) // 3) + 2
    return [*untouched(words)[:at], *((char, None) for char in "Officials gave no date for the hearing. "), *untouched(words)[at:]]


def sentences_deleted(words: str, random: Random) -> Edited:
    kept = [one.span() for one in re.finditer(r"[^.]+\.\s*", words) if random.random() >= 0.08]
    return [pair for start, end in kept for pair in untouched(words)[start:end]]


def quotes_curled(words: str, random: Random) -> Edited:
    return [({'"': "”", "'": "’"}.get(char, char), at) for char, at in untouched(words)]


def paragraphs_broken(words: str, random: Random) -> Edited:
    return [("\n" if char == " " and at and words[at - 1] == "." else char, at) for char, at in untouched(words)]


def words_swapped(words: str, random: Random) -> Edited:
    edited: Edited = []
    for one in re.finditer(r"\w+|\W+", words):
        swap = one.group()[0].isalpha() and random.random() < 0.03
        edited += [(char, None) for char in "ferry"] if swap else untouched(words)[one.start() : one.end()]
    return edited


def end_cut(words: str, random: Random) -> Edited:
    return untouched(words)[: int(len(words) * 0.7)]


EDITS: list[Callable[[str, Random], Edited]] = [
    typos, paragraph_inserted, sentences_deleted, quotes_curled, paragraphs_broken, words_swapped, end_cut
]  # fmt: skip


def stretches(words: str, random: Random) -> Iterator[tuple[int, int]]:
    """Stretches of whole words, short as a pronoun and long as a sentence."""
    found = [one.span() for one in re.finditer(r"\w+", words)]
    for length in (1, 1, 2, 3, 5, 8, 12, 20):
        at = random.randrange(len(found) - length)
        yield found[at][0], found[at + length - 1][1]


def outcome(edited: Edited, got: tuple[int, int] | None, stretch: tuple[int, int]) -> str:
    """right, queued, wrong, gone (and told so), kept though gone. An edge that was replaced has no right place."""
    back = {old: new for new, (_, old) in enumerate(edited) if old is not None}
    if not any(at in back for at in range(*stretch)):
        return "gone" if got is None else "kept though gone"
    if stretch[0] not in back or stretch[1] - 1 not in back:
        return "queued, edge replaced" if got is None else "wrong"
    right = (back[stretch[0]], back[stretch[1] - 1] + 1)
    return "queued" if got is None else "right" if got == right else "wrong"


def test_edited_articles() -> None:
    tally: Counter[str] = Counter()
    for edit in EDITS:
        for nth in range(40):
            random = Random(f"{edit.__name__} {nth}")  # noqa: S311
            words = article(random)
            edited = edit(words, random)
            mapping = reanchor.mapped(words, "".join(char for char, _ in edited))
            tally.update(outcome(edited, reanchor.anchor(mapping, one), one) for one in stretches(words, random))
    placeable = tally["right"] + tally["queued"] + tally["wrong"]
    assert tally["kept though gone"] == 0
    assert tally["wrong"] <= 0.001 * placeable, tally
    assert tally["right"] >= 0.98 * placeable, tally
    assert tally["gone"] > 50


def test_an_unchanged_text_moves_nothing(toy: Path) -> None:
    holdings = store.read(toy).holdings
    for layer in holdings.layers.values():
        document = holdings.documents[layer.document]
        moved = reanchor.move(layer, document, document, withheld=False)
        assert (moved.layer, moved.queued, moved.dropped) == (layer, (), ())


@pytest.fixture
def edited(toy: Path, tmp_path: Path) -> Path:
    """The toy corpus with an edited toy_0001: a sentence in front, and the second quotation gone."""
    words = (toy / "raw/toy/toy_0001.txt").read_text(encoding="utf-8")
    kept = words.split(' "We were')[0]
    (tmp_path / "new.txt").write_text(f"Ostermark was quiet on Sunday.\n{kept}\n", encoding="utf-8")
    assert main(["-C", str(toy), "-q", "add", str(tmp_path / "new.txt"), "--source", "toy"]) == 0
    return toy


def test_what_cannot_be_moved_waits_and_nothing_is_written(edited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(edited), "reanchor", "toy_0001", "toy_0004"]) == 1
    out = capsys.readouterr().out
    assert "waits for a person: denial m7" in out
    assert not (edited / "annotations/toy_0004").exists()


def test_a_partial_layer_is_sound(edited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(edited), "reanchor", "toy_0001", "toy_0004", "--partial"]) == 1
    stored = store.read(edited)
    layer = stored.holdings.layers["annotations/toy_0004/a3f1.json"]
    assert {mention.id for mention in layer.mentions} == {"m1", "m2", "m3", "m4", "m5", "m6"}
    assert checks.of_layer("x", layer, stored.holdings) == []
    assert main(["-C", str(edited), "reanchor", "toy_0001", "toy_0004"]) == 2
    assert "is there already" in capsys.readouterr().err
