"""Builds a release: an audited input, its shards, then manifest and papers, in a staged folder that appears in one step.

A pure function of the input and the plan: no clock, no chance, and the same bytes in however many processes, on however many machines.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from corpus import __version__, card, tables
from corpus import manifest as manifests
from corpus.audit import uncollected
from corpus.cache import Shelf
from corpus.card.terms import LICENCE
from corpus.checks.of_corpus import SHARED_LICENCES
from corpus.manifest import Manifest
from corpus.model import Holdings, Source, Split
from corpus.problems import CorpusError, Problem
from corpus.release import of_tree
from corpus.release.cluster import chosen
from corpus.release.digest import of_release
from corpus.release.entries import Entry, Input
from corpus.release.keeping import Keeping, parted
from corpus.release.remembering import TreeMemory
from corpus.release.sharding import Job, Part, jobs
from corpus.release.spreading import Spread
from corpus.release.staging import Staging, staged
from corpus.storage import Place
from corpus.tables import Config

if TYPE_CHECKING:
    from corpus.agreement import Summary
    from corpus.scoring.board import Entry as Line

BUCKETS = 4
CONFIGS: tuple[Config, ...] = get_args(Config)  # in the order of the papers
_TOOLS = ("pyarrow", "datasets", "jsonschema-rs")


class NotClean(CorpusError):
    """The input has problems; no release is built from it."""

    def __init__(self, problems: list[Problem], where: str = "the repository") -> None:
        super().__init__(f"{len(problems)} problem{'s' * (len(problems) != 1)} in {where}; nothing was built")
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be built: version "1.0.0", with withheld texts or without, from which commit of which day, in how many buckets a split.

    `since` is the release before, if it is at hand: the version must then step far enough for what changed. `workers` None means as many
    processes as pay. `cluster` is the address of a Dask scheduler, or "local" for one that is started for this build.
    """

    version: str
    all_texts: bool = False
    commit: str | None = None
    date: str | None = None
    buckets: int = BUCKETS
    since: Path | None = None
    configs: tuple[Config, ...] = CONFIGS
    workers: int | None = None
    cluster: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What is built, once its documents are known: how to read them, what is common to them, the hashes of the files that held them.

    `twice` holds the documents with several readings, on which agreement is measured, and `leaderboard` what systems reached. `tell`
    is told what was left out or trimmed.
    """

    input: Input
    entries: Sequence[Entry]
    common: Holdings
    inputs: Mapping[str, str]
    twice: Holdings | None = None
    leaderboard: "Sequence[Line]" = ()
    name: str = "the repository"
    tell: Callable[[str], None] = lambda _: None


def build(root: Path, plan: Plan, out: Place, shelf: Shelf | None = None) -> Manifest:
    """Build into `out`, which must not exist or be an earlier build. Withheld words stand in it only with `all_texts`.

    What stands on the shelf from earlier builds is not done again; the bytes are the same.
    """
    memory = TreeMemory.of(shelf, root)
    try:
        with uncollected():
            return _built_from_tree(root, plan, out, memory)
    finally:
        if memory is not None:
            memory.keep_ledger()


def _built_from_tree(root: Path, plan: Plan, out: Place, memory: TreeMemory | None) -> Manifest:
    found = of_tree.found(root, memory)
    released = found.common.released
    if found.problems:
        raise NotClean(sorted({*found.problems}))
    if released is not None and manifests.number(plan.version) < manifests.number(released.version):
        raise CorpusError(f"{plan.version} comes before {released.version}, which has been released")
    tree = of_tree.Tree(root=root.absolute(), all_texts=plan.all_texts)
    with staged(out) as staging, chosen(plan.cluster, plan.workers, len(found.entries), (root, staging.shards)) as spreading:
        problems = sorted(of_tree.parted(tree, found.entries, spreading, staging.shards, memory))
        if problems:
            raise NotClean(problems)
        read = [one for one in found.entries if one.places.layers]
        collection = Collection(
            input=tree,
            entries=read,
            common=found.common,
            inputs=dict(of_tree.inputs(root, read, found.common.registry, memory)),
            twice=of_tree.read_twice(root, read),
            leaderboard=of_tree.leaderboard(root),
        )
        keeping = None if memory is None else memory.keeping(found.common, all_texts=plan.all_texts)
        return built(staging, collection, plan, spreading, keeping=keeping)


def built(
    staging: Staging,
    collection: Collection,
    plan: Plan,
    spreading: Spread,
    ready: Callable[[], None] = lambda: None,
    keeping: Keeping | None = None,
) -> Manifest:
    """Write shards, papers and manifest where they are staged, and let them appear; `ready` is asked once all is read."""
    made = jobs(collection.input, collection.entries, staging.shards, plan.buckets, plan.configs)
    part, anew = parted(made, spreading, keeping)
    ready()
    if keeping is not None:
        for job, done in anew:
            keeping.keep(job, done)
    if part.problems:
        raise NotClean(sorted({*part.problems}), collection.name)
    sources = [collection.common.sources[id] for of, id in sorted(part.tally) if of == "source"]
    _may_be_passed_on(sources, plan)
    if not part.tally["documents", "read"]:
        raise CorpusError("no document has a reading yet; annotate one first (corpus studio, corpus push, corpus pull)")
    for told in _left_out(part):
        collection.tell(told)
    agreement, record = _measured(collection.twice)
    manifest = _manifest(collection, plan, part, _splits(made), _terms(sources), record)
    facts = card.Facts(
        manifest=manifest,
        configs=plan.configs,
        tally=part.tally,
        sizes=dict(sorted(part.sizes.items())),
        sources=collection.common.sources,
        annotators=[one for id, one in sorted(collection.common.annotators.items()) if id in part.annotators],
        agreement=agreement,
        judged=list(collection.common.judged.values()),
        leaderboard=collection.leaderboard,
    )
    manifest = _write_papers(staging.folder, facts)
    _step_is_large_enough(plan, staging.folder)
    staging.appear()
    return manifest


def _measured(twice: Holdings | None) -> "tuple[Summary | None, dict[str, Any] | None]":
    """The agreement of gold's readers, and as the manifest records it. What measures it is loaded here only: most exports need it not."""
    if twice is None:
        return None, None
    from corpus.agreement import of_gold, recorded

    agreement = of_gold(twice)
    return agreement, None if agreement is None else recorded(twice, agreement)


def _splits(made: Iterable[Job]) -> dict[str, Split]:
    return {one.document: job.split for job in made for one in job.entries}


def _left_out(part: Part) -> Iterator[str]:
    for what, words in (
        ("unread", "documents without a finished annotation, left out"),
        ("trimmed", "spans with a blank at an edge, trimmed"),
    ):
        if part.tally["notes", what]:
            yield f"{part.tally['notes', what]:,} {words}"


def _step_is_large_enough(plan: Plan, staged: Path) -> None:
    if plan.since is None:
        return
    from corpus.release.comparing import compared, least_version

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


def _manifest(
    collection: Collection,
    plan: Plan,
    part: Part,
    splits: Mapping[str, Split],
    terms: dict[str, dict[str, str]] | None,
    agreement: dict[str, Any] | None,
) -> Manifest:
    return Manifest(
        version=plan.version,
        commit=plan.commit,
        date=plan.date,
        digest=of_release(dict(part.digests)),
        text="all" if plan.all_texts else "released",
        buckets=plan.buckets,
        files={one.path: {"sha256": one.sha256, "rows": one.rows} for one in part.shards},
        documents={name: {"split": splits[name], "digest": digest} for name, digest in sorted(part.digests)},
        withdrawn=tuple(asdict(one) for one in collection.common.withdrawn),
        inputs=collection.inputs,
        without_text=tuple(sorted(part.without_text)),
        undecided=tuple(sorted(part.undecided)),
        agreement=agreement,
        terms=terms,
        tools={"cda-corpus": __version__, **{name: installed(name) for name in _TOOLS}},
    )


def _may_be_passed_on(sources: Iterable[Source], plan: Plan) -> None:
    """Readings that their makers did not allow to pass on are built for the reader's own use only."""
    for source in sources:
        licence = source.annotation_licence
        if licence is not None and licence not in SHARED_LICENCES and not plan.all_texts:
            raise CorpusError(
                f"the annotations of {source.id} may not be passed on (licence: {licence}); build them for your own use, with --text all"
            )


def _terms(sources: Sequence[Source]) -> dict[str, dict[str, str]] | None:
    """Title and licences of every source with a reading, where some readings are not the corpus's own."""
    if all(one.annotation_licence is None for one in sources):
        return None
    return {
        one.id: {"title": one.title, "annotations": one.annotation_licence or LICENCE, "texts": one.licence, "text": one.text}
        for one in sources
    }


def _write_papers(folder: Path, facts: card.Facts) -> Manifest:
    """The papers, and last the manifest that has them all. They come to the disk with the shards, when the release appears."""
    files = dict(facts.manifest.files)
    for name, words in card.papers(facts, tables.features).items():
        data = words.encode("utf-8")
        (folder / name).write_bytes(data)
        files[name] = {"sha256": hashlib.sha256(data).hexdigest(), "rows": None}
    manifest = manifests.with_files(facts.manifest, files)
    (folder / manifests.NAME).write_bytes(manifests.to_bytes(manifest))
    return manifest
