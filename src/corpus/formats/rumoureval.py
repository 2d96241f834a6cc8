"""Threads of RumourEval 2019 as rows of stance pairs: folders with source-tweet/ and replies/, labels in key files of task A.

A post is a tweet, or a submission or comment of Reddit as its interface gave it; one that was deleted has no words and is no row.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus import codec
from corpus.problems import CorpusError

_TASK_A = "subtaskaenglish"


def rows(folder: Path) -> Iterator[Mapping[str, str]]:
    """Source, reply and label of every reply that a key labels, thread by thread."""
    keys = _keys(folder)
    threads = sorted({one.parent for one in folder.rglob("source-tweet") if one.is_dir()})
    if not keys or not threads:
        raise CorpusError(f"{folder} holds no threads of RumourEval (source-tweet/, replies/) with a key file beside")
    for thread in threads:
        sources = [words for one in sorted((thread / "source-tweet").glob("*.json")) if (words := _words(_value(one)))]
        for reply in sorted((thread / "replies").glob("*.json")) if sources else ():
            if reply.stem in keys and (words := _words(_value(reply))):
                yield {"source_text": sources[0], "reply_text": words, "label": keys[reply.stem]}


def _keys(folder: Path) -> dict[str, str]:
    held = (_value(one) for one in sorted(folder.rglob("*key*.json")))
    return {id: str(label) for one in held if isinstance(one, dict) for id, label in one.get(_TASK_A, {}).items()}


def _value(file: Path) -> Any:
    value, problems = codec.read_json(file.read_bytes(), file.name, largest=None)
    if problems:
        raise CorpusError(f"{file.name} cannot be read: {problems[0].message}")
    return value


def _words(value: Any) -> str | None:
    """The words of a post; of a submission its title, and what stands below."""
    one = value[0] if isinstance(value, list) and value else value
    data = one.get("data", one) if isinstance(one, dict) else {}
    data = data["children"][0].get("data", {}) if isinstance(data.get("children"), list) and data["children"] else data
    found = [data[name] for name in ("full_text", "text", "title", "selftext", "body") if isinstance(data.get(name), str)]
    words = "\n".join(dict.fromkeys(one.strip() for one in found if one.strip() and one not in ("[deleted]", "[removed]")))
    return words or None
