"""ro-crate-metadata.json: the release as an RO-Crate 1.2, for archives and tools that gather research data from many fields.

Every shard stands with its SHA-256 and size, every paper by name; manifest.json has the hashes of those. Without a commit there is no day
to publish on, which the specification asks for: such a build is none that anybody should deposit.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from corpus.card import terms
from corpus.card.citation import in_words
from corpus.card.facts import Facts
from corpus.manifest import Manifest

NAME = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/ro/crate/1.2"
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
    return json.dumps({"@context": f"{PROFILE}/context", "@graph": graph}, indent=2, ensure_ascii=False) + "\n"


def _descriptor() -> Entity:
    return {"@id": NAME, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": PROFILE}}


def _root(facts: Facts) -> Entity:
    manifest = facts.manifest
    root: Entity = {
        "@id": "./",
        "@type": "Dataset",
        "name": terms.title(manifest),
        "alternateName": "cda-corpus",
        "description": terms.abstract(manifest),
        "version": manifest.version,
        "identifier": f"urn:sha256:{manifest.digest}",
        "license": _licence(manifest),
        "author": {"@id": "#contributors"},
        "creditText": in_words(manifest),
        "inLanguage": sorted(facts.told("language")),
        "isBasedOn": [{"@id": _source(id)} for id in _sources(facts)],
        "hasPart": [{"@id": where} for where in (*sorted(facts.sizes), *_PAPERS)],
    }
    return root | ({"datePublished": manifest.date} if manifest.date else {})


def _licence(manifest: Manifest) -> Any:
    told = [{"@id": _id(one)} for one in terms.licences(manifest)]
    return told[0] if len(told) == 1 else told


def _id(licence: str) -> str:
    return f"https://spdx.org/licenses/{licence}" if terms.is_spdx(licence) else f"#licence-{licence.partition(';')[0].replace(' ', '-')}"


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
    yield {"@id": "#contributors", "@type": "Organization", "name": terms.authors(facts.manifest)}
    about = "Of the annotations and of the texts that are included; the data card tells of each source."
    for licence in terms.licences(facts.manifest):
        yield {"@id": _id(licence), "@type": "CreativeWork", "name": licence, "description": about}
    for id in _sources(facts):
        source = facts.sources[id]
        included = "included" if facts.manifest.text == "all" or source.text == "included" else "withheld"
        told = {"description": source.description, "license": source.licence, "conditionsOfAccess": f"texts {included}"}
        yield {"@id": _source(id), "@type": "CreativeWork", "name": source.title, **told}


def _sources(facts: Facts) -> list[str]:
    return sorted(facts.told("source"))


def _source(id: str) -> str:
    return f"#source-{id}"
