"""A first look at every article of a repository with all its layers, in two processes where it pays: which are plainly sound?

What is not plainly sound is doubtful and goes to the checks; what is sound is counted and never decoded. Finds no fault by itself.
"""

import gc
import os
import signal
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from multiprocessing import get_context
from operator import attrgetter
from pathlib import Path

from corpus import store, verdict
from corpus.checks.of_corpus import RUN
from corpus.model import GOLD, Annotator, Census, Document, Holdings, Source
from corpus.shapes import Layer
from corpus.store import Unit
from corpus.verdict import Ground

WORTH_A_PROCESS = 1500  # units; below that starting a second Python takes longer than the look
_A_BATCH = 200
_LABEL, _TYPE = attrgetter("label"), attrgetter("type")
_NONE: Mapping[str, "Seen"] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """What was seen: the names of doubtful units, what all sound layers hold, and the sound files that hold running words.

    `sound` has the sound units one by one, by name.
    """

    doubtful: frozenset[str]
    census: Census
    wordy: frozenset[str]
    sound: tuple["Seen", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A sound unit: its story, what its layers hold, and its files that hold running words."""

    name: str
    story: str | None
    counts: Mapping[str, int]
    wordy: tuple[str, ...]


def survey(
    root: Path, holdings: Holdings, units: Iterable[Unit], *, workers: int | None = None, known: Mapping[str, Seen] = _NONE
) -> Surveyed:
    """Look at each unit. `holdings` needs sources and annotators only; `workers` None means as many as pay.

    `known` are units, by name, that were seen to be sound with these very bytes; they need no look.
    """
    units = list(units)
    sources, annotators = dict(holdings.sources), dict(holdings.annotators)
    unseen = [unit for unit in units if unit.name not in known]
    workers = workers or (min(os.cpu_count() or 1, 4) if len(unseen) >= WORTH_A_PROCESS else 1)
    seen = [known[unit.name] for unit in units if unit.name in known]
    seen = sorted(chain(seen, _looked_at(root, sources, annotators, unseen, workers)), key=attrgetter("name"))
    counts: Counter[str] = Counter()
    for one in seen:
        counts.update(one.counts)
    return Surveyed(
        doubtful=frozenset({unit.name for unit in units} - {one.name for one in seen}),
        census=Census(stories={one.name: one.story for one in seen}, counts=counts),
        wordy=frozenset(chain.from_iterable(one.wordy for one in seen)),
        sound=tuple(seen),
    )


def _looked_at(root: Path, sources: dict[str, Source], annotators: dict[str, Annotator], units: list[Unit], workers: int) -> Iterator[Seen]:
    if workers == 1:
        yield from _look(root, sources, annotators, units)
        return
    with ProcessPoolExecutor(workers - 1, mp_context=get_context("spawn"), initializer=_be_a_worker) as pool:
        try:
            batches = [units[at : at + _A_BATCH] for at in range(0, len(units), _A_BATCH)]
            given = [(pool.submit(_look, root, sources, annotators, batch), batch) for batch in batches]
            for future, batch in reversed(given):  # this process looks as well, from the other end
                yield from _look(root, sources, annotators, batch) if future.cancel() else future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _be_a_worker() -> None:
    """Ctrl-C is for the first process; the others end with it. The collector finds nothing among values without cycles."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


def _look(root: Path, sources: Mapping[str, Source], annotators: Mapping[str, Annotator], units: Iterable[Unit]) -> list[Seen]:
    holdings = Holdings(sources=sources, documents={}, annotators=annotators, layers={})
    return [seen for unit in units if (seen := _sound(root, holdings, unit)) is not None]


def _sound(root: Path, holdings: Holdings, unit: Unit) -> Seen | None:
    document = _sound_document(root, holdings, unit)
    if document is None:
        return None
    counts: Counter[str] = Counter(documents=int(bool(unit.layers)))
    data = {where: _read(root, where) for where in unit.layers}
    ground = Ground(document=document, withheld=holdings.withheld(document), annotators=holdings.annotators, siblings=_hashes(data))
    wordy = [*unit.records]
    for where, held in data.items():
        layer = verdict.sound_layer(held, ground)
        if layer is None or where != store.layer_path(layer.document, layer.annotator):
            return None
        counts.update(layers=1)
        counts.update(map(_LABEL, layer.mentions))
        counts.update(map(_TYPE, layer.links))
        wordy += [where] if _holds_running_words(layer) else []
    return Seen(name=unit.name, story=document.story, counts=counts, wordy=tuple(wordy))


def _sound_document(root: Path, holdings: Holdings, unit: Unit) -> Document | None:
    """The one record of a unit with its text, if both are without fault and where they belong."""
    if len(unit.records) != 1:
        return None
    (where,) = unit.records
    document = verdict.sound_document(_read(root, where), _read_if_there(root, where.removesuffix(".json") + ".txt"), holdings)
    return document if document is not None and where == store.record_path(document) else None


def _hashes(data: Mapping[str, bytes]) -> dict[str, str]:
    """Each layer's hash by annotator, where there is gold that names them."""
    gold = any(where.endswith(f"/{GOLD}.json") for where in data)
    return {Path(where).stem: sha256(held).hexdigest() for where, held in data.items()} if gold else {}


def _read(root: Path, where: str) -> bytes:
    """Without the layers of `open`, which cost more than the reading of a small file."""
    file = os.open(f"{root}/{where}", os.O_RDONLY)
    try:
        return os.read(file, os.fstat(file).st_size + 1)
    finally:
        os.close(file)


def _read_if_there(root: Path, where: str) -> bytes | None:
    try:
        return _read(root, where)
    except FileNotFoundError:
        return None


def _holds_running_words(layer: Layer) -> bool:
    """Quotes are slices of the text, which is looked through itself; only a name can bring in words from elsewhere."""
    return any((one.canonical_source or "").count(" ") >= RUN - 1 for one in layer.mentions if one.label == "source")
