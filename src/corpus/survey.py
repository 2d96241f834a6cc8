"""A first look at every article of a repository with all its layers, in two processes where it pays: which are plainly sound?

What is not plainly sound is doubtful and goes to the checks; what is sound is counted and never decoded. Finds no fault by itself.
"""

import gc
import os
import signal
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

from corpus import store, verdict
from corpus.checks.of_corpus import RUN
from corpus.model import GOLD, Annotator, Census, Document, Holdings, Source
from corpus.parting import Marked
from corpus.shapes import Layer
from corpus.store import Unit
from corpus.verdict import Ground

WORTH_A_PROCESS = 1500  # units; below that starting a second Python takes longer than the look
_A_BATCH = 200
_LABEL, _TYPE = attrgetter("label"), attrgetter("type")
_NONE: Mapping[str, Any] = {}
Asked = Mapping[str, Collection[str]]  # document → mentions
_Some = tuple[Unit, Collection[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """What was seen: the names of doubtful units, what all sound layers hold, and the sound files that hold running words.

    `sound` has the sound units one by one, by name.
    """

    doubtful: frozenset[str]
    census: Census
    wordy: frozenset[str]
    sound: tuple["Seen", ...]

    def without(self, names: Collection[str]) -> "Surveyed":
        """The same with these units among the doubtful."""
        return _of(
            self.doubtful | {one.name for one in self.sound if one.name in names}, [one for one in self.sound if one.name not in names]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A sound unit: its story, what its layers hold, its files that hold running words, and what was asked for of its reading of record.

    `marks` has a mention's label and the check of its first span.
    """

    name: str
    story: str | None
    counts: Mapping[str, int]
    wordy: tuple[str, ...]
    marks: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def survey(
    root: Path,
    holdings: Holdings,
    units: Iterable[Unit],
    *,
    workers: int | None = None,
    known: Mapping[str, Seen] = _NONE,
    asked: Asked = _NONE,
) -> Surveyed:
    """Look at each unit. `holdings` needs sources and annotators only; `workers` None means as many as pay.

    `known` are units, by name, that were seen to be sound with these very bytes; they need no look unless something is asked of them that
    was not before. `asked` has what is wanted of readings of record: mentions by document.
    """
    units = list(units)
    sources, annotators = dict(holdings.sources), dict(holdings.annotators)
    known = {name: seen for name, seen in known.items() if name not in asked or seen.marks.keys() >= {*asked[name]}}
    unseen = [(unit, asked.get(unit.name, ())) for unit in units if unit.name not in known]
    workers = workers or (min(os.cpu_count() or 1, 4) if len(unseen) >= WORTH_A_PROCESS else 1)
    seen = [known[unit.name] for unit in units if unit.name in known]
    seen = sorted(chain(seen, _looked_at(root, sources, annotators, unseen, workers)), key=attrgetter("name"))
    return _of({unit.name for unit in units} - {one.name for one in seen}, seen)


def _of(doubtful: Iterable[str], seen: Collection[Seen]) -> Surveyed:
    counts: Counter[str] = Counter()
    for one in seen:
        counts.update(one.counts)
    return Surveyed(
        doubtful=frozenset(doubtful),
        census=Census(stories={one.name: one.story for one in seen}, counts=counts),
        wordy=frozenset(chain.from_iterable(one.wordy for one in seen)),
        sound=tuple(seen),
    )


def _looked_at(
    root: Path, sources: dict[str, Source], annotators: dict[str, Annotator], units: list[_Some], workers: int
) -> Iterator[Seen]:
    if workers == 1:
        yield from _look(root, sources, annotators, units)
        return
    from concurrent.futures import ProcessPoolExecutor  # with what they import they take longer than a look at a hundred articles
    from multiprocessing import get_context

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


def _look(root: Path, sources: Mapping[str, Source], annotators: Mapping[str, Annotator], units: Iterable[_Some]) -> list[Seen]:
    holdings = Holdings(sources=sources, documents={}, annotators=annotators, layers={})
    return [seen for unit, asked in units if (seen := _sound(root, holdings, unit, asked)) is not None]


def _sound(root: Path, holdings: Holdings, unit: Unit, asked: Collection[str]) -> Seen | None:
    document = _sound_document(root, holdings, unit)
    layers = None if document is None else _sound_layers(root, holdings, unit, document)
    if document is None or layers is None:
        return None
    counts: Counter[str] = Counter(documents=int(bool(layers)), layers=len(layers))
    wordy = [*unit.records]
    for where, one in zip(unit.layers, layers.values(), strict=True):
        counts.update(map(_LABEL, one.layer.mentions))
        counts.update(map(_TYPE, one.layer.links))
        wordy += [where] if _holds_running_words(one.layer) else []
    return Seen(name=unit.name, story=document.story, counts=counts, wordy=tuple(wordy), marks=_marks(layers, asked) if asked else {})


def _sound_layers(root: Path, holdings: Holdings, unit: Unit, document: Document) -> dict[str, Marked] | None:
    """The layers of a unit by annotator, if all are without fault and where they belong. Gold comes last, as its name does."""
    data = {where: store.contents(root, where) for where in unit.layers}
    sound: dict[str, Marked] = {}
    ground = Ground(
        document=document, withheld=holdings.withheld(document), annotators=holdings.annotators, siblings=_hashes(data), beside=sound
    )
    for where, held in data.items():
        one = verdict.sound_layer(held, ground)
        if one is None or where != store.layer_path(one.layer.document, one.layer.annotator):
            return None
        sound[one.layer.annotator] = one
    return sound


def _marks(layers: Mapping[str, Marked], asked: Collection[str]) -> dict[str, tuple[str, str]]:
    """What was asked for of the reading of record: gold, or the only one."""
    one = layers.get(GOLD) or (next(iter(layers.values())) if len(layers) == 1 else None)
    mentions = () if one is None else one.layer.mentions
    return {mention.id: (mention.label, mention.spans[0].check) for mention in mentions if mention.id in asked}


def _sound_document(root: Path, holdings: Holdings, unit: Unit) -> Document | None:
    """The one record of a unit with its text, if both are without fault and where they belong."""
    if len(unit.records) != 1:
        return None
    (where,) = unit.records
    document = verdict.sound_document(store.contents(root, where), _text(root, where.removesuffix(".json") + ".txt"), holdings)
    return document if document is not None and where == store.record_path(document) else None


def _hashes(data: Mapping[str, bytes]) -> dict[str, str]:
    """Each layer's hash by annotator, where there is gold that names them."""
    gold = any(where.endswith(f"/{GOLD}.json") for where in data)
    return {Path(where).stem: sha256(held).hexdigest() for where, held in data.items()} if gold else {}


def _text(root: Path, where: str) -> bytes | None:
    try:
        return store.contents(root, where)
    except FileNotFoundError:
        return None


def _holds_running_words(layer: Layer) -> bool:
    """Quotes are slices of the text, which is looked through itself; only a name can bring in words from elsewhere."""
    return any((one.canonical_source or "").count(" ") >= RUN - 1 for one in layer.mentions if one.label == "source")
