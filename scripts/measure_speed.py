"""Speed of reading, checking and building as ratios to parsing the same bytes, in one run (what `make bench` runs).

usage: scripts/measure_speed.py [DOCUMENTS]     (default 2000; the toy layers over and over)

Ratios, not seconds: machines differ, and this one may be busy.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus import checks, codec, schema, store, tables

TOY = Path(__file__).parents[1] / "tests" / "toy"
SLOW_SHARE = 20  # the slow validator is timed on one document in so many


def main() -> None:
    """Print what each step costs beside the floor."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    holdings = store.read(TOY).holdings
    layers = sorted(holdings.layers.items())
    files = [(where, (TOY / where).read_bytes()) for where, _ in layers]
    many = [files[at % len(files)] for at in range(number)]
    readings = [_reading(holdings, layers[at % len(layers)][1]) for at in range(number)]
    floor = timed(lambda: [json.loads(data) for _, data in many])
    values = [json.loads(data) for _, data in many]
    rows = list(measured(many, values, holdings, readings))
    show(number, floor, rows)


def measured(many: list, values: list, holdings: object, readings: list) -> Iterator[tuple[str, float]]:
    """Each step with its seconds."""
    yield "strict reading", timed(lambda: [codec.read_json(data, where) for where, data in many])
    yield "schema (jsonschema-rs and decimals)", timed(lambda: [schema.problems("annotation", value, "x") for value in values])
    yield "schema (jsonschema)", timed(lambda: _slow(values[::SLOW_SHARE])) * SLOW_SHARE
    layers = [codec.annotations_from_json(value) for value in values]
    yield "decoding", timed(lambda: [codec.annotations_from_json(value) for value in values])
    yield "checks of text, relations, corpus", timed(lambda: [checks.of_layer("x", layer, holdings) for layer in layers])
    yield "canonical form", timed(lambda: [codec.canonical(codec.annotations_to_json(layer)) for layer in layers])
    yield "rows of `documents`", timed(lambda: tables.rows_of("documents", readings))
    rows = tables.rows_of("documents", readings)
    with tempfile.TemporaryDirectory() as folder:
        yield "Parquet of `documents`", timed(lambda: tables.parquet("documents", rows, Path(folder) / "x.parquet"))


def show(number: int, floor: float, rows: list[tuple[str, float]]) -> None:
    """A table of ratios."""
    table = Table(title=f"{number:,} layers; floor: json.loads of the same bytes, {number / floor:,.0f} layers a second")
    table.add_column("step")
    table.add_column("times the floor", justify="right")
    for name, seconds in rows:
        table.add_row(name, f"{seconds / floor:.1f}")
    Console().print(table)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


def timed(job: Callable[[], object]) -> float:
    """The best of three runs, in seconds."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        job()
        best = min(best, time.perf_counter() - start)
    return best


def _slow(values: list) -> list[bool]:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema.load("annotation"))
    return [validator.is_valid(value) for value in values]


def _reading(holdings: object, layer: object) -> tables.Reading:
    document = holdings.documents[layer.document]
    source, annotator = holdings.sources[document.source], holdings.annotators[layer.annotator]
    return tables.Reading(document=document, source=source, annotator=annotator, layer=layer, open=True)


if __name__ == "__main__":
    main()
