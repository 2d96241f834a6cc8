"""A release as a folder: built from the repository, verified byte for byte, compared with another. No clock, no chance.

No network, but where a cluster or a store is named.
"""

from corpus.manifest import Manifest, manifest_of
from corpus.release.building import CONFIGS, NotClean, Plan, build, release_before
from corpus.release.from_exports import build_from, described
from corpus.release.verifying import verified

__all__ = ["CONFIGS", "Manifest", "NotClean", "Plan", "build", "build_from", "described", "manifest_of", "release_before", "verified"]
