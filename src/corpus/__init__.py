"""CDA: Claims, Denials and Attributions in news. The corpus's own package; see `corpus --help`."""

import os
from typing import Any

__version__ = "1.0.0"


def load(
    what: str | os.PathLike[str],
    config: str = "documents",
    split: str | None = None,
    *,
    streaming: bool = False,
    path: str | os.PathLike[str] | None = None,
    **given: str | bool,
) -> Any:
    """Exactly the release that is asked for, verified, as a DatasetDict or one split; with `path` another corpus from its own files.

    `load("1.0.0", "denials")`, `load("polnear", path="PolNeAR")`; see `corpus.loading.load`.
    """
    from corpus.loading import load as loaded  # datasets takes a second to import, and no command of the path needs it

    return loaded(what, config, split, streaming=streaming, path=path, **given)
