"""What the papers of a release say once it was hydrated. They describe the copy, and cite the release that it was made from.

A copy is another set of bytes, which only its reader has; the release is what anybody can get and check, so it alone is cited.
"""

import json
from collections.abc import Mapping
from typing import Any

from corpus.card.croissant import NAME as CROISSANT
from corpus.card.croissant import RELEASE
from corpus.card.head import head_of, spelt, sums_of
from corpus.card.rocrate import NAME as ROCRATE
from corpus.manifest import Manifest

HYDRATED = "**This copy was hydrated on its reader's machine: it holds texts that may not be passed on.**"


def copied(name: str, words: str, copy: Manifest, sizes: Mapping[str, int]) -> str:
    """A paper of the release, for the copy whose manifest names its shards, with their sizes; those that only cite stay as they are."""
    if name == "README.md":
        return _card(words, copy, sizes)
    if name == CROISSANT:
        return _croissant(words, copy)
    return _rocrate(words, copy, sizes) if name == ROCRATE else words


def _card(words: str, copy: Manifest, sizes: Mapping[str, int]) -> str:
    """The head that load_dataset reads is that of the copy; the body is that of the release, and says so."""
    head, sums = head_of(words), sums_of(sizes)
    for config in head["configs"]:
        config["description"] = f"sha256:{copy.digest}"
    for info in head["dataset_info"]:
        for split in info["splits"]:
            split["num_bytes"] = sums[info["config_name"], split["name"]]
        info["download_size"] = info["dataset_size"] = sum(split["num_bytes"] for split in info["splits"])
    title, _, rest = words.split("\n---\n", 1)[1].lstrip("\n").partition("\n")
    body = "\n".join(line for line in rest.split("\n") if not line.startswith(HYDRATED))
    return f"{spelt(head)}\n{title}\n\n{HYDRATED} {_whence(copy)}\n\n{body.lstrip()}"


def _whence(copy: Manifest) -> str:
    own = f"Its rows have the digest `{copy.digest}`."
    if copy.released_digest is None:
        return own
    return f"{own} It was made from the release with the digest `{copy.released_digest}`: cite that, as below, for anybody can get it."


def _croissant(words: str, copy: Manifest) -> str:
    value = json.loads(words) | {"url": f"urn:sha256:{copy.digest}"} | _based_on(copy)
    for one in value["distribution"]:
        if one["@id"] == RELEASE:
            one["sha256"] = copy.digest
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _based_on(copy: Manifest) -> dict[str, str]:
    return {"isBasedOn": f"urn:sha256:{copy.released_digest}"} if copy.released_digest else {}


def _rocrate(words: str, copy: Manifest, sizes: Mapping[str, int]) -> str:
    value = json.loads(words)
    root = next(one for one in value["@graph"] if one["@id"] == "./")
    root["identifier"] = f"urn:sha256:{copy.digest}"
    if copy.released_digest and (release := _release(root, copy)) not in value["@graph"]:
        root["isBasedOn"] = [{"@id": release["@id"]}, *root["isBasedOn"]]
        value["@graph"].append(release)
    for one in value["@graph"]:
        if one["@id"] in sizes:
            one |= {"sha256": copy.files[one["@id"]]["sha256"], "contentSize": str(sizes[one["@id"]])}
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _release(root: Mapping[str, Any], copy: Manifest) -> dict[str, str]:
    about = "The release that this copy was made from, without the texts that were hydrated; it is what to cite."
    return {
        "@id": f"urn:sha256:{copy.released_digest}",
        "@type": "Dataset",
        "name": root["name"],
        "version": copy.version,
        "description": about,
    }
