"""`corpus build --from` beside other ways to make a dataset of the same exports, in interleaved rounds of one run.

usage: scripts/measure_build.py [--documents N…] [--rounds N] [--write FILE]     (default 1000 10000, 3 rounds; print only)

Each way is a process of its own, its start included. Times are ratios of medians to the floor, orjson reading the same tasks line by
line: machines differ, and this one may be busy, which the work
of the processors feels least. Memory is the largest sum over all processes of a way, sampled ten times a second.
Label Studio's converter runs in Label Studio's own environment (make studio), datatrove in the Python that DATATROVE_PYTHON names;
what is not there is left out, and the table says so.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))
from scripts import generate_exports

ROOT = Path(__file__).parents[1]
STUDIO = ROOT / ".label-studio/venv/bin/python"

FLOOR = """
import sys, orjson
number = 0
with open(sys.argv[1] + "/export.jsonl", "rb") as file:
    for line in file:
        number += len(orjson.loads(line)["annotations"])
"""
# What the others do with a task: its text, and spans, relations and values of its annotation in lists.
FLATTEN = """
def flat(task):
    result = task["annotations"][0]["result"]
    spans = [row for row in result if row["type"] == "labels"]
    arrows = [row for row in result if row["type"] == "relation"]
    return {
        "document": task["data"]["document"], "text": task["data"]["text"],
        "ids": [row["id"] for row in spans], "labels": [row["value"]["labels"][0] for row in spans],
        "starts": [row["value"]["start"] for row in spans], "ends": [row["value"]["end"] for row in spans],
        "from": [row["from_id"] for row in arrows], "to": [row["to_id"] for row in arrows], "types": [row["labels"][0] for row in arrows],
    }
"""
LOAD_JSON = (
    FLATTEN
    + """
import sys, datasets
datasets.disable_progress_bars()
held = datasets.load_dataset("json", data_files=sys.argv[1] + "/export.jsonl", split="train", cache_dir=sys.argv[2] + "/cache")
held.map(flat, remove_columns=held.column_names).to_parquet(sys.argv[2] + "/out/all.parquet")
"""
)
GENERATOR = (
    FLATTEN
    + """
import sys, orjson, datasets
datasets.disable_progress_bars()
def rows(path):
    with open(path, "rb") as file:
        for line in file:
            yield flat(orjson.loads(line))
held = datasets.Dataset.from_generator(rows, gen_kwargs={"path": sys.argv[1] + "/export.jsonl"}, cache_dir=sys.argv[2] + "/cache")
held.to_parquet(sys.argv[2] + "/out/all.parquet")
"""
)
CONVERTER = f"""
import sys
from label_studio_sdk.converter import Converter
config = open({str(ROOT / "schema/labels.xml")!r}, encoding="utf-8").read()
converter = Converter(config, sys.argv[2], download_resources=False)
converter.convert(sys.argv[1] + "/export.json", sys.argv[2] + "/out", "CONLL2003", is_dir=False)
"""
DATATROVE = (
    FLATTEN
    + """
import sys
from loguru import logger
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import ParquetWriter
logger.remove()
def adapted(self, data, path, id_in_file):
    held = flat(data)
    return {"text": held.pop("text"), "id": held.pop("document"), "metadata": held}
reader = JsonlReader(sys.argv[1], glob_pattern="*.jsonl", adapter=adapted, compression=None)
writer = ParquetWriter(sys.argv[2] + "/out", compression="zstd")
LocalPipelineExecutor([reader, writer], tasks=1, logging_dir=sys.argv[2] + "/logs").run()
"""
)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to do it: the program, and the words that it is called by."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds, seconds of processors, the most memory that its processes had together, bytes left in its folder `out`."""

    seconds: float
    worked: float
    memory: int
    written: int


def ways(made: Path) -> list[Way]:
    """All that can run here."""
    ours = [
        sys.executable,
        "-m",
        "corpus",
        "-q",
        "build",
        "1.0.0",
        "--from",
        str(made / "export.json"),
        "--source",
        str(made / "source.json"),
    ]
    ours += ["--annotators", str(made / "annotators.json"), "--out", "{out}/out"]
    given = ["--stories", "given"]
    found = [
        Way("floor: orjson, line by line", [sys.executable, "-c", FLOOR, str(made), "{out}"]),
        Way("corpus build, 1 worker", [*ours, "--workers", "1"]),
        Way("corpus build, 2 workers", [*ours, "--workers", "2"]),
        Way("corpus build, 2 workers, stories given", [*ours, "--workers", "2", *given]),
        Way("corpus build, 2 workers, stories given, documents only", [*ours, "--workers", "2", *given, "--configs", "documents"]),
        Way('load_dataset("json") + map + to_parquet', [sys.executable, "-c", LOAD_JSON, str(made), "{out}"]),
        Way("Dataset.from_generator + to_parquet", [sys.executable, "-c", GENERATOR, str(made), "{out}"]),
    ]
    if STUDIO.exists():
        found.append(Way("Label Studio's converter, JSON to CoNLL", [str(STUDIO), "-c", CONVERTER, str(made), "{out}"]))
    if os.environ.get("DATATROVE_PYTHON"):
        found.append(Way("datatrove, JSON lines to Parquet", [os.environ["DATATROVE_PYTHON"], "-c", DATATROVE, str(made), "{out}"]))
    return found


def measured(way: Way) -> Run:
    """Run a way once, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        if way.command[1] == "-c":
            (Path(folder) / "out").mkdir()
        command = [one.replace("{out}", folder) for one in way.command]
        start, before, most = time.perf_counter(), worked(), 0
        env = {**os.environ, "HF_HOME": folder, "HF_HUB_OFFLINE": "1"}
        with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            while process.poll() is None:
                most = max(most, memory_of(process.pid))
                time.sleep(0.1)
            took = time.perf_counter() - start
            if process.returncode:
                raise SystemExit(f"{way.name} failed: {(process.stderr.read() if process.stderr else '').strip()[-800:]}")
        written = sum(path.stat().st_size for path in (Path(folder) / "out").rglob("*") if path.is_file())
        return Run(took, worked() - before, most, written)


def worked() -> float:
    """Seconds of processors that all finished children have had."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory_of(pid: int) -> int:
    """What a process and its children have resident, together."""
    try:
        process = psutil.Process(pid)
        return sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))
    except psutil.Error:
        return 0


def table(documents: int, megabytes: float, runs: Mapping[str, Sequence[Run]]) -> str:
    """Medians, side by side."""
    lines = [f"\n### {documents:,} documents, {megabytes:,.0f} MB of JSON\n"]
    lines += ["| way | time, times the floor | work of processors, times the floor | peak memory, MB | written, MB |"]
    lines += ["|---|---:|---:|---:|---:|"]
    times = {name: statistics.median(one.seconds for one in held) for name, held in runs.items()}
    work = {name: statistics.median(one.worked for one in held) for name, held in runs.items()}
    floor = next(iter(runs))
    for name, held in runs.items():
        ratio, share = times[name] / times[floor], work[name] / work[floor]
        memory, written = max(one.memory for one in held) / 1e6, held[-1].written / 1e6
        lines.append(f"| {name} | {ratio:.1f} | {share:.1f} | {memory:,.0f} | {written:,.1f} |")
    return "\n".join(lines)


def head(rounds: int) -> str:
    """Machine and versions."""
    tools = ", ".join(f"{name} {version(name)}" for name in ("cda-corpus", "pyarrow", "datasets", "orjson", "jsonschema-rs"))
    cores = f"{os.cpu_count()} processors, {psutil.virtual_memory().total / 1e9:.0f} GB, {platform.machine()} {platform.system()}"
    load = os.getloadavg()[0]
    busy = "**The machine was busy with other work: the times are rough, the work of the processors less so.** " if load > 1.5 else ""
    return f"""# Speed and memory of a build, beside other ways

Written by `scripts/measure_build.py`; medians of {rounds} interleaved rounds, each way a process of its own, start included.
{cores}; load {load:.1f} at the start. Python {platform.python_version()}, {tools}.

{busy}What the ways do differs: only `corpus build` validates every task, holds it to all checks and writes six configs with checksums; the
others copy spans and relations into columns as they are, and the converter loses the relations. Unless stories are given, our build
also looks for near-duplicates among all texts. At 1,000 documents much of every row is the start of a process."""


def measure(documents: int, rounds: int) -> str:
    """The table of one size."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        path = generate_exports.write(made, documents)
        generate_exports.write(made, documents, lines=True)
        there = ways(made)
        runs: dict[str, list[Run]] = {one.name: [] for one in there}
        for nth in range(rounds):
            for way in there:
                runs[way.name].append(measured(way))
                print(json.dumps([documents, nth, way.name, round(runs[way.name][-1].seconds, 2)]), file=sys.stderr, flush=True)
        return table(documents, path.stat().st_size / 1e6, runs)


def main() -> None:
    """Print the tables, or write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[1000, 10_000], metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--write", type=Path, metavar="FILE")
    args = parser.parse_args()
    words = "\n".join([head(args.rounds), *(measure(number, args.rounds) for number in args.documents)]) + "\n"
    print(words)
    if args.write:
        args.write.write_text(words, encoding="utf-8")


if __name__ == "__main__":
    main()
