"""Agreement as the manifest of a release records it, so that a later release can be compared with it. Plain values, no word of a text."""

from dataclasses import asdict
from typing import Any

from corpus.agreement.results import Summary
from corpus.agreement.summary import by_document
from corpus.model import Holdings

OF_DOCUMENTS = (
    ("token_alpha", "role"),
    ("mention_f1_exact", "source"),
    ("mention_f1_exact", "cue"),
    ("mention_f1_exact", "hub"),
    ("attribution_f1_overlap", "all roles"),
    ("link_f1", "all types"),
)


def recorded(holdings: Holdings, summary: Summary) -> dict[str, Any]:
    """All figures of a summary over everything, and those of OF_DOCUMENTS for each of its articles: "token_alpha role" → 0.8123 or None."""
    each = by_document(holdings, summary.whole.annotators, OF_DOCUMENTS)
    return {
        "annotators": list(summary.whole.annotators),
        "by_document": {name: {f"{one.measure} {one.of}": one.value for one in figures} for name, figures in each.items()},
        "documents": summary.whole.documents,
        "figures": [asdict(one) for one in summary.whole.figures],
        "without_text": summary.whole.without_text,
    }
