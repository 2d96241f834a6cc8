#!/bin/sh
# Writes the lock files: the installer, the project with its tests, the bench's datatrove, Label Studio's own environment.
# Universal (Python 3.11 to 3.13, every platform), with hashes, and without the address of any package index.
set -eu
cd "$(dirname "$0")/.."
lock() { .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header "$@"; }
lock requirements/uv.in -o requirements/uv.lock
lock pyproject.toml --extra studio --extra suggest --extra cluster --extra s3 --group dev -o requirements/dev.lock
lock requirements/bench.in -o requirements/bench.lock
lock src/corpus/studio/label-studio.in -o src/corpus/studio/label-studio.lock
