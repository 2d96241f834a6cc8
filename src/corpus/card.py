"""The papers of a release, from its facts alone: the data card with the YAML head that load_dataset reads, and the citation.

Every value of the head goes through a YAML writer: a title can never become a key.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import yaml

from corpus import schema
from corpus.model import Document, Holdings, Label, LinkType, Release, Split

TITLE = "CDA: Claims, Denials and Attributions in news"
DEFAULT = "documents"

_ABOUT: Mapping[str, str] = {
    "documents": "one row an article: its facts and its reading of record (mentions, attributions, links)",
    "attributions": "one row a reported statement, with its sources and cues",
    "denials": "one row a denial, with its sources and the claims it denies",
    "tokens": "one row an article: tokens and a BIO tag for each label",
    "annotations": "one row a layer: every annotator's own reading",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the papers are made from."""

    release: Release
    rows: Mapping[Any, Sequence[Mapping[str, Any]]]
    sizes: Mapping[str, int]
    holdings: Holdings
    documents: Sequence[Document]
    all_texts: bool


def readme(facts: Facts, features: Callable[[Any], list[dict[str, Any]]]) -> str:
    """The data card. `features` gives the columns of a config in the form of the YAML."""
    head = yaml.safe_dump(_head(facts, features), sort_keys=False, allow_unicode=True, width=120)
    return f"---\n{head}---\n\n" + "\n".join(_body(facts)) + "\n"


def citation(version: str) -> str:
    """CITATION.cff of one version."""
    facts = {
        "cff-version": "1.2.0",
        "message": "If you use this corpus, cite the version you used.",
        "type": "dataset",
        "title": TITLE,
        "version": version,
        "authors": [{"name": "The CDA corpus contributors"}],
        "license": "CC-BY-4.0",
        "abstract": "News articles in which every reported statement is marked, and every denial is linked to the claim it denies.",
    }
    return yaml.safe_dump(facts, sort_keys=False, allow_unicode=True, width=120)


def _head(facts: Facts, features: Callable[[Any], list[dict[str, Any]]]) -> dict[str, Any]:
    configs = [config for config in facts.rows if facts.rows[config]]
    return {
        "pretty_name": TITLE,
        "language": sorted({document.language for document in facts.documents}),
        "license": "other",
        "task_categories": ["token-classification"],
        "tags": ["quotation", "attribution", "claims", "denials", "news", "stance"],
        "configs": [_config(facts, config) for config in configs],
        "dataset_info": [_info(facts, config, features(config)) for config in configs],
    }


def _config(facts: Facts, config: str) -> dict[str, Any]:
    """Version and digest stand in every config: load_dataset keys its cache by them, and would else serve an older build."""
    release = facts.release
    files = [{"split": split, "path": f"{config}/{split}-*.parquet"} for split, _ in _splits(facts, config)]
    held = {"config_name": config, "version": release.version, "description": f"sha256:{release.digest}", "data_files": files}
    return held | ({"default": True} if config == DEFAULT else {})


def _info(facts: Facts, config: str, features: list[dict[str, Any]]) -> dict[str, Any]:
    splits: list[dict[str, Any]] = [
        {"name": split, "num_bytes": facts.sizes[shard], "num_examples": rows} for split, (shard, rows) in _splits(facts, config)
    ]
    size = sum(one["num_bytes"] for one in splits)
    return {"config_name": config, "features": features, "splits": splits, "download_size": size, "dataset_size": size}


def _splits(facts: Facts, config: str) -> Iterator[tuple[str, tuple[str, int]]]:
    for split in get_args(Split):
        for shard in facts.release.files:
            if shard.path.startswith(f"{config}/{split}-"):
                yield split, (shard.path, shard.rows or 0)


def _body(facts: Facts) -> Iterator[str]:
    release = facts.release
    yield f"# {TITLE}\n"
    yield from _who_annotated(facts)
    yield "News articles in which every reported statement is marked: what is claimed, what is denied, who says so, and which claim"
    yield "each denial denies. The corpus records who says what; it never says what is true.\n"
    yield f"Version {release.version}, content digest `{release.digest}`.\n"
    yield "## Load\n"
    yield f'```python\nfrom datasets import load_dataset\n\ndenials = load_dataset("dist/cda-corpus-{release.version}", "denials")\n```\n'
    yield _table(("config", "holds", "rows"), [(f"`{one}`", _ABOUT[one], len(rows)) for one, rows in facts.rows.items()])
    yield "\nSplits are a function of the story alone; a split without rows is left out."
    yield "Offsets count Unicode code points; the end is exclusive.\n"
    yield "## Counts\n"
    yield _table(("what", "number"), list(_counts(facts)))
    yield "\n## Texts and licences\n"
    yield _table(("source", "documents", "text in this release", "licence"), list(_licences(facts)))
    yield "\nThe annotations are CC BY 4.0. Where a text is withheld, `text` and `quote` are null; the offsets and fingerprints stand, and"
    yield "`corpus hydrate` puts the text there from your own copy.\n"
    yield "## Fields of a reading\n"
    yield _table(("field", "meaning"), list(_fields()))
    yield "\n## Cite\n"
    yield f"The CDA corpus contributors: {TITLE}, version {release.version}, content digest {release.digest[:16]}."


def _who_annotated(facts: Facts) -> Iterator[str]:
    used = {layer.annotator for layer in facts.holdings.layers.values()}
    annotators = [one for id, one in sorted(facts.holdings.annotators.items()) if id in used]
    if all(one.kind != "human" for one in annotators):
        yield "**No person has verified these annotations yet: all were made by a language model and are to be read as such.**\n"
    for one in annotators:
        model = f", {one.model['name']} by {one.model['developer']}" if one.model else ""
        yield f"- annotator `{one.id}`: {one.kind}{model}, guidelines {one.guidelines}"
    yield ""


def _counts(facts: Facts) -> Iterator[tuple[str, int]]:
    records = facts.rows["documents"]
    labels = Counter(mention["label"] for row in records for mention in row["mentions"])
    links = Counter(link["type"] for row in records for link in row["links"])
    yield "documents with a reading of record", len(records)
    yield from ((f"mentions: {label}", labels[label]) for label in get_args(Label))
    yield "attributions", len(facts.rows["attributions"])
    yield from ((f"links: {kind}", links[kind]) for kind in get_args(LinkType))
    yield "denials linked to what they deny", sum(bool(row["denies"]) for row in facts.rows["denials"])


def _licences(facts: Facts) -> Iterator[tuple[str, int, str, str]]:
    documents = Counter(document.source for document in facts.documents)
    for id, number in sorted(documents.items()):
        source = facts.holdings.sources[id]
        text = "yes" if facts.all_texts or source.text == "included" else "withheld"
        yield f"{id} ({source.title})", number, text, source.licence


def _fields() -> Iterator[tuple[str, str]]:
    defs = schema.load("annotation")["$defs"]
    for kind in ("mention", "span", "attribution", "link"):
        for name, held in defs[kind]["properties"].items():
            values = ", ".join(str(value) for value in held.get("enum", []) if value is not None)
            yield f"`{kind}.{name}`", held["description"] + (f" ({values})" if values else "")


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: Any) -> str:
    """A cell can neither end its row, nor open a tag."""
    return " ".join(str(value).replace("|", "\\|").replace("<", "&lt;").split())
