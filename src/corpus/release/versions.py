"""What the bytes of a release depend on besides its input, to be held against that of another process."""

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from corpus.cache import of_files

PACKAGES = ("cda-corpus", "pyarrow", "orjson", "msgspec", "jsonschema-rs", "rensa", "numpy")  # that read, judge, sketch or write


@cache
def versions() -> dict[str, str]:
    """Of Python, of the libraries that have a hand in them, and of this very code, by its first hash digits."""
    told = {"Python": platform.python_version()} | {name: version(name) for name in PACKAGES}
    return told | {"code of cda-corpus": of_files()[:12]}


def differing(own: Mapping[str, str], told: Mapping[str, str | None]) -> str:
    """What is not the same, in words.

    >>> differing({"pyarrow": "26.0.1", "rensa": "0.5.0"}, {"pyarrow": "25.0.0", "rensa": None})
    'pyarrow 25.0.0 where 26.0.1 is here, and no rensa'
    """
    words = (
        f"no {name}" if told.get(name) is None else f"{name} {told[name]} where {mine} is here"
        for name, mine in own.items()
        if told.get(name) != mine
    )
    return ", and ".join(words)
