"""How a version is cited: CFF, BibTeX, APA, CSL-JSON, Zenodo. Every form names version, commit and content digest."""

import json
from typing import Any

import yaml

from corpus.card.facts import TITLE
from corpus.manifest import Manifest

AUTHORS = "The CDA corpus contributors"
LICENCE = "CC-BY-4.0"
ABSTRACT = "News articles in which every reported statement is marked, and every denial is linked to the claim it denies."


def in_words(manifest: Manifest) -> str:
    """APA, with the digest after it."""
    return f"{AUTHORS}. ({_year(manifest) or 'n.d.'}). *{TITLE}* (Version {manifest.version}) [Data set]. {_identity(manifest)}."


def cff(manifest: Manifest) -> str:
    """CITATION.cff 1.2.0."""
    identifiers = [{"type": "other", "value": f"sha256:{manifest.digest}", "description": "content digest"}]
    facts: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this corpus, cite the version you used.",
        "type": "dataset",
        "title": TITLE,
        "version": manifest.version,
        "authors": [{"name": AUTHORS}],
        "license": LICENCE,
        "abstract": ABSTRACT,
        "identifiers": identifiers,
    }
    facts |= {"commit": manifest.commit} if manifest.commit else {}
    facts |= {"date-released": manifest.date} if manifest.date else {}
    return yaml.safe_dump(facts, sort_keys=False, allow_unicode=True, width=120)


def bibtex(manifest: Manifest) -> str:
    """An entry for BibTeX, whose key names the version."""
    fields = {
        "author": f"{{{AUTHORS}}}",
        "title": f"{{{TITLE}}}",
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
        "title": TITLE,
        "author": [{"literal": AUTHORS}],
        "version": manifest.version,
        "note": _identity(manifest),
    }
    item |= {"issued": {"date-parts": [[int(part) for part in manifest.date.split("-")]]}} if manifest.date else {}
    return json.dumps([item], indent=2, ensure_ascii=False) + "\n"


def zenodo(manifest: Manifest) -> str:
    """`.zenodo.json`, which a deposit on Zenodo is filled in from."""
    facts = {
        "title": TITLE,
        "upload_type": "dataset",
        "version": manifest.version,
        "creators": [{"name": AUTHORS}],
        "license": LICENCE.lower(),
        "description": ABSTRACT,
        "keywords": ["claims", "denials", "attribution", "quotation", "news", "corpus"],
        "notes": _identity(manifest),
    }
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def _identity(manifest: Manifest) -> str:
    commit = f"commit {manifest.commit}, " if manifest.commit else ""
    return f"{commit}content digest sha256:{manifest.digest}"


def _year(manifest: Manifest) -> str | None:
    return manifest.date[:4] if manifest.date else None
