"""By what name and under which licences a release goes: the corpus's own, or those of the corpora that it was converted from.

A manifest tells `terms` only where some annotations are not the corpus's own; without them everything is as this corpus says of itself.
"""

from corpus.card.facts import TITLE
from corpus.manifest import Manifest

AUTHORS = "The CDA corpus contributors"
LICENCE = "CC-BY-4.0"
ABSTRACT = "News articles in which every reported statement is marked, and every denial is linked to the claim it denies."


def title(manifest: Manifest) -> str:
    """What it is called."""
    return f"{'; '.join(_titles(manifest))}, in the scheme of CDA" if manifest.terms else TITLE


def authors(manifest: Manifest) -> str:
    """Whom to credit; of a conversion those who made what was converted."""
    return f"The makers of {'; '.join(_titles(manifest))}" if manifest.terms else AUTHORS


def abstract(manifest: Manifest) -> str:
    """What it holds, in a sentence."""
    return f"{'; '.join(_titles(manifest))}, converted by corpus convert. Cite their makers." if manifest.terms else ABSTRACT


def licences(manifest: Manifest) -> list[str]:
    """All licences that something in this release stands under: of annotations, and of texts that are in it. A copy names its release's."""
    if not manifest.terms:
        return [LICENCE]
    held = [one["annotations"] for one in manifest.terms.values()]
    own = manifest.text == "all" and manifest.released_digest is None
    held += [one["texts"] for one in manifest.terms.values() if own or one["text"] == "included"]
    return sorted(set(held))


def is_spdx(licence: str) -> bool:
    """Whether it is an id, not a sentence.

    >>> is_spdx("CC-BY-NC-SA-4.0"), is_spdx("none given")
    (True, False)
    """
    return " " not in licence and any(char.isdigit() for char in licence)


def _titles(manifest: Manifest) -> list[str]:
    return [one["title"] for _, one in sorted((manifest.terms or {}).items())]
