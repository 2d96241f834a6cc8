"""croissant.json: the release as Croissant 1.1 with its part on responsible AI, for tools that read records by it.

Traps, as measured with mlcroissant 1.1.1: a FileSet over several FileObjects fails, so each config is a glob in one FileObject "release",
and readers pass `mapping={"release": "/absolute/folder"}`; Parquet is `application/x-parquet`; a struct without subFields fails on load,
and so does a list of structs inside another column, which is therefore not described: load_dataset gives it whole.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from corpus.card import terms
from corpus.card.citation import in_words
from corpus.card.facts import Facts

NAME = "croissant.json"
RELEASE = "release"
_TYPES = {"string": "sc:Text", "int32": "cr:Int32"}
_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(facts: Facts, features: Callable[[Any], list[dict[str, Any]]]) -> str:
    """The file. `features` gives the columns of a config as in the card's head."""
    manifest = facts.manifest
    configs = facts.filled()
    value: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": "cda-corpus",
        "alternateName": terms.title(manifest),
        "description": f"{terms.abstract(manifest)} {_verified(facts)}",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "license": _licence(terms.licences(manifest)),
        "url": f"urn:sha256:{manifest.digest}",
        "version": manifest.version,
        "citeAs": in_words(manifest),
        "creator": {"@type": "Organization", "name": terms.authors(manifest)},
        "inLanguage": sorted(facts.told("language")),
        "isLiveDataset": False,
    }
    value |= {"datePublished": manifest.date} if manifest.date else {}
    value |= _responsible(facts)
    value["distribution"] = [_release(facts), *(_file_set(config) for config in configs)]
    value["recordSet"] = [_record_set(config, features(config)) for config in configs]
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _licence(licences: list[str]) -> Any:
    """Addresses of SPDX ids, or words where there is none; one by itself."""
    told = [f"https://spdx.org/licenses/{one}.html" if terms.is_spdx(one) else one for one in licences]
    return told[0] if len(told) == 1 else told


def _verified(facts: Facts) -> str:
    if any(one.kind == "human" for one in facts.annotators):
        return "The data card says who annotated what."
    return "All annotations were made by a language model; no person has verified them."


def _responsible(facts: Facts) -> dict[str, Any]:
    """What the responsible-AI vocabulary 1.0 has a word for; the datasheet says it all."""
    told = [f"{one.id}: {one.kind}, guidelines {one.guidelines}" for one in facts.annotators]
    models = sorted({str(one.model["name"]) for one in facts.annotators if one.model})
    value: dict[str, Any] = {
        "rai:dataCollection": "News articles, and a diagnostic suite written for this corpus; the datasheet tells of each source.",
        "rai:annotationsPerItem": "Every annotator's own layer stands in the config annotations; gold names the layers it was made from.",
        "rai:annotationPlatform": ["Label Studio"],
        "rai:dataAnnotationAnalysis": [f"{terms.authors(facts.manifest)}: {line}" for line in told],
        "rai:dataBiases": [
            "Denials are far more frequent in the diagnostic suite than in news; nothing counted there is a rate of anything."
        ],
        "rai:dataLimitations": [
            _verified(facts),
            "Not fit to judge who is right, nor to measure how often anyone claims or denies anything.",
        ],
        "rai:dataUseCases": ["Finding attributions and denials, and what a denial answers; studying the scheme."],
        "rai:personalSensitiveInformation": [
            "News names people in public life and private people caught up in events; no index of persons is built."
        ],
        "rai:dataReleaseMaintenancePlan": "Versions are immutable; withdrawn articles leave a tombstone, and later versions name them.",
    }
    return value | ({"rai:machineAnnotationTools": models} if models else {})


def _release(facts: Facts) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": RELEASE,
        "name": RELEASE,
        "description": "The folder of this release; every file's SHA-256 stands in its manifest.json, and this is the digest of its rows.",
        "contentUrl": ".",
        "encodingFormat": "git+https",
        "sha256": facts.manifest.digest,
    }


def _file_set(config: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{config}-files",
        "name": f"{config}-files",
        "containedIn": {"@id": RELEASE},
        "encodingFormat": "application/x-parquet",
        "includes": f"{config}/*.parquet",
    }


def _record_set(config: str, columns: list[dict[str, Any]]) -> dict[str, Any]:
    fields = [_field(config, column, column["name"], ()) for column in columns]
    return {"@type": "cr:RecordSet", "@id": config, "name": config, "field": fields}


def _field(parent: str, column: Mapping[str, Any], root: str, path: tuple[str, ...]) -> dict[str, Any]:
    """A column, or what lies in one: `root` is the column, `path` the keys below it."""
    config, name = parent.partition("/")[0], f"{parent}/{column['name']}"
    source: dict[str, Any] = {"fileSet": {"@id": f"{config}-files"}, "extract": {"column": root}}
    if path:
        source["transform"] = [{"jsonPath": key} for key in path]
    field: dict[str, Any] = {"@type": "cr:Field", "@id": name, "name": name, "source": source}
    held = column.get("list", column.get("struct", column.get("dtype")))
    field |= {"isArray": True, "arrayShape": "-1"} if "list" in column else {}
    if isinstance(held, list):
        return field | {
            "subField": [_field(name, one, root, (*path, one["name"])) for one in held if not isinstance(one.get("list"), list)]
        }
    return field | {"dataType": _TYPES[held] if isinstance(held, str) else "sc:Text"}
