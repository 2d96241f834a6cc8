"""Three sides of a layer: the file here, the server's, and what both were when they last met. Decides; reads and writes nothing."""

from typing import Literal

Decision = Literal["unchanged", "changed", "kept", "conflict"]


def decide(*, here: str | None, server: str, met: str | None) -> Decision:
    """What a pull does with the file here, by fingerprints; None where there is no file, or the two never met.

    >>> decide(here="a", server="b", met="a"), decide(here="b", server="a", met="a"), decide(here="b", server="c", met="a")
    ('changed', 'kept', 'conflict')
    """
    if here == server:
        return "unchanged"
    if here in (None, met):
        return "changed"
    return "kept" if server == met else "conflict"
