"""The papers of a release, from its facts alone: the data card, and how it is cited."""

from collections.abc import Callable
from typing import Any

from corpus.card import citation
from corpus.card.body import body
from corpus.card.copying import copied
from corpus.card.croissant import NAME as CROISSANT
from corpus.card.croissant import croissant
from corpus.card.facts import Facts, Tally
from corpus.card.head import head, head_of, sums_of
from corpus.card.rocrate import NAME as ROCRATE
from corpus.card.rocrate import rocrate

__all__ = ["Facts", "Tally", "copied", "head_of", "papers", "sums_of"]


def papers(facts: Facts, features: Callable[[Any], list[dict[str, Any]]]) -> dict[str, str]:
    """Name of each paper → its words. `features` gives the columns of a config in the form of the YAML."""
    manifest = facts.manifest
    return {
        ".zenodo.json": citation.zenodo(manifest),
        "CITATION.bib": citation.bibtex(manifest),
        "CITATION.cff": citation.cff(manifest),
        "README.md": head(facts, features) + "\n" + body(facts),
        "citation.json": citation.csl(manifest),
        CROISSANT: croissant(facts, features),
        ROCRATE: rocrate(facts),
    }
