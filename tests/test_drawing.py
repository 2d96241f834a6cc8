"""A hundred spans and eighteen hostile texts in a real browser, pairs and readings settled there, and the pictures of the README.

The pictures are taken anew in every run and set beside those in docs/pictures; `make screenshots` puts the new ones there.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from corpus import ingest, store
from corpus.cli import main
from corpus.text import normal_form
from tests.conftest import ROOT
from tests.labelling import Labelling, browser, log_in
from tests.test_adjudication import FIRST, SECOND, read
from tests.test_pairs import CLAIM, DENIAL, register
from tests.test_studio import HAND, Studio, assert_spans_are_words, declare_hand, quotes, stored_layer, studio

__all__ = ["studio"]  # the fixture

pytestmark = [pytest.mark.studio, pytest.mark.browser]

Run = Callable[..., tuple[int, str, str]]

# What stands in the words of each article: one kind of awkward sign an article, at places where it can shift what follows.
SIGNS = {
    "a face": "😀", "a family": "👩‍👩‍👧", "a skin tone": "👍🏽", "a flag": "🇩🇪", "a keycap": "1️⃣",
    "a combining mark": "x̂", "three combining marks": "q̣̇̄", "letters beyond 16 bits": "𝒳𝒴", "an old script": "𐤀𐤁",
    "Hebrew": "עומר", "Arabic with marks": "مُحَمَّد", "Persian with a joiner": "می‌خواهم", "Hebrew and digits": "בן 42",
    "Thai": "กำ", "Devanagari": "क्षि", "Chinese": "新聞", "a no-break space": "a\u00a0b", "a double blank": "a  b", "a tab": "a\tb",
    "a soft hyphen": "a\u00adb",
}  # fmt: skip
HOSTILE = {
    "astral letters": "𝒳 Corp 𐍈", "a family": "👩‍👩‍👧‍👦", "decomposed letters": "e\u0301u\u0308", "a turned order": "\u202eabc\u202c",
    "isolates": "\u2067אבג\u2069", "Hebrew": "שלום עולם", "Arabic with marks": "ٱلسَّلَامُ", "unseen signs": "a\u200bb\u200cc\u200dd",
    "a mark of byte order": "a\ufeffb", "HTML": "<b>bold</b> &amp; <script>alert(1)</script>", "HTML in pieces": "</span><br><p>",
    "windows line ends": "a\r\nb", "separators": "a\u2028b\u2029c\u0085d", "a no-break space": "a\u00a0\u00a0b",
    "old controls": "a\x0bb\x0cc\x1bd\x07e", "a template": "{{ text }} $text ${text} %s", "forty marks": "a" + "\u0323\u0307" * 20,
    "a written line end": "a\\nb\\tc",
}  # fmt: skip
REFUSED = {"NUL": b"a\x00b", "half a pair": b"a\xed\xa0\x80b", "nothing": b" \n"}


@dataclass(slots=True)
class Desk:
    """Somebody at a browser, to whom articles are sent."""

    corpus: Run
    root: Path
    studio: Studio
    page: Any

    def send(self, articles: dict[str, str]) -> None:
        for id, words in articles.items():
            store.write_document(self.root, ingest.document(words, id=id, source="toy"))
        assert self.corpus("push", *articles, "--annotator", HAND)[0] == 0

    def open(self, title: str, document: str) -> Labelling:
        task = self.studio.tasks()[f"CDA {title}", document]
        return Labelling(self.page, self.studio.server, task.project, task.id)


@pytest.fixture
def desk(corpus: Run, toy: Path, studio: Studio, chromium: str) -> Iterator[Desk]:
    declare_hand(toy)
    with browser(chromium) as page:
        page.set_viewport_size({"width": 1280, "height": 900})
        yield Desk(corpus=corpus, root=toy, studio=studio, page=page)


def article(sign: str) -> str:
    return (
        f"{sign} first. The mayor {sign} of Ostermark said that the {sign} bridge had\nfallen {sign} down.\n\n"
        f"Its owner, {sign} Holm, denied the charge {sign} today."
    )


@pytest.mark.long
def test_a_hundred_spans_are_the_words_on_the_screen(desk: Desk) -> None:
    """Over twenty articles, dragged forwards and backwards, across a line end, in pieces; answered and submitted by keys or by mouse."""
    articles = {f"toy_{at:04}": article(sign) for at, sign in enumerate(SIGNS.values(), 100)}
    desk.send(articles)
    shown = {id: draw(desk.open(HAND, id), sign, at) for at, (id, sign) in enumerate(zip(articles, SIGNS.values(), strict=True))}
    assert sum(len(spans) for held in shown.values() for _, spans in held) >= 100

    assert desk.corpus("pull")[1].splitlines()[-1] == "20 tasks: 20 changed"
    for id, drawn in shown.items():
        layer = stored_layer(desk.root, id)
        assert sorted((one["label"], quotes(one)) for one in layer["mentions"]) == sorted(drawn), id
        assert_spans_are_words(layer, articles[id])
        claim, denial = (next(one for one in layer["mentions"] if one["label"] == label) for label in ("claim", "denial"))
        assert (claim["responsibility"], denial["denial_scope"]) == ("attributed_to_other", "partial")
        assert [(one["type"], one["from"], one["to"]) for one in layer["links"]] == [("denies", denial["id"], claim["id"])]
        said = {one["hub"]: one for one in layer["attributions"]}[claim["id"]]
        assert (len(said["sources"]), len(said["cues"]), said["certainty"]) == (1, 1, "hedged")
    assert desk.corpus("check")[0] == 0


def draw(page: Labelling, sign: str, at: int) -> list[tuple[str, list[str]]]:
    """Mark an article, every other one backwards and every fourth with its claim in two pieces; what the screen showed as selected."""
    whole = f"that the {sign} bridge had\nfallen {sign} down"
    pieces = [f"that the {sign} bridge", f"fallen {sign} down"] if at % 4 == 0 else [whole]
    back = at % 2 == 1
    claim = [page.mark("fragment" if nth else "claim", words, backwards=back) for nth, words in enumerate(pieces)]
    rest = [("source", f"The mayor {sign} of Ostermark"), ("cue", "said"), ("cue", "denied"), ("denial", f"the charge {sign} today")]
    drawn = [("claim", claim), *((label, [page.mark(label, words, backwards=back)]) for label, words in rest)]
    assert claim == pieces
    if len(pieces) > 1:
        page.relate("down", "bridge", "continues")
    page.relate("bridge", "mayor", "has_source")
    page.relate("bridge", "said", "has_cue")
    page.relate("charge", "denied", "has_cue")
    page.relate("charge", "bridge", "denies")
    page.answer("bridge", quote_type="indirect", polarity="positive", certainty="hedged", responsibility="attributed_to_other")
    page.answer("charge", denial_scope="partial", responsibility="denied")
    page.submit(by_keyboard=back)
    return drawn


@pytest.mark.long
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_shifts_nothing(desk: Desk, kind: str) -> None:
    text = normal_form(f"{HOSTILE[kind]} at first. The mayor said nobody {HOSTILE[kind]} was hurt. {HOSTILE[kind]} at last.")
    sign = text[: text.index(" at first")]
    desk.send({"toy_0200": text})
    page = desk.open(HAND, "toy_0200")
    drawn = [("source", "The mayor"), ("cue", "said"), ("claim", f"nobody {sign} was hurt"), ("content", "at last")]
    for label, words in drawn:
        page.mark(label, words)
    page.relate("nobody", "mayor", "has_source")
    page.relate("nobody", "said", "has_cue")
    page.relate("at last", "mayor", "has_source")
    page.pick("at last")  # keys are for the page again, no more for the list of relations
    page.submit(by_keyboard=True)
    assert desk.corpus("pull")[0] == 0
    layer = stored_layer(desk.root, "toy_0200")
    assert [(one["label"], quotes(one)) for one in layer["mentions"]] == [(label, [words]) for label, words in drawn]
    assert_spans_are_words(layer, text)
    assert desk.corpus("check")[0] == 0


@pytest.mark.parametrize("kind", REFUSED)
def test_a_text_that_breaks_the_server_never_gets_there(corpus: Run, toy: Path, kind: str) -> None:
    path = toy.parent / "article.txt"
    path.write_bytes(REFUSED[kind])
    code, out, err = corpus("add", str(path), "--source", "toy")
    assert code in (1, 2)
    assert "is " in out + err
    assert len(list(toy.glob("raw/toy/*.txt"))) == 3


def test_readings_are_settled_on_the_page(desk: Desk, tmp_path: Path) -> None:
    """What both hold is there already; of each reading that is offered the adjudicator keeps or drops it, by a rule."""
    holdings = store.read(desk.root).holdings
    for words, who in ((FIRST, "a3f1"), (SECOND, "4b22")):
        store.write_layer(desk.root, read(words, who, holdings))
    shutil.copy(ROOT / store.GUIDELINES, desk.root / store.GUIDELINES)
    assert desk.corpus("adjudicate", "push", "toy_0001", "--annotators", "a3f1", "4b22")[0] == 0
    page = desk.open("adjudication", "toy_0001")
    page.release()
    assert page.page.locator(".article .htx-highlight").count() >= 7
    page.page.get_by_text("The rules by number").click()
    page.page.get_by_text("1.6 Openers.", exact=True).wait_for()
    page.page.get_by_text("The rules by number").click()
    page.decide("that the Harrow Front", "keep", "1.6")
    page.decide("the Harrow Front", "drop", "1.6")
    page.decide("The Front", "keep", "7.1")
    page.decide("the accusation", None, "6.1")
    page.decide("that the Harrow Front", None, "attribute 5.3")
    taken = picture(desk.page, tmp_path, "adjudication-page")
    page.submit(by_keyboard=True)

    code, said, _ = desk.corpus("adjudicate", "pull")
    assert (code, "changed annotations/toy_0001/gold.json" in said) == (0, True), said
    gold = json.loads((desk.root / "annotations/toy_0001/gold.json").read_text(encoding="utf-8"))
    assert [one["annotator"] for one in gold["made_from"]] == ["4b22", "a3f1"]
    assert gold["origin"] == "adjudicated"
    assert {(one["about"], one["rule"]) for one in gold["decisions"]} == {
        ("mention", "1.6"), ("attribute", "5.3"), ("mention", "7.1"), ("attribution", "6.1"), ("link", "6.1"),
    }  # fmt: skip
    assert desk.corpus("check")[0] == 0
    assert_looks_like(taken)


def test_pairs_are_judged_on_the_page(desk: Desk, tmp_path: Path) -> None:
    register(desk.root, "mill-fire", (CLAIM, "asserts"), (DENIAL, "denies"))
    assert desk.corpus("pairs", "push", "mill-fire", "--annotator", HAND)[1] == f"{HAND}: 1 pair sent, 0 there already\n"
    assert desk.corpus("pairs", "push", "mill-fire", "--annotator", HAND)[1] == f"{HAND}: 0 pairs sent, 1 there already\n"
    assert desk.corpus("pull")[1] == "0 tasks: no finished annotation\n"
    page = desk.page
    log_in(page, desk.studio.server)
    (task,) = desk.studio.tasks().values()
    page.goto(f"{desk.studio.server.url}/projects/{task.project}/data?labeling=1")
    page.locator(".side mark").nth(1).wait_for()
    assert [one.inner_text() for one in page.locator(".side mark").all()] == [
        "the claim",
        "that the Harrow Front had set the Ostermark mill alight",
    ]
    with page.expect_response(lambda one: one.request.method == "POST" and "/annotations" in one.url) as sent:
        for _ in range(60):  # the page shows its texts a moment before it listens to keys
            page.keyboard.press("3")
            if page.locator("input[name='neither']:checked").count():
                break
            page.wait_for_timeout(500)
        taken = picture(page, tmp_path, "pairs-page")
        page.keyboard.press("Control+Enter")
    assert sent.value.status == 201
    code, said, _ = desk.corpus("pairs", "pull")
    assert (code, said) == (0, f"changed {store.judgements_path(HAND)}\n1 pair: 1 changed\n")
    value = json.loads((desk.root / store.judgements_path(HAND)).read_text(encoding="utf-8"))
    assert [(one["statement"]["mention"], one["claim"]["mention"], one["answer"]) for one in value["judgements"]] == [
        ("m5", "m3", "neither")
    ]
    assert desk.corpus("pairs", "pull")[1] == "1 pair: 1 unchanged\n"
    assert desk.corpus("check")[0] == 0
    assert_looks_like(taken)


def test_the_labelling_page_looks_as_the_readme_shows_it(studio: Studio, chromium: str, tmp_path: Path) -> None:
    root = tmp_path / "corpus"
    for path in (
        "raw/original/source.json",
        "annotations/annotators.json",
        *(f"raw/original/original_0001.{end}" for end in ("json", "txt")),
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, root / path)
    shutil.copytree(ROOT / "annotations/original_0001", root / "annotations/original_0001")
    assert main(["-C", str(root), "push", "original_0001", "--annotator", "c1b1"]) == 0
    (task,) = studio.tasks().values()
    with browser(chromium) as page:
        page.set_viewport_size({"width": 1280, "height": 900})
        shown = Labelling(page, studio.server, task.project, task.id)
        shown.pick("that it had ignored")
        taken = picture(page, tmp_path, "labelling-page")
    assert_looks_like(taken)


def picture(page: Any, folder: Path, name: str) -> Path:
    """The page without what is never the same: who is logged in, and when. Few colours make a small file."""
    page.mouse.move(620, 24)  # where nothing answers to it
    page.add_style_tag(content=".lsf-userpic, .lsf-annotation-button, .ls-menu-header__user, .lsf-topbar { visibility: hidden; }")
    page.wait_for_timeout(500)
    path = folder / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    if os.environ.get("CDA_PICTURES"):
        shutil.copy(path, Path(os.environ["CDA_PICTURES"]) / path.name)
    return path


def assert_looks_like(taken: Path) -> None:
    """The picture in the repository has the same size, and blocks of the same lightness almost everywhere."""
    stored = blocks(ROOT / "docs/pictures" / taken.name)
    now = blocks(taken)
    assert stored.shape == now.shape
    assert (np.abs(stored - now) > 24).mean() < 0.02, "the page has changed: make screenshots"


def blocks(path: Path) -> Any:
    with Image.open(path) as found:
        return np.asarray(found.convert("L").reduce(20), dtype=float)
