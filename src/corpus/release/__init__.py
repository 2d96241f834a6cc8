"""A release as a folder: built from the repository, verified byte for byte, compared with another. No network, no clock, no chance."""

from corpus.manifest import Manifest, manifest_of
from corpus.release.building import NotClean, Plan, build, release_before, undecided, without_text
from corpus.release.verifying import verified

__all__ = ["Manifest", "NotClean", "Plan", "build", "manifest_of", "release_before", "undecided", "verified", "without_text"]
