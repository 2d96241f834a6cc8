"""Which labelling page on a server is an earlier one of ours, so that an old project can be given today's. Knows no server.

`pages.txt` holds every page that was ever sent, the oldest first: its kind, and the SHA-256 of its words. One that is not there was
changed by somebody, or comes from a newer version of this package.
"""

import hashlib
from importlib.resources import files
from typing import Literal

Standing = Literal["same", "earlier", "strange"]


def standing(there: str, ours: str) -> Standing:
    r"""What the page on a server is, seen from the one that would be sent now; blanks and line ends do not count.

    >>> standing("<View>\n</View>", "<View> </View>"), standing("<View>mine</View>", "<View/>")
    ('same', 'strange')
    """
    found, now = fingerprint(there), fingerprint(ours)
    if found == now:
        return "same"
    kinds = {sha256: kind for kind, sha256 in known()}
    order = [sha256 for kind, sha256 in known() if kind == kinds.get(now)]
    return "earlier" if found in order[: order.index(now) if now in order else 0] else "strange"


def known() -> list[tuple[str, str]]:
    """Kind and fingerprint of every page, the oldest first."""
    lines = (files("corpus.studio") / "pages.txt").read_text(encoding="utf-8").splitlines()
    return [(kind, sha256) for kind, sha256 in (line.split() for line in lines)]


def fingerprint(page: str) -> str:
    """SHA-256 of a page's words."""
    return hashlib.sha256(" ".join(page.split()).encode("utf-8")).hexdigest()
