"""The pictures of card, datasheet and README, as SVG. The only door to matplotlib; counts nothing that it is not given.

The same data give the same bytes: no clock, no chance, no fonts drawn as paths.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from corpus.agreement import Agreement

INK, PALE = "#1b1b1b", "#c9d6df"
# Differ in lightness as well as in hue, so that they part in grey and for the colour-blind.
COLOURS = ("#0b3954", "#5f8ca3", "#bfd7ea", "#ff9f1c", "#8c2f39")
_THICK, _THIN = (COLOURS[0], COLOURS[4], COLOURS[3]), ("#3f3f3f", "#5f8ca3", "#9a7b4f", "#6c8a5b", "#8a6fa0")
_MARKERS = "osD^vPX"
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "cda",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "axes.labelcolor": INK,
}
_MEASURES = (
    ("token_alpha", "source"), ("token_alpha", "cue"), ("token_alpha", "hub"), ("unitising_alpha", "hub"), ("mention_f1_exact", "claim"),
    ("mention_f1_exact", "denial"), ("mention_f1_exact", "content"), ("attribution_f1_exact", "all roles"), ("link_f1", "denies"),
    ("link_f1", "same_claim"), ("kappa", "responsibility"), ("kappa", "certainty"),
)  # fmt: skip


def labels(counts: Mapping[str, Mapping[str, int]]) -> str:
    """Mentions of each label, stacked by source: counts["lee"]["claim"] = 812."""
    names = list(next(iter(counts.values())))
    figure, axes = _empty(6.4, 2.6)
    base = [0] * len(names)
    for at, (source, held) in enumerate(counts.items()):
        numbers = [held[name] for name in names]
        axes.barh(names, numbers, left=base, color=COLOURS[at % len(COLOURS)], label=source)
        base = [one + more for one, more in zip(base, numbers, strict=True)]
    for at, total in enumerate(base):
        axes.text(total, at, f" {total:,}", va="center")
    axes.invert_yaxis()
    axes.set_xlabel("mentions in the readings of record")
    axes.legend(frameon=False, loc="lower right")
    return _svg(figure)


def agreement(found: Agreement) -> str:
    """Chosen figures with their 95 % intervals."""
    told = [one for name in _MEASURES for one in found.figures if (one.measure, one.of) == name and one.value is not None]
    figure, axes = _empty(6.4, 0.6 + 0.27 * len(told))
    for at, one in enumerate(told):
        if one.low is not None and one.high is not None:
            axes.plot([one.low, one.high], [at, at], color=COLOURS[1], linewidth=3, solid_capstyle="butt")
        axes.plot([one.value], [at], "o", color=COLOURS[0])
    axes.set_yticks(range(len(told)), [f"{one.measure.replace('_', ' ')}: {one.of.replace('_', ' ')}" for one in told])
    axes.invert_yaxis()
    axes.set_xlim(min(0.5, *(one.low or 0 for one in told)), 1.005)
    axes.grid(axis="x", color=PALE)
    axes.set_xlabel("value, with its 95 % interval over articles")
    return _svg(figure)


def lengths(words: Mapping[str, Sequence[int]]) -> str:
    """Code points of the articles of each source, as a histogram."""
    figure, axes = _empty(6.4, 2.4)
    top = max(max(held) for held in words.values())
    edges = range(0, top + 500, 250)
    axes.hist([list(held) for held in words.values()], bins=list(edges), stacked=True, label=list(words), color=COLOURS[: len(words)])
    axes.set_xlabel("length of the article in code points")
    axes.set_ylabel("articles")
    axes.legend(frameon=False)
    return _svg(figure)


def who_denies_whom(counts: Mapping[tuple[str, str], int], kinds: Sequence[str]) -> str:
    """How often a source of one kind (rows) denies what one of another kind (columns) said."""
    figure, axes = _empty(6.0, 4.4)
    held = [[counts.get((row, column), 0) for column in kinds] for row in kinds]
    axes.imshow(held, cmap=mpl.colors.LinearSegmentedColormap.from_list("cda", ["#ffffff", COLOURS[0]]))
    most = max(max(row) for row in held) or 1
    for y, row in enumerate(held):
        for x, number in enumerate(row):
            axes.text(x, y, f"{number:,}" if number else "", ha="center", va="center", color="white" if number > most / 2 else INK)
    names = [kind.replace("_", " ") for kind in kinds]
    axes.set_xticks(range(len(kinds)), names, rotation=30, ha="right")
    axes.set_yticks(range(len(kinds)), names)
    axes.set_xlabel("who had said it")
    axes.set_ylabel("who denies it")
    return _svg(figure)


def growth(panels: Mapping[str, Mapping[str, Mapping[int, float]]], bold: str) -> str:
    """Figures over sizes, all axes logarithmic: panels["seconds"]["ours"][1000] = 0.8. Names that begin with `bold` have thicker lines."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(9.0, 4.6), layout="constrained")
        each = figure.subplots(1, len(panels), squeeze=False)[0]
    names = sorted(dict.fromkeys(name for lines in panels.values() for name in lines), key=lambda name: not name.startswith(bold))
    thick = sum(name.startswith(bold) for name in names)
    for axes, (label, lines) in zip(each, panels.items(), strict=True):
        for name, values in lines.items():
            at = names.index(name)
            colour = _THICK[at % len(_THICK)] if at < thick else _THIN[(at - thick) % len(_THIN)]
            form = {"linewidth": 2.2} if at < thick else {"linewidth": 1, "linestyle": "--"}
            marker = _MARKERS[at % len(_MARKERS)]
            axes.plot(list(values), list(values.values()), label=name, color=colour, marker=marker, markersize=5, **form)
        sizes = sorted({size for values in lines.values() for size in values})
        axes.set(xscale="log", yscale="log", xlabel="documents", ylabel=label)
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.xaxis.minorticks_off()
        axes.yaxis.set_major_formatter("{x:,g}")
        axes.grid(color=PALE, linewidth=0.5)
    figure.legend(*each[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    return _svg(figure)


def _empty(width: float, height: float) -> tuple[Figure, Any]:
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.add_subplot()


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
