"""ro-crate-metadata.json: the release as an RO-Crate 1.2, for archives and tools that gather research data from many fields.

Every shard stands with its SHA-256 and size, every paper by name; manifest.json has the hashes of those. Without a commit there is no day
to publish on, which the specification asks for: such a build is none that anybody should deposit.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from corpus.card.citation import ABSTRACT, AUTHORS, LICENCE, in_words
from corpus.card.facts import TITLE, Facts

NAME = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/ro/crate/1.2"
_LICENCE = f"https://spdx.org/licenses/{LICENCE}"
_PARQUET = "application/vnd.apache.parquet"
_PAPERS: Mapping[str, str] = {
    "CITATION.bib": "application/x-bibtex",
    "CITATION.cff": "application/yaml",
    "README.md": "text/markdown",
    "citation.json": "application/vnd.citationstyles.csl+json",
    "croissant.json": "application/ld+json",
    "manifest.json": "application/json",
}

Entity = dict[str, Any]


def rocrate(facts: Facts) -> str:
    """The file."""
    graph = [_descriptor(), _root(facts), *_files(facts), *_contextual(facts)]
    return _spelt({"@context": f"{PROFILE}/context", "@graph": graph})


def rehashed(written: str, digests: tuple[str, str], hashes: Mapping[str, str], sizes: Mapping[str, int]) -> str:
    """The file of a release that was hydrated: another digest of the rows (old, new), other hashes and sizes of the shards."""
    value = json.loads(written)
    for entity in value["@graph"]:
        if entity["@id"] == "./":
            entity["identifier"] = entity["identifier"].replace(*digests)
        if entity["@id"] in sizes:
            entity |= {"sha256": hashes[entity["@id"]], "contentSize": str(sizes[entity["@id"]])}
    return _spelt(value)


def _spelt(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _descriptor() -> Entity:
    return {"@id": NAME, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": PROFILE}}


def _root(facts: Facts) -> Entity:
    manifest = facts.manifest
    root: Entity = {
        "@id": "./",
        "@type": "Dataset",
        "name": TITLE,
        "alternateName": "cda-corpus",
        "description": ABSTRACT,
        "version": manifest.version,
        "identifier": f"urn:sha256:{manifest.digest}",
        "license": {"@id": _LICENCE},
        "author": {"@id": "#contributors"},
        "creditText": in_words(manifest),
        "inLanguage": sorted(facts.told("language")),
        "isBasedOn": [{"@id": _source(id)} for id in _sources(facts)],
        "hasPart": [{"@id": where} for where in (*sorted(facts.sizes), *_PAPERS)],
    }
    return root | ({"datePublished": manifest.date} if manifest.date else {})


def _files(facts: Facts) -> Iterator[Entity]:
    for where, size in sorted(facts.sizes.items()):
        held = facts.manifest.files[where]
        yield {
            "@id": where,
            "@type": "File",
            "name": f"{held['rows']} rows of {where.partition('/')[0]}",
            "encodingFormat": _PARQUET,
            "contentSize": str(size),
            "sha256": held["sha256"],
        }
    yield from ({"@id": name, "@type": "File", "name": name, "encodingFormat": form} for name, form in _PAPERS.items())


def _contextual(facts: Facts) -> Iterator[Entity]:
    """What the crate names that is no file of it: who made it, its licence, the sources of its articles."""
    yield {"@id": "#contributors", "@type": "Organization", "name": AUTHORS}
    about = "Of the annotations and of the texts that are included; the data card tells of each source."
    yield {"@id": _LICENCE, "@type": "CreativeWork", "name": LICENCE, "description": about}
    for id in _sources(facts):
        source = facts.sources[id]
        included = "included" if facts.manifest.text == "all" or source.text == "included" else "withheld"
        told = {"description": source.description, "license": source.licence, "conditionsOfAccess": f"texts {included}"}
        yield {"@id": _source(id), "@type": "CreativeWork", "name": source.title, **told}


def _sources(facts: Facts) -> list[str]:
    return sorted(facts.told("source"))


def _source(id: str) -> str:
    return f"#source-{id}"
