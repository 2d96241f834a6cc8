"""What is remembered beside the server: each task's layer as it was when a pull last met it, and the key of pseudonyms.

Losing the first costs a question, never an annotation; losing the key gives people new pseudonyms.
"""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from corpus import codec, store

_NAME, _KEY = "met.json", "pseudonym.key"


def read(home: Path) -> dict[str, str]:
    """Layer and task → fingerprint; empty where nothing is remembered or the file is damaged."""
    try:
        value = json.loads((home / _NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(path): str(held) for path, held in value.items()} if isinstance(value, dict) else {}


def pseudonym_key(home: Path) -> bytes:
    """From CORPUS_PSEUDONYM_KEY, or from a file that only its owner reads, made on first use."""
    given = os.environ.get("CORPUS_PSEUDONYM_KEY")
    if given:
        return given.encode("utf-8")
    path = home / _KEY
    if not path.is_file():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(handle, secrets.token_hex(32).encode())
        os.close(handle)
    return path.read_bytes()


def write(home: Path, memory: Mapping[str, str]) -> None:
    """Replace the file in one step; of two pulls at once the last to end is remembered."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    store.write(home / _NAME, codec.canonical(dict(sorted(memory.items()))))
