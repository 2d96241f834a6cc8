"""How a version is cited: CFF, BibTeX, APA, CSL-JSON, Zenodo. Every form names version, commit and content digest.

Of a hydrated copy the release is cited that it was made from.
"""

import json
from typing import Any

import yaml

from corpus.card import terms
from corpus.manifest import Manifest


def in_words(manifest: Manifest) -> str:
    """APA, with the digest after it."""
    year = _year(manifest) or "n.d."
    named = f"*{terms.title(manifest)}* (Version {manifest.version}) [Data set]"
    return f"{terms.authors(manifest)}. ({year}). {named}. {_identity(manifest)}."


def cff(manifest: Manifest) -> str:
    """CITATION.cff 1.2.0."""
    identifiers = [{"type": "other", "value": f"sha256:{manifest.cited}", "description": "content digest"}]
    facts: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this corpus, cite the version you used.",
        "type": "dataset",
        "title": terms.title(manifest),
        "version": manifest.version,
        "authors": [{"name": terms.authors(manifest)}],
        **_of_cff(terms.licences(manifest)),
        "abstract": terms.abstract(manifest),
        "identifiers": identifiers,
    }
    facts |= {"commit": manifest.commit} if manifest.commit else {}
    facts |= {"date-released": manifest.date} if manifest.date else {}
    return yaml.safe_dump(facts, sort_keys=False, allow_unicode=True, width=120)


def bibtex(manifest: Manifest) -> str:
    """An entry for BibTeX, whose key names the version."""
    fields = {
        "author": f"{{{terms.authors(manifest)}}}",
        "title": f"{{{terms.title(manifest)}}}",
        "version": manifest.version,
        "year": _year(manifest),
        "note": _identity(manifest),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{cda-corpus-{manifest.version},", *lines, "}"]) + "\n"


def csl(manifest: Manifest) -> str:
    """CSL-JSON, as reference managers read it."""
    item: dict[str, Any] = {
        "id": f"cda-corpus-{manifest.version}",
        "type": "dataset",
        "title": terms.title(manifest),
        "author": [{"literal": terms.authors(manifest)}],
        "version": manifest.version,
        "note": _identity(manifest),
    }
    item |= {"issued": {"date-parts": [[int(part) for part in manifest.date.split("-")]]}} if manifest.date else {}
    return json.dumps([item], indent=2, ensure_ascii=False) + "\n"


def zenodo(manifest: Manifest) -> str:
    """`.zenodo.json`, which a deposit on Zenodo is filled in from."""
    facts = {
        "title": terms.title(manifest),
        "upload_type": "dataset",
        "version": manifest.version,
        "creators": [{"name": terms.authors(manifest)}],
        **_of_zenodo(terms.licences(manifest)),
        "description": terms.abstract(manifest),
        "keywords": ["claims", "denials", "attribution", "quotation", "news", "corpus"],
        "notes": _identity(manifest),
    }
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def _of_cff(licences: list[str]) -> dict[str, Any]:
    """One id or several; where one is no SPDX id, none, for CFF knows no other."""
    if not all(map(terms.is_spdx, licences)):
        return {}
    return {"license": licences[0] if len(licences) == 1 else licences}


def _of_zenodo(licences: list[str]) -> dict[str, str]:
    """Zenodo takes one."""
    return {"license": licences[0].lower()} if len(licences) == 1 and terms.is_spdx(licences[0]) else {}


def _identity(manifest: Manifest) -> str:
    commit = f"commit {manifest.commit}, " if manifest.commit else ""
    return f"{commit}content digest sha256:{manifest.cited}"


def _year(manifest: Manifest) -> str | None:
    return manifest.date[:4] if manifest.date else None
