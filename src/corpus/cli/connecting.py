"""Which Label Studio a command talks to: the one the environment names, or the local one of this repository."""

import os
from pathlib import Path

from corpus.cli.studio_command import home_of
from corpus.problems import CorpusError
from corpus.studio import server
from corpus.studio.connection import Connection

URL, TOKEN = "LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"


def connection(root: Path) -> Connection:
    """Address and token; a token never comes from an argument, where every process could read it."""
    url, token = os.environ.get(URL), os.environ.get(TOKEN)
    if url and token:
        return Connection(url=url.rstrip("/"), token=token)
    if url or token:
        raise CorpusError(f"set both {URL} and {TOKEN}, or neither to use the local Label Studio")
    found = server.running(home_of(root))
    if found is None:
        raise CorpusError(f"no Label Studio runs here; start one with corpus studio start, or set {URL} and {TOKEN}")
    return Connection(url=found.url, token=found.token)
