"""docs/benchmarks.md and docs/benchmarks.svg from the figures of docs/benchmarks.json; the same figures give the same bytes."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.bench import recording
from scripts.bench.recording import KEPT, Record, Row

from corpus import pictures

BUSY = 0.2  # of the time of all processors, by other work
FLOOR, OURS, SINGLE = "floor: orjson, line by line", "corpus build, 2 workers", "corpus build, 1 worker"
DASH = "–"
Part = Mapping[str, Any]

BUILDING = """
Each way is a process of its own, start included. Times and the work of processors are ratios of medians over interleaved rounds. Peak
memory is the most that all processes of a way held together at any look (proportional set size, which counts a shared page once; of it
`own` is what is no file's), the median over rounds. What the ways do differs: only `corpus build` validates every task, holds it to all
checks and writes six configs with checksums; the others copy spans and relations into columns as they are, and the converter loses the
relations. Unless stories are given, a build also looks for near-duplicates among all texts. No build finds the cache of an earlier
one. Python keeps what it compiled of the libraries, as it does where nothing forbids it.""".strip()
READING = """
A release of {documents:,} made documents, read in interleaved rounds, each way a process of its own; the time is that of reading, imports
not counted, memory that of the whole process. `first time` starts with no cache, `again` with the cache of the first time. `corpus.load`
holds every file to the manifest first, each time. Ready to train on means: for each of the five tag columns an array of documents × the
longest of the batch, ids as the card's ClassLabel has them, -100 where there is no token; every batch of the split, none kept.""".strip()
NEARNESS = """
{documents:,} texts of 2.5 kB, half of them copies of the other half with some words changed. Time is that of making sketches (126 hashes)
from the texts, medians of interleaved rounds in one process. Recall is the share of the pairs at or over an exact Jaccard of shingles of
five words that are looked at, because one of 42 bands of three hashes is the same; what is looked at is kept if the exact measure is 0.5
or more. Ours also leaves out pairs of which fewer than 0.3 of all hashes are alike.""".strip()


def finish(part: str, record: Record, *, write: bool) -> None:
    """Print the tables of a part, or put it among the figures and draw anew."""
    print("\n".join(PARTS[part]({"head": record.head, "rows": record.rows})))
    if write:
        recording.keep(part, record)
        draw()


def draw(kept: Path = KEPT) -> None:
    """Page and picture beside the figures."""
    parts = recording.load(kept)
    kept.with_suffix(".md").write_text(page(parts), encoding="utf-8")
    if "build" in parts:
        kept.with_suffix(".svg").write_text(picture(parts["build"]), encoding="utf-8")


def page(parts: Mapping[str, Part]) -> str:
    """The whole page."""
    lines = ["# Speed and memory, beside other ways", "", "Written by `make bench`; every run is in [benchmarks.json](benchmarks.json)."]
    for name, told in PARTS.items():
        lines += told(parts[name]) if name in parts else []
    return "\n".join(lines) + "\n"


def picture(part: Part) -> str:
    """Time for a document and memory, over the number of documents; builds of all configs with stories found."""
    names = [name for name in beside(part) if not name.endswith((", stories given", ", documents only"))]
    panels = {
        "time for a document, ms": {name: series(part, name, lambda row: row["seconds"] / row["documents"] * 1000) for name in names},
        "peak memory, MB": {name: series(part, name, lambda row: row["memory"] / 1e6) for name in names},
    }
    return pictures.growth(panels, "corpus build")


def series(part: Part, name: str, figure: Callable[[Row], float]) -> dict[int, float]:
    """The median of a figure at each size."""
    rows = rows_of(part, way=name)
    return {size: statistics.median(figure(row) for row in rows if row["documents"] == size) for size in sizes(rows)}


def building(part: Part) -> list[str]:
    """Builds: the picture, a table a size, growth, start."""
    told = sizes(rows_of(part, way=FLOOR))
    lines = ["", "## Building", "", "![time for a document and peak memory, over the number of documents](benchmarks.svg)", ""]
    lines += [*about(part["head"]), "", BUILDING]
    for size in told:
        lines += ["", *of_size(part, size)]
    if len(told) > 1:
        lines += ["", *growth(part, told[-2], told[-1])]
    return [*lines, "", *start(part, min(sizes(part["rows"])))]


def of_size(part: Part, size: int) -> list[str]:
    """The ways at one size, side by side."""
    held = {name: rows_of(part, way=name, documents=size) for name in beside(part)}
    floor = held[FLOOR]
    heads = [
        "way",
        "time, times the floor",
        "time, times ours",
        "work, times the floor",
        "peak memory, MB",
        "own, MB",
        "written, MB",
        "rounds",
    ]
    rows = [
        [
            name,
            ratio(median(mine, "seconds"), median(floor, "seconds")),
            ratio(median(mine, "seconds"), median(held.get(OURS, []), "seconds")),
            ratio(median(mine, "worked"), median(floor, "worked")),
            *(megabytes(mine, figure) for figure in ("memory", "own")),
            f"{median(mine, 'written') / 1e6:,.1f}",
            str(len(mine)),
        ]
        for name, mine in held.items()
        if mine
    ]
    speed = f"The floor read {size / median(floor, 'seconds'):,.0f} documents a second. Ours is `{OURS}`."
    missing = [f"- Left out: {row['way']}: {row['why']}." for row in part["rows"] if row.get("left_out") and row["documents"] == size]
    title = f"### {size:,} documents, {floor[0]['megabytes']:,.0f} MB of JSON"
    return [title, "", *table(heads, rows), "", speed, *(["", *missing] if missing else [])]


def growth(part: Part, small: int, large: int) -> list[str]:
    """What a document costs at the larger size over what it costs at the smaller; memory as a whole."""
    heads = ["way", "time for a document", "work for a document", "bytes for a document", "peak memory", "own memory"]
    rows = []
    for name in beside(part):
        before, after = (rows_of(part, way=name, documents=size) for size in (small, large))
        if before and after:
            each = [grown(before, after, figure, large / small) for figure in ("seconds", "worked", "written")]
            rows.append([name, *each, *(grown(before, after, figure, 1) for figure in ("memory", "own"))])
    told = "1.00 is linear growth of time, work and bytes, and memory that does not grow."
    return [f"### Growth from {small:,} to {large:,} documents", "", *table(heads, rows), "", told]


def grown(before: Sequence[Row], after: Sequence[Row], figure: str, times: float) -> str:
    """A figure as a share of `times` what it was before."""
    return ratio(median(after, figure), median(before, figure) * times, places=2)


def start(part: Part, size: int) -> list[str]:
    """What it costs to start, and how much of a small build that is."""
    held = grouped(rows_of(part, documents=size))
    base = next(iter(held.values()))
    rows = []
    for name, mine in held.items():
        each = (ratio(median(mine, figure), median(base, figure)) for figure in ("seconds", "worked"))
        rows.append([name, *each, megabytes(mine, "memory")])
    lines = ["### Start", "", *table(["command", "time, times that of Python alone", "work, times", "peak memory, MB"], rows)]
    if single := rows_of(part, way=SINGLE):
        least = min(sizes(single))
        whole = median([row for row in single if row["documents"] == least], "seconds")
        share = median([*held.values()][-1], "seconds") / whole
        lines += ["", f"A build of {size} documents takes {share:.0%} of the time of one of {least:,} by one worker."]
    return lines


def reading(part: Part) -> list[str]:
    """Reading a release: a table a group; the first way of each is 1.0."""
    lines = ["", "## Reading a release", "", *about(part["head"]), "", READING.format(**part["head"])]
    for group in dict.fromkeys(row["group"] for row in part["rows"]):
        held = grouped(rows_of(part, group=group))
        base = median(next(iter(held.values())), "seconds")
        rows = [[name, ratio(median(mine, "seconds"), base), megabytes(mine, "memory")] for name, mine in held.items()]
        lines += ["", *table([group, "time, times the first", "peak memory, MB"], rows)]
    return lines


def nearness(part: Part) -> list[str]:
    """Near-duplicates: speed and what is found."""
    held = grouped(part["rows"])
    ours = next(mine for name, mine in held.items() if name.startswith("corpus"))
    heads = [
        "way",
        "time for a text, times ours",
        "recall at ≥ 0.8",
        "recall at ≥ 0.5",
        "pairs looked at",
        "of them strangers",
        "strangers kept",
    ]
    rows = [
        [
            name,
            ratio(median(mine, "seconds"), median(ours, "seconds")),
            *(f"{mine[-1][figure]:.4f}" if figure in mine[-1] else DASH for figure in ("recall_0.8", "recall_0.5")),
            *(f"{mine[-1][figure]:,}" if figure in mine[-1] else DASH for figure in ("looked_at", "strangers", "strangers_kept")),
        ]
        for name, mine in held.items()
    ]
    pairs = f"Pairs of 0.8 or more, counted exactly: {ours[-1]['pairs_0.8']:,}; of 0.5 or more: {ours[-1]['pairs_0.5']:,}."
    return ["", "## Near-duplicates", "", *about(part["head"]), "", NEARNESS.format(**part["head"]), "", *table(heads, rows), "", pairs]


PARTS: Mapping[str, Callable[[Part], list[str]]] = {"build": building, "reading": reading, "nearness": nearness}


def about(head: Mapping[str, Any]) -> list[str]:
    """Machine and versions."""
    tools = ", ".join(f"{name} {number}" for name, number in {**head["versions"], **head.get("others", {})}.items())
    place = f"{head['system']}, {head['memory'] / 1e9:.0f} GB, {head['processors']} processors; other work took {head['busy']:.0%} of them."
    busy = "**The machine was busy with other work: the times are rough, the work of the processors less so.**"
    return [place, f"Python {head['python']}, {tools}.", *(["", busy] if head["busy"] > BUSY else [])]


def beside(part: Part) -> list[str]:
    """The ways that are measured beside the floor, in the order of the run."""
    told = sizes(rows_of(part, way=FLOOR))
    return list(dict.fromkeys(row["way"] for row in rows_of(part) if row["documents"] in told))


def rows_of(part: Part, **named: Any) -> list[Row]:
    """The rows with figures that have these values."""
    return [row for row in part["rows"] if not row.get("left_out") and named.items() <= row.items()]


def grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by their way, in the order of the run."""
    held: dict[str, list[Row]] = {}
    for row in rows:
        held.setdefault(row["way"], []).append(row)
    return held


def sizes(rows: Iterable[Row]) -> list[int]:
    """All numbers of documents, the least first."""
    return sorted({row["documents"] for row in rows})


def median(rows: Sequence[Row], figure: str) -> float:
    """Of all rounds; 0 if there are none."""
    return statistics.median(row[figure] for row in rows) if rows else 0.0


def megabytes(rows: Sequence[Row], figure: str) -> str:
    """The median; nothing where a process had ended before it was looked at."""
    held = median(rows, figure)
    return f"{held / 1e6:,.0f}" if held >= 1e6 else DASH


def ratio(figure: float, base: float, places: int = 1) -> str:
    """How many times the base, with a digit more where it is less than once."""
    if not base:
        return DASH
    return f"{figure / base:,.{max(places, 2) if figure / base < 0.95 else places}f}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Markdown; all columns but the first to the right."""
    return [f"| {' | '.join(line)} |" for line in (heads, ["---", *["---:"] * (len(heads) - 1)], *rows)]
