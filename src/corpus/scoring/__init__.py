"""How well a system reads: precision, recall and F1 of mentions, attributions and links against gold, with intervals and a test."""

from corpus.scoring.reckoning import Tally, contest, report, tally
from corpus.scoring.results import By, Contest, Difference, Part, Report, Score
from corpus.scoring.submission import problems, split_of
from corpus.scoring.telling import markdown

__all__ = [
    "By",
    "Contest",
    "Difference",
    "Part",
    "Report",
    "Score",
    "Tally",
    "contest",
    "markdown",
    "problems",
    "report",
    "split_of",
    "tally",
]
