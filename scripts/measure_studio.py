"""`corpus push` and `corpus pull` of many articles beside the bare SDK calls that move the same tasks: time and peak memory.

usage: scripts/measure_studio.py [DOCUMENTS] [ROUNDS]     (default 10000 and 1: articles of 2.5 kB with a layer each, from the toy corpus)

Starts a Label Studio of its own and ends it. The bare calls read the tasks from a file, import them in requests of the same size, and
write the export to a file: no check, no question of what is there, no layer. Each side works in a process and a project of its own, and
which goes first changes from round to round. Ratios, not seconds: machines differ, and this one may be busy.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure_check import generate

from corpus import cli, schema, store
from corpus.cli.studio_command import home_of
from corpus.studio import client, connection, server

ANNOTATOR = "4b22"
BARE = "bare"


def main() -> None:
    """Print both directions."""
    number, rounds = (int(word) for word in (*sys.argv[1:], *("10000", "1")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "cda"
        alone([sys.executable, __file__, "prepare", str(root), str(number)], dict(os.environ))
        corpus(root, "studio", "start", "-q")
        try:
            measured = [run(root, first=nth % 2) for nth in range(rounds)]
        finally:
            corpus(root, "studio", "stop", "-q")
    print(f"{number:,} articles, {rounds} rounds, in requests of {client.BATCH} tasks at most")
    for way in ("push", "pull"):
        ours, bare = ([one[way, side] for one in measured] for side in ("ours", BARE))
        for name, side in (("corpus", ours), ("bare  ", bare)):
            seconds, work, peak = medians(side)
            print(f"{name} {way}: {seconds:7.1f} s, of them {work:6.1f} s of this process's own work; {peak:5,.0f} MB at most")
        (time_a, _, peak_a), (time_b, _, peak_b) = medians(ours), medians(bare)
        print(f"             {time_a / time_b:.2f} times the time, {peak_a / peak_b:.2f} times the memory")


def medians(side: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Seconds, seconds of the processor, megabytes, each the median of the rounds."""
    seconds, work, peak = (statistics.median(column) for column in zip(*side, strict=True))
    return seconds, work, peak


def prepare(root: Path, number: int) -> None:
    """A repository of that many articles with one layer each, its tasks as a file, and the installation of the checkout."""
    generate(root, number)
    for path in root.glob("annotations/toy_*/*.json"):
        if path.stem != ANNOTATOR:
            path.unlink()
    (root / ".label-studio").mkdir(mode=0o700)
    (root / ".label-studio" / "venv").symlink_to(home_of(store.find_root(Path())) / "venv", target_is_directory=True)
    corpus(root, "push", "-q", "--out", str(root / "tasks.json"))


def run(root: Path, *, first: int) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Both ways by both sides: (way, side) → seconds, seconds of the processor, megabytes. The server is emptied before."""
    found = server.running(root / ".label-studio")
    if found is None:
        sys.exit("the server of the run is gone")
    environment = os.environ | {"LABEL_STUDIO_URL": found.url, "LABEL_STUDIO_API_KEY": found.token}
    alone([sys.executable, __file__, "clear"], environment)
    commands = {
        "ours": lambda way: [sys.executable, "-m", "corpus", "-C", str(root), way, "-q"],
        BARE: lambda way: [sys.executable, __file__, way, str(root / ("tasks.json" if way == "push" else "export.json"))],
    }
    done = {}
    for way in ("push", "pull"):
        if way == "pull":
            for path in root.glob("annotations/toy_*/*.json"):
                path.unlink()
        for side in (("ours", BARE), (BARE, "ours"))[first]:
            done[way, side] = alone(commands[side](way), environment)
    return done


def alone(command: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Run a process: seconds, seconds of the processor, and the most memory it held in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def bare(way: str, *files: str) -> None:
    """The calls of the SDK, and nothing else."""
    from label_studio_sdk import LabelStudio

    sdk = LabelStudio(base_url=os.environ["LABEL_STUDIO_URL"], api_key=os.environ["LABEL_STUDIO_API_KEY"], timeout=connection.TIMEOUT)
    if way == "clear":
        for project in list(sdk.projects.list()):
            sdk.projects.delete(project.id)
    elif way == "push":
        project = sdk.projects.create(title=BARE, label_config=schema.labelling_page())
        tasks = json.loads(Path(files[0]).read_bytes())
        for at in range(0, len(tasks), client.BATCH):
            sdk.projects.import_tasks(project.id, request=tasks[at : at + client.BATCH], request_options={"max_retries": 0})
    else:
        (project,) = (one for one in sdk.projects.list() if one.title == BARE)
        with Path(files[0]).open("wb") as file:
            file.writelines(sdk.projects.exports.download_sync(project.id, export_type="JSON", download_all_tasks=True))


def corpus(root: Path, *words: str) -> None:
    """The command, in the repository of the run."""
    code = cli.main(["-C", str(root), *words])
    if code:
        sys.exit(f"corpus {' '.join(words)} ended with {code}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["prepare"]:  # apart, for the system counts the memory of a parent to its children
        prepare(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] in (["clear"], ["push"], ["pull"]):
        bare(*sys.argv[1:])
    else:
        main()
