"""Other corpora's and tools' own formats, read into documents and layers and written from them; one module a format.

The table of formats stands here; a module of it is imported when it is asked for. What a format is made of stands in `converted`,
how marks become a sound layer in `assembling`, and a whole conversion, with its account of what was lost, in `converting`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from corpus.formats.converted import Converted, Given, Note
from corpus.problems import CorpusError

Feature = Literal[
    "documents", "facts", "layers", "pieces", "overlap", "labels", "attributions", "attributes", "links", "extra", "registry", "decisions"
]
Reader = Callable[[Path, Given], Converted]
Writer = Callable[[Converted, Path], list[Note]]
ALL: frozenset[Feature] = frozenset(
    ("documents", "facts", "layers", "pieces", "overlap", "labels", "attributions", "attributes", "links", "extra", "registry", "decisions")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format by name: the module that reads or writes it, whether OUT is a folder or a file, and what it can hold of ours."""

    name: str
    title: str
    module: str
    reads: bool = True
    writes: bool = False
    out: Literal["folder", "file"] = "folder"
    holds: frozenset[Feature] = frozenset()
    extra: str | None = None  # the optional dependencies that it needs
    endings: tuple[str, ...] = ()  # of the only files that it reads, where a checkout has many others


_TABLE = (
    Format(name="corpus", title="our own folders raw/ and annotations/", module="corpus_tree", writes=True, holds=ALL),
    Format(name="brat", title="brat standoff: ours, or any folder of .txt and .ann", module="brat", writes=True, holds=ALL),
    Format(
        name="label-studio", title="Label Studio JSON: as push --out writes it, or another project's export", module="label_studio",
        writes=True, out="file", holds=ALL - {"registry"},
    ),
    Format(
        name="web-annotation", title="W3C Web Annotation JSON-LD: ours, or others' with their texts beside", module="web_annotation",
        writes=True, holds=ALL,
    ),
    Format(name="cas-xmi", title="UIMA CAS as XMI, for INCEpTION", module="cas_xmi", writes=True, holds=ALL, extra="cas"),
    Format(name="cas-json", title="UIMA CAS as JSON, for INCEpTION", module="cas_json", writes=True, holds=ALL, extra="cas"),
    Format(
        name="docbin", title="spaCy DocBin: span groups, and all else in the extension cda", module="docbin",
        writes=True, out="file", holds=ALL - {"registry"}, extra="spacy",
    ),
    Format(
        name="citron", title="Citron's annotation JSON (BBC)", module="citron",
        writes=True, holds=frozenset(("documents", "layers", "pieces", "overlap", "attributions")),
    ),
    Format(
        name="bio", title="CoNLL-style columns with BIO tags; lossy", module="bio",
        writes=True, holds=frozenset(("documents", "layers", "labels")),
    ),
    Format(
        name="polnear", title="PolNeAR 1.0.0: a checkout, its data/, or a folder with text/ and attributions/", module="polnear",
        endings=(".txt", ".ann"),
    ),
    Format(
        name="german-wikinews", title="quotations in German Wikinews 2024: a checkout, or a folder of .json", module="german_wikinews",
        endings=(".json",),
    ),
    Format(
        name="gum", title="GUM eRST: a checkout, or a folder with .rs4 and .conllu", module="gum",
        endings=(".rs4", ".conllu"),
    ),
    Format(name="parc", title="PARC 3.0 XML, with the texts of PTB beside where they are at hand", module="parc"),
    Format(name="directquote", title="DirectQuote: a checkout, or its columns", module="direct_quote"),
    Format(name="stance-pairs", title="posts and replies with a stance, as in RumourEval: .csv, .tsv, .json", module="stance_pairs"),
)  # fmt: skip
FORMATS: Mapping[str, Format] = {one.name: one for one in _TABLE}


def format_of(name: str) -> Format:
    """The entry of the table.

    >>> format_of("polnear").writes
    False
    """
    if name not in FORMATS:
        raise CorpusError(f"there is no format {name!r}; there are: {', '.join(FORMATS)}")
    return FORMATS[name]


def reader(name: str) -> Reader:
    """The function that reads a path of this format: `reader("polnear")(path, Given())`."""
    chosen = format_of(name)
    if not chosen.reads:
        raise CorpusError(f"{name} is written only; read are: {', '.join(one.name for one in FORMATS.values() if one.reads)}")
    found: Reader = _module(chosen).read
    return found


def writer(name: str) -> Writer:
    """The function that writes what was read to a path, and tells what it changed or left out."""
    chosen = format_of(name)
    if not chosen.writes:
        raise CorpusError(f"{name} is read only; written are: {', '.join(one.name for one in FORMATS.values() if one.writes)}")
    found: Writer = _module(chosen).write
    return found


def _module(chosen: Format) -> Any:
    try:
        return import_module(f"corpus.formats.{chosen.module}")
    except ModuleNotFoundError as error:
        if chosen.extra is None or (error.name or "").startswith("corpus"):
            raise
        raise CorpusError(f"{chosen.name} needs {error.name}: pip install cda-corpus[{chosen.extra}]") from None
