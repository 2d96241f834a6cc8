"""How far annotators agree: token alpha, unitising alpha, F1, kappa, confusions, each with an interval."""

from corpus.agreement.alignment import Alignment, aligned
from corpus.agreement.judging import Judged, judged, of_two_in_words
from corpus.agreement.judging import in_words as judged_in_words
from corpus.agreement.recording import recorded
from corpus.agreement.results import Agreement, By, Cell, Confusion, Figure, Place, Summary
from corpus.agreement.summary import of_gold, summary
from corpus.agreement.telling import NAMES, figures, markdown, number

__all__ = [
    "NAMES",
    "Agreement",
    "Alignment",
    "By",
    "Cell",
    "Confusion",
    "Figure",
    "Judged",
    "Place",
    "Summary",
    "aligned",
    "figures",
    "judged",
    "judged_in_words",
    "markdown",
    "number",
    "of_gold",
    "of_two_in_words",
    "recorded",
    "summary",
]
