"""What each layer was when a pull last met the server, by fingerprint. Losing it costs a question, never an annotation."""

import json
from collections.abc import Mapping
from pathlib import Path

_NAME = "met.json"


def read(home: Path) -> dict[str, str]:
    """Path of a layer → fingerprint; empty where nothing is remembered or the file is damaged."""
    try:
        value = json.loads((home / _NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(path): str(held) for path, held in value.items()} if isinstance(value, dict) else {}


def write(home: Path, memory: Mapping[str, str]) -> None:
    """Replace the file in one step."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = home / f"{_NAME}.new"
    temporary.write_text(json.dumps(dict(sorted(memory.items())), indent=1), encoding="utf-8")
    temporary.replace(home / _NAME)
