"""The papers of a release, from its facts alone: the data card, and how it is cited."""

from collections.abc import Callable
from typing import Any

from corpus.card import citation
from corpus.card.body import body
from corpus.card.croissant import croissant
from corpus.card.facts import Facts, Tally
from corpus.card.head import head, head_of, hydrated, sums_of
from corpus.card.rocrate import NAME as ROCRATE
from corpus.card.rocrate import rehashed, rocrate

__all__ = ["ROCRATE", "Facts", "Tally", "head_of", "hydrated", "papers", "rehashed", "sums_of"]


def papers(facts: Facts, features: Callable[[Any], list[dict[str, Any]]]) -> dict[str, str]:
    """Name of each paper → its words. `features` gives the columns of a config in the form of the YAML."""
    manifest = facts.manifest
    return {
        ".zenodo.json": citation.zenodo(manifest),
        "CITATION.bib": citation.bibtex(manifest),
        "CITATION.cff": citation.cff(manifest),
        "README.md": head(facts, features) + "\n" + body(facts),
        "citation.json": citation.csl(manifest),
        "croissant.json": croissant(facts, features),
        ROCRATE: rocrate(facts),
    }
