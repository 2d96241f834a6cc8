"""Where each file of the repository belongs, as paths relative to its root."""

from corpus.model import Document, RegisteredClaim, Source

ANNOTATORS = "annotations/annotators.json"
GUIDELINES = "annotations/GUIDELINES.md"
RELEASED = "annotations/released.json"
ASSIGNMENTS = "annotations/assignments.json"
CLAIMS = "annotations/claims"
JUDGEMENTS = "annotations/claims/judgements"
WITHDRAWN = "annotations/withdrawn.json"


def layer_path(document: str, annotator: str) -> str:
    """Where a layer is stored.

    >>> layer_path("lee_0042", "gold")
    'annotations/lee_0042/gold.json'
    """
    return f"annotations/{document}/{annotator}.json"


def claim_path(claim: RegisteredClaim) -> str:
    """Where a claim of the registry is stored."""
    return f"{CLAIMS}/{claim.id}.json"


def judgements_path(annotator: str) -> str:
    """Where an annotator's judgements of pairs are stored.

    >>> judgements_path("4b22")
    'annotations/claims/judgements/4b22.json'
    """
    return f"{JUDGEMENTS}/{annotator}.json"


def source_path(source: Source) -> str:
    """Where the facts of a source are stored."""
    return f"raw/{source.id}/source.json"


def record_path(document: Document) -> str:
    """Where the record of an article is stored; its text lies beside it as .txt."""
    return f"raw/{document.source}/{document.id}.json"


def text_path(document: Document) -> str:
    """Where the text of an article is stored."""
    return f"raw/{document.source}/{document.id}.txt"
