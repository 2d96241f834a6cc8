"""`corpus build --from` beside other ways to make a dataset of the same exports, in interleaved rounds of one run.

usage: scripts/measure_build.py [--documents N…] [--rounds N] [--write]     (default: 1,000, 10,000 and 100,000; rounds as in ROUNDS)
       scripts/measure_build.py --draw | --so-far

Each way is a process of its own, its start included; its children count, too. Every run is noted in .bench/build.jsonl at once, and a run
that was broken off goes on there if code and machine are the same. --write puts the figures into docs/benchmarks.json and draws
docs/benchmarks.md and .svg from it; --so-far does that with what a broken run has measured; --draw draws again and measures nothing.

Label Studio's converter runs in Label Studio's environment (make studio), datatrove in one that `make bench` makes; what is not there, what
would need more memory than the machine has and what would take longer than --longest is left out, and the tables say so. After --minutes
no second round begins: what has fewer rounds says how many.
"""

import argparse
import math
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))
from scripts import generate_exports
from scripts.bench import drawing, recording, running
from scripts.bench.recording import Record, Row
from scripts.bench.running import PLACE, Way

WAYS = Path(__file__).parent / "bench/ways"
STUDIO = recording.ROOT / ".label-studio/venv/bin/python"
DATATROVE = PLACE / "datatrove/bin/python"
SIZES = (1_000, 10_000, 100_000)
ROUNDS = {1_000: (3, 3, 3), 10_000: (3, 3, 1), 100_000: (2, 1, 1)}  # of what is compared first, of others, of those that take minutes
START = 20  # documents of a build that is hardly more than the start of a process
START_ROUNDS = 5
ROOM = 0.75  # of the machine's memory

OTHERS = {"label-studio-sdk": STUDIO, "datatrove": DATATROVE, "distributed": Path(sys.executable)}


def ways(options: str, others: Mapping[str, str]) -> tuple[list[Way], dict[str, str]]:
    """All that can run here, and by name why others cannot. `options` is the help of `corpus build`."""
    build = [sys.executable, "-m", "corpus", "-q", "build", "1.0.0", "--from", "{made}/export.json", "--out", "{out}/out/release"]
    build += ["--source", "{made}/source.json", "--annotators", "{made}/annotators.json"]
    if "--no-cache" in options:
        build += ["--no-cache"]  # nothing that an earlier round left may help
    one, two, given = ["--workers", "1"], ["--workers", "2"], ["--stories", "given"]
    documents = ["--configs", "documents"]
    found = [
        Way(drawing.FLOOR, script("floor")),
        Way(drawing.SINGLE, [*build, *one]),
        Way(drawing.OURS, [*build, *two]),
        Way("corpus build, 1 worker, stories given", [*build, *one, *given], weight=1),
        Way("corpus build, 2 workers, stories given", [*build, *two, *given], weight=1),
        Way("corpus build, 2 workers, documents only", [*build, *two, *documents], weight=1),
        Way("corpus build, 2 workers, stories given, documents only", [*build, *two, *given, *documents], weight=1),
        Way("corpus build on Dask, 2 workers", [*build, "--cluster", "local", *two]),
        Way("Dataset.from_generator + to_parquet", script("from_generator"), weight=1),
        Way("datatrove, JSON lines to Parquet", script("through_datatrove", DATATROVE), weight=1),
        Way('load_dataset("json") + map + to_parquet', script("load_json"), weight=2),
        Way("Label Studio's converter, JSON to CoNLL", script("label_studio", STUDIO), weight=2),
    ]
    needed = {
        "corpus build on Dask, 2 workers": (
            "--cluster" in options and "distributed" in others,
            "`corpus build` has no `--cluster` here, or no Dask to work on (the extra `cluster`)",
        ),
        "datatrove, JSON lines to Parquet": ("datatrove" in others, "datatrove is not installed (make bench)"),
        "Label Studio's converter, JSON to CoNLL": ("label-studio-sdk" in others, "Label Studio is not installed (make studio)"),
    }
    why = {name: words for name, (there, words) in needed.items() if not there}
    return [way for way in found if way.name not in why], why


def starting() -> list[Way]:
    """What of a small build is the start of processes."""
    build = next(way for way in ways("", {})[0] if way.name == drawing.SINGLE)
    return [
        Way("python -c pass", [sys.executable, "-c", "pass"]),
        Way("corpus build --help", [sys.executable, "-m", "corpus", "build", "--help"]),
        Way("import datasets", [sys.executable, "-c", "import datasets"]),
        Way(f"corpus build of {START} documents", build.command),
    ]


def script(name: str, python: Path = Path(sys.executable)) -> list[str]:
    """A way that is a program of its own."""
    return [str(python), str(WAYS / f"{name}.py"), "{made}", "{out}"]


def installed() -> dict[str, str]:
    """The versions of the other tools, where their environments are there."""
    found = {}
    for name, python in OTHERS.items():
        code = f"from importlib.metadata import version; print(version({name!r}))"
        done = subprocess.run([str(python), "-c", code], capture_output=True, text=True) if python.exists() else None
        if done and done.returncode == 0:
            found[name] = done.stdout.strip()
    return found


def made(documents: int) -> Path:
    """An export of that many documents, as an array and a task a line."""
    folder = PLACE / f"made-{documents}"
    shutil.rmtree(folder, ignore_errors=True)
    print(f"making {documents:,} documents", file=sys.stderr, flush=True)
    lines = generate_exports.write(folder, documents, lines=True)
    with lines.open("rb") as tasks, (folder / "export.json").open("wb") as array:
        for nth, line in enumerate(tasks):
            array.write((b"," if nth else b"[") + line.rstrip(b"\n"))
        array.write(b"]")
    return folder


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that a run may be foreseen to take, and the time (monotonic) after which no round but the first begins."""

    longest: float = 600
    until: float = math.inf


def measure(documents: int, rounds: tuple[int, ...], record: Record, limits: Limits) -> None:
    """All rounds of a size that the record does not have."""
    there, why = ways(options(), record.head["others"])
    left_out(record, documents, why)
    planned = [(nth, way) for nth in range(max(rounds)) for way in there if nth < rounds[way.weight]]
    run(record, documents, planned, limits)


def run(record: Record, documents: int, planned: Sequence[tuple[int, Way]], limits: Limits) -> None:
    """Run what is planned in this order, but what is in the record or should not run."""
    todo = [(nth, way) for nth, way in planned if not record.has(way=way.name, documents=documents, round=nth)]
    if not todo:
        return
    folder = made(documents)
    megabytes = (folder / "export.json").stat().st_size / 1e6
    for nth, way in todo:
        if record.has(way=way.name, documents=documents, left_out=True) or (nth and time.monotonic() > limits.until):
            continue
        if words := foreseen(record.rows, way.name, documents, psutil.virtual_memory().total, limits.longest):
            left_out(record, documents, {way.name: words})
            continue
        try:
            figures, _ = running.measured(way, made=str(folder))
        except running.Failed as told:
            left_out(record, documents, {way.name: str(told)})
            continue
        record.add({"way": way.name, "documents": documents, "round": nth, "megabytes": round(megabytes, 1), **figures})
        print(f"{documents:,} documents, round {nth + 1}: {way.name}: {figures['seconds']:.2f} s", file=sys.stderr, flush=True)
    shutil.rmtree(folder)


def left_out(record: Record, documents: int, why: Mapping[str, str]) -> None:
    """Note what is not measured."""
    for name, words in why.items():
        if not record.has(way=name, documents=documents, left_out=True):
            record.add({"way": name, "documents": documents, "left_out": True, "why": words})


def foreseen(rows: Sequence[Row], name: str, documents: int, memory: float, longest: float) -> str | None:
    """Why a way should not run at a size, by what it took at smaller ones: straight on from the last two, or in proportion to one."""
    needs = ahead(rows, name, documents, "memory")
    if needs > ROOM * memory:
        return f"would need about {needs / 1e9:.0f} GB of the machine's {memory / 1e9:.0f} GB, by what it took at smaller sizes"
    takes = ahead(rows, name, documents, "seconds")
    if takes > longest:
        return f"would take about {takes / 60:.0f} minutes, by what it took at smaller sizes"
    return None


def ahead(rows: Sequence[Row], name: str, documents: int, figure: str) -> float:
    """A figure at a size that is not measured yet; 0 where nothing tells."""
    known: dict[int, list[float]] = {}
    for row in rows:
        if row["way"] == name and figure in row and row["documents"] < documents:
            known.setdefault(row["documents"], []).append(row[figure])
    points = [(size, statistics.median(held)) for size, held in sorted(known.items())][-2:]
    if len(points) < 2:
        return points[0][1] * documents / points[0][0] if points else 0.0
    (small, low), (large, high) = points
    return high + max(0.0, high - low) / (large - small) * (documents - large)


def options() -> str:
    """What `corpus build` can do in this checkout."""
    return subprocess.run([sys.executable, "-m", "corpus", "build", "--help"], capture_output=True, text=True, check=True).stdout


def rounds_of(sizes: Sequence[int], asked: int | None) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Sizes, smaller first, with the rounds of each."""
    for size in sorted(sizes):
        yield size, (asked,) * 3 if asked else ROUNDS.get(size, (3, 1, 1))


def main() -> None:
    """Measure, and print the tables or write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--rounds", type=int, metavar="N")
    parser.add_argument("--longest", type=float, default=600, metavar="SECONDS", help="a way that would take longer is left out (600)")
    parser.add_argument("--minutes", type=float, default=20, metavar="N", help="after these only first rounds begin (20)")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--draw", action="store_true")
    parser.add_argument("--so-far", action="store_true")
    args = parser.parse_args()
    if args.draw:
        return drawing.draw()
    plan = list(rounds_of(args.documents, args.rounds))
    if args.so_far:
        record = recording.so_far("build")
        if record is None:
            raise SystemExit("no run was broken off: there is no .bench/build.jsonl")
        return drawing.finish("build", record, write=True)
    record = recording.opened("build", {"others": installed(), "rounds": {str(size): rounds for size, rounds in plan}})
    limits = Limits(args.longest, time.monotonic() + 60 * args.minutes)
    try:
        run(record, START, [(nth, way) for nth in range(args.rounds or START_ROUNDS) for way in starting()], limits)
        for size, rounds in plan:
            measure(size, rounds, record, limits)
    except KeyboardInterrupt:
        raise SystemExit(f"broken off after {len(record.rows)} rows; the same command goes on, --so-far draws what there is") from None
    drawing.finish("build", record, write=args.write)
    record.path.unlink()


if __name__ == "__main__":
    main()
