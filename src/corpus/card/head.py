"""The YAML head of the card, which load_dataset reads. Every value goes through a YAML writer: a title can never become a key."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import yaml

from corpus.card import terms
from corpus.card.facts import Facts
from corpus.problems import CorpusError

DEFAULT = "documents"
_ORDER = ("train", "validation", "test")
_COLUMNS = "dataset_info"
_QUICK = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def head(facts: Facts, features: Callable[[Any], list[dict[str, Any]]]) -> str:
    """The head between its two lines of dashes. `features` gives the columns of a config in the form of the YAML."""
    return spelt(_head(facts, features))


def head_of(card: str) -> dict[str, Any]:
    """The head of a card as plain values."""
    _, _, rest = card.partition("---\n")
    written, found, _ = rest.partition("\n---\n")
    value = yaml.safe_load(written) if found else None
    if not isinstance(value, dict):
        raise CorpusError("README.md has no YAML head")
    return value


def sums_of(rows: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """Rows by config and split, from the rows of each shard by its path.

    >>> sums_of({"denials/test-00000-of-00004.parquet": 2, "denials/test-00003-of-00004.parquet": 3})
    {('denials', 'test'): 5}
    """
    sums: dict[tuple[str, str], int] = {}
    for where, number in rows.items():
        config, _, name = where.partition("/")
        key = config, name.partition("-")[0]
        sums[key] = sums.get(key, 0) + number
    return sums


def spelt(value: Mapping[str, Any]) -> str:
    """The head as YAML between its two lines of dashes."""
    return f"---\n{''.join(_spelt(name, one) for name, one in value.items())}---\n"


def _spelt(name: str, value: Any) -> str:
    """The columns are most of a head. They are names and numbers, which libyaml spells alike and faster; in free words it would not."""
    dumper = _QUICK if name == _COLUMNS else yaml.SafeDumper
    return yaml.dump({name: value}, Dumper=dumper, sort_keys=False, allow_unicode=True, width=120)


def _head(facts: Facts, features: Callable[[Any], list[dict[str, Any]]]) -> dict[str, Any]:
    configs = facts.filled()
    return {
        "pretty_name": terms.title(facts.manifest),
        "language": sorted(facts.told("language")),
        "license": "other",
        "task_categories": ["token-classification"],
        "tags": ["quotation", "attribution", "claims", "denials", "news", "stance"],
        "configs": [_config(facts, config) for config in configs],
        _COLUMNS: [_info(facts, config, features(config)) for config in configs],
    }


def _config(facts: Facts, config: str) -> dict[str, Any]:
    """Version and digest stand in every config: load_dataset keys its cache by them, and would else serve an older build."""
    manifest = facts.manifest
    files = [{"split": split, "path": f"{config}/{split}-*.parquet"} for split in _splits(facts, config)]
    held = {"config_name": config, "version": manifest.version, "description": f"sha256:{manifest.digest}", "data_files": files}
    return held | ({"default": True} if config == DEFAULT else {})


def _info(facts: Facts, config: str, features: list[dict[str, Any]]) -> dict[str, Any]:
    rows = sums_of({where: one["rows"] for where, one in facts.manifest.files.items() if one["rows"] is not None})
    sizes = sums_of(facts.sizes)
    names = _splits(facts, config)
    splits = [{"name": name, "num_bytes": sizes[config, name], "num_examples": rows[config, name]} for name in names]
    size = sum(sizes[config, name] for name in names)
    return {"config_name": config, "features": features, "splits": splits, "download_size": size, "dataset_size": size}


def _splits(facts: Facts, config: str) -> Iterable[str]:
    there = {name for held, name in sums_of(facts.sizes) if held == config}
    return [name for name in _ORDER if name in there]
