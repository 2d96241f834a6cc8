"""Scores in words: rows for a table on a terminal, and Markdown. Reckons nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import get_args

from corpus.agreement.telling import NOTHING, Row, number, table
from corpus.scoring.results import By, Contest, Part, Report, Score

HEADS: Row = ("measure", "of", "P", "R", "F1", "95 % interval", "macro", "matched", "gold", "predicted")
CONTEST: Row = ("measure", "of", "{}", "{}", "difference", "95 % interval", "p")
NAMES: Mapping[str, str] = {
    "mention_exact": "mention, exact",
    "mention_overlap": "mention, overlap",
    "characters": "characters",
    "attribution_exact": "attribution, exact",
    "attribution_overlap": "attribution, overlap",
    "link_exact": "link, exact",
    "link_overlap": "link, overlap",
    "link_overlap_shared": "link, shared ends",
}
# What the tables of parts show, with the heads of their columns.
CHOSEN: Mapping[tuple[str, str], str] = {
    ("mention_overlap", "source"): "source",
    ("mention_overlap", "cue"): "cue",
    ("mention_overlap", "hub"): "hub",
    ("mention_overlap", "claim"): "claim",
    ("mention_overlap", "denial"): "denial",
    ("mention_overlap", "content"): "content",
    ("attribution_overlap", "all roles"): "attribution",
    ("link_overlap", "denies"): "denies",
}
MEANINGS = (
    "P, R, F1: matched over predicted, matched over gold, and their harmonic mean, summed over all articles (micro). macro: the mean of "
    "the articles' own F1. All labels: pooled; mean of labels: the mean of the five. Exact: the same spans. Overlap: at least one shared "
    "code point, one to one, the largest overlap first. Characters: code points covered.",
    "attribution: hub of it, source of it, cue of it are the hub alone and the hub with each of its sources or cues; all roles: the hub "
    "with all its sources and cues and no others. link: type and both ends; shared ends: only links between mentions that both have.",
    "Intervals: articles drawn anew with replacement, percentiles 2.5 and 97.5. A dash stands where a figure is not defined.",
)
OF_CONTEST = (
    "difference: F1 of the first less that of the second, over the same articles drawn anew. p: approximate randomisation over articles, "
    "two-sided, not corrected for the number of measures: name the one you test before you look."
)
_BY: Mapping[By, str] = {"all": "All", "split": "By split", "phenomenon": "By phenomenon", "source": "By source"}


def rows(part: Part) -> list[Row]:
    """The figures that speak of anything, under HEADS."""
    return [_row(one) for one in part.scores if one.gold or one.predicted]


def groups(lines: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Rows by the measure they begin with, without it."""
    for name, held in groupby(lines, key=lambda one: one[0]):
        yield name, [one[1:] for one in held]


def sorts(report: Report) -> Iterator[tuple[str, Row, list[Row]]]:
    """The parts by their sort: title, heads, and a row for each part."""
    for by in get_args(By):
        held = [one for one in report.parts if one.by == by]
        if held:
            yield f"{_BY[by]}: F1, overlap", (by, "articles", *CHOSEN.values()), [_of_part(one) for one in held]


def heading(report: Report) -> str:
    """What the figures are over, in one line."""
    articles = "1 article" if report.whole.documents == 1 else f"{report.whole.documents:,} articles"
    return f"{report.system}: {articles}"


def differences(contest: Contest) -> tuple[Row, list[Row]]:
    """Heads, and a row for each measure that is defined for both."""
    heads = (*CONTEST[:2], *contest.systems, *CONTEST[4:])
    held = [one for one in contest.differences if one.difference is not None]
    return heads, [
        (NAMES[one.measure], one.of, number(one.first), number(one.second), number(one.difference), _interval(one.low, one.high), _p(one.p))
        for one in held
    ]


def markdown(reports: Sequence[Report], contest: Contest | None = None) -> str:
    """Every table, with what the figures mean."""
    return "\n".join(_markdown(reports, contest)) + "\n"


def _markdown(reports: Iterable[Report], contest: Contest | None) -> Iterator[str]:
    for one in reports:
        yield f"### {heading(one)}\n"
        yield f"{one.resamples:,} resamples, seed {one.seed}.\n"
        yield from table(HEADS, rows(one.whole), right=range(2, len(HEADS)))
        for title, heads, held in sorts(one):
            yield f"\n#### {title}\n"
            yield from table(heads, held, right=range(1, len(heads)))
        yield ""
    if contest is not None:
        heads, held = differences(contest)
        yield f"### {contest.systems[0]} and {contest.systems[1]}\n"
        yield f"{contest.shuffles:,} shuffles, seed {contest.seed}.\n"
        yield from table(heads, held, right=range(2, len(heads)))
        yield f"\n- {OF_CONTEST}"
    yield from (f"- {meaning}" for meaning in MEANINGS)


def _row(one: Score) -> Row:
    figures = (number(one.precision), number(one.recall), number(one.f1), _interval(one.low, one.high), number(one.macro))
    return NAMES[one.measure], one.of, *figures, f"{one.matched:,}", f"{one.gold:,}", f"{one.predicted:,}"


def _of_part(part: Part) -> Row:
    return part.name, f"{part.documents:,}", *(number(part.score(*key).f1) for key in CHOSEN)


def _interval(low: float | None, high: float | None) -> str:
    return NOTHING if low is None else f"{number(low)} to {number(high)}"


def _p(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.4f}"
