"""The labelling page can be read by everyone: what its colours come to on the screen, and which keys answer which question."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from corpus import schema, tasks
from corpus.ingest import document
from corpus.model import Stretch

Colour = npt.NDArray[np.float64]

PAGE = ET.fromstring(schema.labelling_page())
STYLE = PAGE.findtext("Style") or ""
LABELS = {one.get("value"): one.get("background", "") for one in PAGE.iter("Label")}
SHOWN = {name: tuple(map(float, rgba.split(","))) for name, rgba in re.findall(r':(\w+)"\]:not.*rgba\((.*)\)', STYLE)}
INK = np.array([0x26] * 3) / 255
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SEEN_BY = {
    "everyone": np.eye(3),
    "protanopes": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopes": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]),
    "tritanopes": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]),
}
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]])
WHITE = np.array([0.95047, 1, 1.08883])
TAKEN_BY_THE_SERVER = ["r", "u", "h"]  # beside keys with Ctrl and Alt: 1.23.2 unselects on u, and its own choice of keys leaves r and h out


def linear(rgb: Colour) -> Colour:
    """From sRGB in 0..1."""
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(light: Colour) -> Colour:
    """CIE L*a*b* of linear RGB; the first is lightness, 0 to 100."""
    parts = TO_XYZ @ np.clip(light, 0, 1) / WHITE
    x, y, z = np.where(parts > 216 / 24389, np.cbrt(np.maximum(parts, 0)), (24389 / 27 * parts + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def ground(hexadecimal: str) -> Colour:
    return linear(np.array([int(hexadecimal[at : at + 2], 16) for at in (1, 3, 5)]) / 255)


def marked(label: str, behind: Colour | None = None) -> Colour:
    """A highlight in linear RGB, on white paper or on another highlight in sRGB."""
    *rgb, opacity = SHOWN[label]
    return linear(opacity * np.array(rgb) / 255 + (1 - opacity) * (np.ones(3) if behind is None else behind))


def luminance(light: Colour) -> float:
    return float((TO_XYZ @ light)[1])


def test_every_label_has_its_colour_in_the_list_and_in_the_text() -> None:
    assert list(LABELS) == [*dict.fromkeys(LABELS)]
    assert set(SHOWN) == set(LABELS)
    for label, hexadecimal in LABELS.items():
        assert "#" + "".join(f"{int(part):02x}" for part in SHOWN[label][:3]) == hexadecimal


def test_colours_differ_in_lightness() -> None:
    """So they can be told apart where no colour is seen at all, as on grey paper."""
    of_list = [lab(ground(one))[0] for one in LABELS.values()]
    in_text = [lab(marked(one))[0] for one in LABELS]
    assert min(abs(one - other) for one, other in combinations(of_list, 2)) >= 9
    assert min(abs(one - other) for one, other in combinations(in_text, 2)) >= 4.5


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_colours_can_be_told_apart(eyes: str) -> None:
    """By the distance in CIE L*a*b* (1976); about 2.3 is the least that is noticed side by side."""
    for shown, least in (({name: ground(one) for name, one in LABELS.items()}, 18), ({name: marked(name) for name in LABELS}, 8)):
        places = {name: lab(SEEN_BY[eyes] @ light) for name, light in shown.items()}
        near = {(one, other): float(np.linalg.norm(places[one] - places[other])) for one, other in combinations(places, 2)}
        assert min(near.values()) >= least, min(near, key=lambda pair: near[pair])


def test_the_signs_below_the_words_differ_where_labels_may_nest() -> None:
    """A second sign beside colour: the line under the words."""
    lines = dict(re.findall(r':(\w+)"\] \{ border-bottom: \dpx (\w+)', STYLE))
    assert len({lines.get(label) for label in ("claim", "denial", "content", "source", "cue")}) == 5


@pytest.mark.parametrize("label", LABELS)
def test_words_can_be_read_on_a_mark(label: str) -> None:
    """WCAG 2.2 asks for 4.5 to 1; of a mark inside another of the same label 3 to 1, which it asks of large letters."""
    once = luminance(marked(label))
    *rgb, opacity = SHOWN[label]
    behind = opacity * np.array(rgb) / 255 + (1 - opacity)
    twice = luminance(marked(label, behind))
    ink = luminance(linear(INK))
    assert (once + 0.05) / (ink + 0.05) >= 4.5
    assert (twice + 0.05) / (ink + 0.05) >= 3


def test_every_label_and_every_answer_has_a_key_of_its_own() -> None:
    pages = [PAGE, ET.fromstring(schema.page("adjudication"))]
    keys = [one.get("hotkey", "") for page in pages for kind in ("Label", "Choice") for one in page.iter(kind)]
    assert all(re.fullmatch("[a-z0-9]", key) for key in keys)
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set(TAKEN_BY_THE_SERVER)


def test_facts_above_the_text_shorten_page_furniture() -> None:
    """It cannot be cut out of a text of record, whose offsets stand, so it is named."""
    article = document("The mayor spoke. " + "Read more of this here, " * 5, id="toy_0009", source="toy")
    article = replace(article, furniture=(Stretch(start=17, end=article.length),))
    shown = tasks.to_task(article, "4b22", "1.0", None)["data"]["facts"]
    assert shown == "toy_0009 · not to be marked: “Read more of this he … d more of this here,”"
