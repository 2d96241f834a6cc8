"""Keeps what was measured: line by line while it goes on, so that a break loses nothing; then as a part of docs/benchmarks.json."""

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil
from scripts.bench.running import PLACE

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "docs/benchmarks.json"
PACKAGES = ("cda-corpus", "pyarrow", "datasets", "orjson", "jsonschema-rs", "numpy", "rensa", "datasketch", "distributed")

Row = dict[str, Any]  # way, documents, round and figures; or way, documents and left_out, a sentence


@dataclass(slots=True)
class Record:
    """The rows of one part so far, and the machine and code that they are of: with others they are not gone on with."""

    path: Path
    head: Mapping[str, Any]
    rows: list[Row] = field(default_factory=list)

    def has(self, **named: Any) -> bool:
        """Whether a row has these values."""
        return any(named.items() <= row.items() for row in self.rows)

    def add(self, row: Row) -> None:
        """Append, to the disk."""
        self.rows.append(row)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
            file.flush()
            os.fsync(file.fileno())


def opened(part: str, settings: Mapping[str, Any], place: Path = PLACE) -> Record:
    """The record of a part: a broken run's where that was the same code, machine and settings, or an empty one."""
    place.mkdir(exist_ok=True)
    path, head = place / f"{part}.jsonl", json.loads(json.dumps({**machine(), **settings}))
    lines = list(_read(path))
    if not lines or any(lines[0].get(name) != head[name] for name in head if name != "busy"):
        lines = [head]
    else:
        print(f"going on with {len(lines) - 1} rows of {path.name}", file=sys.stderr)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return Record(path, lines[0], lines[1:])


def _read(path: Path) -> Iterator[Row]:
    """The lines of a record, without a last one that was not written whole."""
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                return


def so_far(part: str, place: Path = PLACE) -> Record | None:
    """The record of a part that a run left unfinished."""
    lines = list(_read(place / f"{part}.jsonl"))
    return Record(place / f"{part}.jsonl", lines[0], lines[1:]) if lines else None


def keep(part: str, record: Record, kept: Path = KEPT) -> None:
    """Put a part into the file of figures in the place of the same part of an earlier run."""
    parts = load(kept) | {part: {"head": dict(record.head), "rows": record.rows}}
    kept.write_text(written({name: parts[name] for name in sorted(parts)}), encoding="utf-8")


def load(kept: Path = KEPT) -> dict[str, Any]:
    """Parts by name, each with its head and rows."""
    return json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}


def written(parts: Mapping[str, Any]) -> str:
    """JSON with a row a line, for people who compare two runs."""
    told = []
    for name, part in parts.items():
        rows = ",\n   ".join(json.dumps(row, ensure_ascii=False) for row in part["rows"])
        told.append(f' "{name}": {{\n  "head": {json.dumps(part["head"], ensure_ascii=False)},\n  "rows": [\n   {rows}\n  ]}}')
    return "{\n" + ",\n".join(told) + "\n}\n"


def machine() -> dict[str, Any]:
    """What it runs on and what code; how busy it is with other work, in a look of two seconds."""
    system = f"{platform.machine()} {platform.system()}"
    code = hashlib.sha256(b"".join(path.read_bytes() for path in _code())).hexdigest()[:12]
    return {
        "processors": os.cpu_count(),
        "memory": psutil.virtual_memory().total,
        "system": system,
        "python": platform.python_version(),
        "versions": dict(versions(PACKAGES)),
        "code": code,
        "busy": psutil.cpu_percent(interval=2) / 100,
    }


def versions(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Of the packages that are here."""
    for name in names:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def _code() -> Iterable[Path]:
    return sorted([*ROOT.glob("src/corpus/**/*.py"), *ROOT.glob("scripts/bench/ways/*.py"), ROOT / "scripts/generate_exports.py"])
