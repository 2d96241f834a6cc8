"""The only door to JSON Schema: a value of a kind against its schema file. Knows shape, not meaning.

jsonschema-rs gives the verdict; where it is no, jsonschema words the errors. A test holds the two to the same verdict.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import jsonschema_rs

from corpus import codec
from corpus.problems import Problem

Kind = Literal[
    "annotation", "annotators", "document", "source", "released", "assignments", "withdrawn", "claim", "judgements", "manifest",
    "manifest-1", "export", "judged", "extra",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

_NO_NEWLINE = r"(?!\n)"  # Python's $ also matches before a final newline; the patterns of the schemas forbid it
_DECIMAL = re.compile(rb"[:,\[]-?[0-9]+[.eE]")
_DECIMAL_PLACE = re.compile(rb'"(?:start|end)":-?[0-9]+[.eE]')
_NAMED = re.compile(r"cda-(?P<kind>[a-z]+)/(?P<version>[1-9][0-9]{0,8})", re.ASCII)
_WITH_DECIMALS = ("export", "judged", "manifest")  # lead_time; figures of agreement
_DECIMAL_PLACE = re.compile(rb'"(?:start|end)":-?[0-9]+[.eE]')
_MOST = 20  # errors shown of one file; the rest would repeat them


def folder() -> Path:
    """Where the schema files are: inside the installed package, or beside it in a checkout."""
    packaged = Path(__file__).parent / "schema"  # importlib.resources takes longer to import than the schemas to read
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "schema"


@cache
def load(kind: Kind) -> dict[str, Any]:
    """The schema of a kind as a plain value."""
    value: dict[str, Any] = json.loads((folder() / f"{kind}.schema.json").read_text(encoding="utf-8"))
    return value


def labelling_page() -> str:
    """The Label Studio labelling configuration, `labels.xml`."""
    return (folder() / "labels.xml").read_text(encoding="utf-8")


def page(name: str) -> str:
    """Another page of Label Studio, by the name of its file."""
    return (folder() / f"{name}.xml").read_text(encoding="utf-8")


def problems(kind: Kind, value: Any, where: str) -> list[Problem]:
    """What in the value breaks the schema of its kind; nothing when it holds.

    >>> [problem.message for problem in problems("annotators", {"schema": "cda-annotators/1"}, "x.json")]
    ["'annotators' is a required property"]
    """
    if holds(kind, value):
        everywhere = kind not in _WITH_DECIMALS
        places = () if _is_free_of_decimals(value, everywhere=everywhere) else _decimals(value, everywhere=everywhere)
        return [_decimal(pointer, where) for pointer in places][:_MOST]
    if (strange := _of_another_version(kind, value, where)) is not None:
        return [strange]
    # The verdict stands even without words: a pattern over megabytes is given up by jsonschema-rs and passed by jsonschema.
    return sorted(_worded(kind, value, where))[:_MOST] or [_wordless(where)]


def holds(kind: Kind, value: Any) -> bool:
    """The bare verdict, which takes 1.0 for an integer."""
    return bool(_compiled(kind).is_valid(value))


def kind_of(value: Any) -> Kind | None:
    """The kind that a stored file says it is, by its key "schema"."""
    named = value.get("schema") if isinstance(value, dict) else None
    return next((kind for kind in KINDS if isinstance(named, str) and named.startswith(f"cda-{kind}/")), None)


def pointer(path: Any) -> str:
    """A JSON pointer (RFC 6901).

    >>> pointer(["a/b", 0])
    '/a~1b/0'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _of_another_version(kind: Kind, value: Any, where: str) -> Problem | None:
    """A file of another version is refused by its name alone: what else in it is unlike ours may be right in its own schema."""
    named = value.get("schema") if isinstance(value, dict) else None
    ours = load(kind).get("properties", {}).get("schema", {}).get("const")
    found, own = (_NAMED.fullmatch(one) if isinstance(one, str) else None for one in (named, ours))
    if found is None or own is None or found["kind"] != own["kind"] or named == ours:
        return None
    step = f"scripts/migrate_{own['kind']}_{found['version']}_to_{int(found['version']) + 1}.py makes it new"
    cure = step if int(found["version"]) < int(own["version"]) else "install a newer cda-corpus (git pull, make setup)"
    message = f"is of the kind {named!r}, which this version of cda-corpus does not read (it reads {ours!r})"
    return Problem(where=where, pointer="/schema", check="matches-schema", message=message, hint=cure)


@cache
def _compiled(kind: Kind) -> Any:
    return jsonschema_rs.validator_for(load(kind))


def _worded(kind: Kind, value: Any, where: str) -> set[Problem]:
    from jsonschema import Draft202012Validator  # 0.2 s to import, and only wording needs it

    errors = Draft202012Validator(load(kind)).iter_errors(value)
    return {Problem(where=where, pointer=pointer(error.absolute_path), check="matches-schema", message=_message(error)) for error in errors}


def _message(error: Any) -> str:
    if error.validator == "not":  # the schema's way to forbid a property; the path of a plain `false` would lack its name
        return f"{error.absolute_path[-1]!r} does not belong to this label or annotator"
    if error.validator == "pattern":
        return f"{_short(error.instance)} is not of the form {error.validator_value.removesuffix(_NO_NEWLINE)}"
    words = str(error.message)
    return words if len(words) <= 300 else f"{_short(error.instance)} breaks the rule {error.validator!r} of the schema"


def _short(value: Any) -> str:
    words = repr(value)
    return words if len(words) <= 60 else words[:59] + "…"


def _is_free_of_decimals(value: Any, *, everywhere: bool) -> bool:
    """Decided on the compact spelling; a string that looks like a decimal only costs the closer look."""
    return not (_DECIMAL if everywhere else _DECIMAL_PLACE).search(codec.compact(value))


def _decimals(value: Any, *, everywhere: bool, path: tuple[Any, ...] = ()) -> Iterator[str]:
    """JSON Schema's integer admits 1.0, which is no place in a text. Exports and manifests hold true decimals elsewhere."""
    if isinstance(value, float) and (everywhere or path[-1] in ("start", "end")):
        yield pointer(path)
    elif isinstance(value, dict | list):
        for step, held in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _decimals(held, everywhere=everywhere, path=(*path, step))


def _wordless(where: str) -> Problem:
    return Problem(where=where, pointer="", check="matches-schema", message="breaks the schema")


def _decimal(at: str, where: str) -> Problem:
    return Problem(where=where, pointer=at, check="matches-schema", message="a whole number is written without a decimal point")
