"""Builds a release from the repository: rows, splits, shards, manifest and papers in a staged folder that appears in one step.

A pure function of the repository and the plan: no clock, no network, no chance.
"""

import hashlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, get_args

from corpus import __version__, audit, card, nearness, store, tables
from corpus import manifest as manifests
from corpus.agreement import Summary, of_gold, recorded
from corpus.card.terms import LICENCE
from corpus.checks.of_corpus import SHARED_LICENCES
from corpus.manifest import Manifest
from corpus.model import GOLD, Holdings, Shard, Split
from corpus.problems import CorpusError, Problem
from corpus.release.appearing import appear, staged_beside
from corpus.release.comparing import compared, least_version
from corpus.release.digest import of_release, of_rows
from corpus.scoring import board
from corpus.splits import bucket_of, split_of
from corpus.tables import Config, Reading

BUCKETS = 4
_TOOLS = ("pyarrow", "datasets", "jsonschema-rs")

Rows = Mapping[Config, list[dict[str, Any]]]


class NotClean(CorpusError):
    """The repository has problems; no release is built from it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problem{'s' * (len(problems) != 1)} in the repository; nothing was built")
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be built: version "1.0.0", with withheld texts or without, from which commit of which day, in how many buckets a split.

    `since` is the release before, if it is at hand: the version must then step far enough for what changed.
    """

    version: str
    all_texts: bool = False
    commit: str | None = None
    date: str | None = None
    buckets: int = BUCKETS
    since: Path | None = None


def build(root: Path, plan: Plan, out: Path) -> Manifest:
    """Build into `out`, which must not exist or be an earlier build. Withheld words stand in it only with `all_texts`."""
    holdings = _sound(root)
    if holdings.released is not None and manifests.number(plan.version) < manifests.number(holdings.released.version):
        raise CorpusError(f"{plan.version} comes before {holdings.released.version}, which has been released")
    readings = list(_readings(holdings, all_texts=plan.all_texts))
    _may_be_passed_on(readings, plan)
    rows = _rows(holdings, readings)
    stories = {one.document.id: one.document.story or one.document.id for one in readings}
    staged = _stage(out)
    try:
        shards = list(_write_shards(staged, rows, stories, plan.buckets))
        agreement = of_gold(holdings)
        manifest = _manifest(root, plan, holdings, stories, rows, shards, agreement)
        documents = list({one.document.id: one.document for one in readings}.values())
        facts = card.Facts(
            manifest=manifest, rows=rows, sizes=_sizes(staged, shards), holdings=holdings, documents=documents, agreement=agreement,
            leaderboard=_leaderboard(root),
        )  # fmt: skip
        _write_papers(staged, facts)
        _step_is_large_enough(plan, staged)
        appear(staged, out)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return manifests.manifest_of(out)


def _step_is_large_enough(plan: Plan, staged: Path) -> None:
    if plan.since is None:
        return
    changes = compared(plan.since, staged)
    moved = next((one for one in changes.changes if one.what == "split-changed"), None)
    if moved is not None:
        raise CorpusError(f"{moved.document} would be {moved.words} since {changes.old}; no released article changes split (see its story)")
    least = least_version(changes)
    if manifests.number(plan.version) < manifests.number(least):
        raise CorpusError(
            f"{plan.version} is too small a step from {changes.old}: {changes.step} changes ask for at least {least} (corpus diff)"
        )


def release_before(version: str, out: Path) -> Path | None:
    """The latest earlier release that lies beside `out`; hydrated ones and those that cannot be read are passed over."""
    there = ((held, folder) for folder, held in manifests.beside(out).items() if isinstance(held, Manifest) and held.text == "released")
    earlier = [(manifests.number(held.version), folder) for held, folder in there if held.version != version]
    return max(((at, folder) for at, folder in earlier if at < manifests.number(version)), default=(None, None))[1]


def undecided(holdings: Holdings) -> list[str]:
    """Documents with several layers and no gold: no reading of record, so they stand in `annotations` only."""
    return sorted({one.document for one in holdings.layers.values()} - {document for document, _ in _records(holdings)})


def without_text(holdings: Holdings) -> list[str]:
    """Documents with a layer whose text is not at hand: they have no row in `tokens`."""
    return sorted({one.document for one in holdings.layers.values() if holdings.documents[one.document].text is None})


def _sound(root: Path) -> Holdings:
    stored = store.read(root)
    problems = sorted({*audit.of_layers_and_records(stored), *_of_near_duplicates(stored.holdings)})
    if problems:
        raise NotClean(problems)
    return stored.holdings


def _of_near_duplicates(holdings: Holdings) -> Iterator[Problem]:
    """Asked of a release and not of every change: it compares each article with every other."""
    for first, second, share in nearness.parted(holdings.documents.values()):
        where = store.record_path(holdings.documents[second])
        message = f"{share:.0%} of its words in runs of {nearness.WORDS} are those of {first}, and they share no story"
        hint = f'"story": "{holdings.documents[first].story or first}" in both records'
        yield Problem(where=where, pointer="/story", check="near-duplicates-share-a-story", message=message, hint=hint)


def _readings(holdings: Holdings, *, all_texts: bool) -> Iterator[Reading]:
    told = [(claim, one) for claim in holdings.registry.values() for one in claim.members]
    told.sort(key=lambda one: (one[0].id, one[1]))
    for layer in sorted(holdings.layers.values(), key=lambda one: (one.document, one.annotator)):
        document = holdings.documents[layer.document]
        yield Reading(
            document=document,
            source=holdings.sources[document.source],
            annotator=holdings.annotators[layer.annotator],
            layer=layer,
            open=all_texts or not holdings.withheld(document),
            told=tuple(one for one in told if one[1].document == document.id),
        )


def _rows(holdings: Holdings, readings: list[Reading]) -> Rows:
    records = _records(holdings)
    of_record = [one for one in readings if (one.layer.document, one.layer.annotator) in records]
    if not of_record:
        raise CorpusError("no document has a reading yet; annotate one first (corpus studio, corpus push, corpus pull)")
    return {config: tables.rows_of(config, readings if config == "annotations" else of_record) for config in get_args(Config)}


def _records(holdings: Holdings) -> set[tuple[str, str]]:
    """Document and annotator of each reading of record: the gold one, or the only one."""
    layers = holdings.layers.values()
    readers = Counter(layer.document for layer in layers)
    return {(one.document, one.annotator) for one in layers if one.annotator == GOLD or readers[one.document] == 1}


def _write_shards(folder: Path, rows: Rows, stories: Mapping[str, str], buckets: int) -> Iterator[Shard]:
    """A shard for each split and bucket that has rows: load_dataset cannot open an empty one."""
    for config in get_args(Config):
        held: dict[tuple[Split, int], list[dict[str, Any]]] = defaultdict(list)
        for row in rows[config]:
            story = stories[row["document"]]
            held[split_of(story), bucket_of(story, buckets)].append(row)
        for (split, bucket), some in sorted(held.items()):
            path = folder / config / f"{split}-{bucket:05d}-of-{buckets:05d}.parquet"
            path.parent.mkdir(exist_ok=True)
            tables.parquet(config, some, path)
            yield _shard(folder, path, len(some))


def _sizes(folder: Path, shards: list[Shard]) -> dict[str, int]:
    return {shard.path: (folder / shard.path).stat().st_size for shard in shards}


def _manifest(
    root: Path, plan: Plan, holdings: Holdings, stories: Mapping[str, str], rows: Rows, shards: list[Shard], agreement: Summary | None
) -> Manifest:
    digests = of_rows(rows)
    return Manifest(
        version=plan.version,
        commit=plan.commit,
        date=plan.date,
        digest=of_release(digests),
        text="all" if plan.all_texts else "released",
        buckets=plan.buckets,
        files={one.path: {"sha256": one.sha256, "rows": one.rows} for one in shards},
        documents={name: {"split": split_of(stories[name]), "digest": digest} for name, digest in digests.items()},
        withdrawn=tuple(asdict(one) for one in holdings.withdrawn),
        inputs=dict(_inputs(root, holdings)),
        without_text=tuple(without_text(holdings)),
        undecided=tuple(undecided(holdings)),
        agreement=None if agreement is None else recorded(holdings, agreement),
        terms=_terms(holdings),
        tools={"cda-corpus": __version__, **{name: installed(name) for name in _TOOLS}},
    )


def _may_be_passed_on(readings: Iterable[Reading], plan: Plan) -> None:
    """Readings that their makers did not allow to pass on are built for the reader's own use only."""
    for source in sorted({one.source.id: one.source for one in readings}.values(), key=lambda one: one.id):
        licence = source.annotation_licence
        if licence is not None and licence not in SHARED_LICENCES and not plan.all_texts:
            raise CorpusError(
                f"the annotations of {source.id} may not be passed on (licence: {licence}); build them for your own use, with --text all"
            )


def _terms(holdings: Holdings) -> dict[str, dict[str, str]] | None:
    """Title and licences of every source with a reading, where some readings are not the corpus's own."""
    used = {holdings.documents[layer.document].source for layer in holdings.layers.values()}
    sources = [holdings.sources[id] for id in sorted(used)]
    if all(one.annotation_licence is None for one in sources):
        return None
    return {
        one.id: {"title": one.title, "annotations": one.annotation_licence or LICENCE, "texts": one.licence, "text": one.text}
        for one in sources
    }


def _write_papers(folder: Path, facts: card.Facts) -> None:
    """The papers, and last the manifest that has them all."""
    files = dict(facts.manifest.files)
    for name, words in card.papers(facts, tables.features).items():
        store.write(folder / name, words.encode("utf-8"))
        files[name] = {"sha256": _sha256(folder / name), "rows": None}
    store.write(folder / manifests.NAME, manifests.to_bytes(manifests.with_files(facts.manifest, files)))


def _leaderboard(root: Path) -> list[board.Entry]:
    path = root / board.PATH
    return board.from_bytes(path.read_bytes()) if path.is_file() else []


def _inputs(root: Path, holdings: Holdings) -> Iterator[tuple[str, str]]:
    """Every file that rows are made from: layers and registry, and what is told of annotators, articles and sources."""
    documents = [holdings.documents[one.document] for one in holdings.layers.values()]
    records = sorted({store.record_path(one) for one in documents})
    sources = sorted({store.source_path(holdings.sources[one.source]) for one in documents})
    for where in [*sorted(holdings.layers), *sorted(holdings.registry), store.ANNOTATORS, *records, *sources]:
        yield where, _sha256(root / where)


def _shard(folder: Path, path: Path, rows: int) -> Shard:
    return Shard(path=path.relative_to(folder).as_posix(), sha256=_sha256(path), rows=rows)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stage(out: Path) -> Path:
    if out.exists() and not (out / manifests.NAME).is_file():
        raise CorpusError(f"{out} exists and is no earlier build (it has no {manifests.NAME}); choose another folder with --out")
    return staged_beside(out)
