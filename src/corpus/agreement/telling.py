"""Figures and confusions in words: rows for a table on a terminal, and Markdown for a card. Reckons nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import get_args

from corpus.agreement.results import NOT_MARKED, Agreement, By, Cell, Confusion, Figure, Place, Summary

Row = tuple[str, ...]
HEADS: Row = ("measure", "of", "value", "95 % interval", "n", "")
CELLS = 3  # of a confusion, with their places
NOTHING = "–"
NAMES = {
    "token_alpha": "token alpha",
    "unitising_alpha": "unitising alpha",
    "mention_f1_exact": "mention F1, exact",
    "mention_f1_overlap": "mention F1, overlap",
    "attribution_f1_exact": "attribution F1, exact",
    "attribution_f1_overlap": "attribution F1, overlap",
    "link_f1": "link F1",
    "link_f1_shared": "link F1, shared ends",
    "kappa": "kappa",
    "equal": "share equal",
}
MEANINGS = (
    "token alpha: Krippendorff's nominal alpha over tokens (2011). Of one role: whether the token is marked; of role and label: the set of "
    "roles or labels that mark it.",
    "unitising alpha: Krippendorff's alpha for units among gaps on the line of the text (1995, 2004), in code points; each span is a unit.",
    "F1: twice the matched over all marks of both, over every two readers. Exact: the same spans. Overlap: at least one shared code point, "
    "one to one, the largest overlap first. An attribution matches if its hub, all its sources and all its cues do; the hub's label counts "
    "by itself. A link matches if its type does and both ends overlap; shared ends: only links between mentions that both marked.",
    "kappa: Cohen's kappa (1960) on mentions that overlap, the mean over every two readers; share equal: how many of them hold the same "
    "value.",
    "Intervals: articles drawn anew with replacement, percentiles 2.5 and 97.5. A dash stands where a figure is not defined.",
)
_BY: dict[By, str] = {"all": "All", "source": "By source", "pair": "By pair of annotators", "gold": "Each annotator against gold"}


def number(value: float | None) -> str:
    """Three decimals, or a dash.

    >>> number(0.77416), number(None)
    ('0.774', '–')
    """
    return NOTHING if value is None else f"{value:.3f}"


def rows(agreement: Agreement) -> list[Row]:
    """The figures that speak of anything, under HEADS."""
    held = (one for one in agreement.figures if one.n)
    return [(NAMES[one.measure], one.of, number(one.value), _interval(one), f"{one.n:,}", one.unit) for one in held]


def side_by_side(parts: Sequence[Agreement]) -> tuple[Row, list[Row]]:
    """Heads and rows of parts of one sort, a column each."""
    keys = [(one.measure, one.of) for one in parts[0].figures]
    columns = [{(one.measure, one.of): one for one in part.figures} for part in parts]
    told = [key for key in keys if any(column[key].n for column in columns)]
    heads = ("measure", "of", *(f"{part.name} ({part.documents})" for part in parts))
    return heads, [(NAMES[key[0]], key[1], *(_cell(column[key]) for column in columns)) for key in told]


def sorts(summary: Summary) -> Iterator[tuple[str, list[Agreement]]]:
    """The parts by their sort, with a title."""
    for by in get_args(By):
        found = [one for one in summary.parts if one.by == by]
        if found:
            yield _BY[by], found


def heading(agreement: Agreement) -> str:
    """What the figures are over, in one line."""
    articles = "1 article" if agreement.documents == 1 else f"{agreement.documents:,} articles"
    left_out = f"; {agreement.without_text:,} of them without text here and left out of token figures" if agreement.without_text else ""
    return f"{', '.join(agreement.annotators)}: {articles} read by two or more of them{left_out}"


def partings(confusion: Confusion) -> Iterator[str]:
    """The most frequent ways in which two readings part, and where."""
    for cell in confusion.parted()[:CELLS]:
        yield f"{cell.first} / {cell.second}: {cell.count:,}, as in " + "; ".join(map(_place, cell.places))


def figures(summary: Summary) -> str:
    """The figures over everything as a Markdown table, with what is over what and what each means."""
    return "\n".join(_figures(summary)) + "\n"


def markdown(summary: Summary) -> str:
    """Everything but the cells on which the readings agree, with headings of the third level."""
    return "\n".join(_markdown(summary)) + "\n"


def _figures(summary: Summary) -> Iterator[str]:
    yield f"{heading(summary.whole)}. {summary.resamples:,} resamples, seed {summary.seed}.\n"
    yield from table(HEADS, rows(summary.whole), right=(2, 3, 4))
    yield ""
    yield from (f"- {meaning}" for meaning in MEANINGS)


def _markdown(summary: Summary) -> Iterator[str]:
    yield from _figures(summary)
    for title, parts in sorts(summary):
        heads, held = side_by_side(parts)
        yield f"\n### {title}\n"
        yield from table(heads, held, right=range(2, len(heads)))
    yield "\n### Where readings part\n"
    yield "Of two readers the first is the first by id; places are document and code points, with words where the text may be passed on.\n"
    for confusion in summary.whole.confusions:
        if confusion.parted():
            yield f"**{confusion.of}**\n"
            yield from _matrix(confusion.cells)
            yield ""
            yield from (f"- {_escaped(line)}" for line in partings(confusion))
            yield ""


def _matrix(cells: Sequence[Cell]) -> Iterator[str]:
    """Rows are what the first reader holds, columns what the second does."""
    values = list(dict.fromkeys(value for cell in cells for value in (cell.first, cell.second)))
    counts = {(cell.first, cell.second): cell.count for cell in cells}
    held = [(first, *(_count(first, second, counts) for second in values)) for first in values]
    yield from table(("first \\ second", *values), held, right=range(1, len(values) + 1))


def _count(first: str, second: str, counts: Mapping[tuple[str, str], int]) -> str:
    """What neither marks cannot be counted."""
    return NOTHING if first == second == NOT_MARKED else f"{counts.get((first, second), 0):,}"


def table(heads: Row, held: Iterable[Row], *, right: Iterable[int]) -> Iterator[str]:
    """A table in Markdown; words of an article cannot break out of it."""
    rights = set(right)
    yield _line(heads)
    yield "|" + "|".join("---:" if at in rights else "---" for at in range(len(heads))) + "|"
    yield from map(_line, held)


def _line(cells: Row) -> str:
    return "| " + " | ".join(map(_escaped, cells)) + " |"


def _escaped(words: str) -> str:
    """Words of an article may not become Markdown or HTML."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>|&" else char for char in words.replace("\n", " "))


def _interval(one: Figure) -> str:
    return NOTHING if one.low is None else f"{number(one.low)} to {number(one.high)}"


def _cell(one: Figure) -> str:
    return number(one.value) + (f" ({_interval(one)})" if one.low is not None else "")


def _place(one: Place) -> str:
    edges = one.first or one.second
    where = f"{one.document} {edges[0]}-{edges[1]}" if edges else one.document
    return where + (f" “{' '.join(one.words.split())}”" if one.words else "")
