# Two commands do all set-up: `make demo` runs the main job, `make test` the tests. The rest stands beside them.
PYTHON ?= python3
SHELL := /bin/bash
VENV := .venv
BENCH := .bench
UV := $(VENV)/bin/uv
LOCKED := requirements/dev.lock

.DEFAULT_GOAL := help
.PHONY: help setup studio browser demo annotate adjudicate screenshots datasheet leaderboard test test-all bench check lint lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(VENV)/.installed ## the project's environment; .venv/bin/corpus works afterwards

$(VENV)/.installed: requirements/uv.lock $(LOCKED) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12 setup"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock
	$(UV) pip install --python $(VENV)/bin/python --require-hashes -r $(LOCKED)
	$(UV) pip install --python $(VENV)/bin/python --no-deps --no-build-isolation --editable .
	@# uv compiles nothing, or with --compile-bytecode all there is, for half a minute: Python keeps what it compiles of what a build loads
	@env -u PYTHONDONTWRITEBYTECODE $(VENV)/bin/python -c 'import corpus.cli.build_command, corpus.release, numpy.ma'
	@touch $@

studio: setup ## Label Studio's own environment
	$(VENV)/bin/corpus studio install

browser: ## Chromium for the tests of the labelling page, where Debian's package can be installed
	@scripts/install_browser.sh

demo: setup studio ## the main job on real input, end to end
	$(VENV)/bin/python scripts/run_demo.py $(if $(SEED),--seed "$(SEED)")

annotate: setup studio ## articles for a person to read: make annotate ANNOTATOR=4b22 [ARTICLES="lee_0001 lee_0003"]
	@test -n "$(ANNOTATOR)" || { echo 'name yourself: make annotate ANNOTATOR=4b22 (a pseudonym of annotations/annotators.json)'; exit 1; }
	$(VENV)/bin/corpus hydrate lee
	$(VENV)/bin/corpus studio start
	$(VENV)/bin/corpus push --annotator "$(ANNOTATOR)" $(ARTICLES)

adjudicate: setup studio ## articles with several readings for a person to settle: make adjudicate [ANNOTATORS="4b22 c1b1"] [ARTICLES=…]
	$(VENV)/bin/corpus hydrate lee
	$(VENV)/bin/corpus studio start
	$(VENV)/bin/corpus adjudicate push $(ARTICLES) $(if $(ANNOTATORS),--annotators $(ANNOTATORS))

screenshots: setup studio browser ## the pictures of Label Studio's pages in docs/pictures
	CDA_PICTURES=docs/pictures $(VENV)/bin/python -m pytest tests/test_drawing.py -m "not long"

datasheet: setup ## the figures and pictures of DATASHEET.md
	$(VENV)/bin/python scripts/write_datasheet.py

leaderboard: setup ## measure the baseline anew; docs/leaderboard.md
	$(VENV)/bin/corpus hydrate lee
	$(VENV)/bin/python scripts/write_leaderboard.py

test: setup studio browser ## all tests but the long ones
	$(VENV)/bin/ruff check
	$(VENV)/bin/mypy
	$(VENV)/bin/python -m pytest -m "not long"

test-all: setup studio browser ## all tests
	$(VENV)/bin/python -m pytest

bench: setup studio $(BENCH)/datatrove/.installed ## speed and memory beside other ways: docs/benchmarks.md; 25 minutes, or less: make bench DOCUMENTS="1000 10000"
	$(VENV)/bin/python scripts/measure_build.py --write $(if $(DOCUMENTS),--documents $(DOCUMENTS)) $(if $(LONGEST),--longest $(LONGEST))
	$(VENV)/bin/python scripts/measure_reading.py --write
	$(VENV)/bin/python scripts/measure_nearness.py --write
	$(VENV)/bin/python scripts/measure_speed.py
	$(VENV)/bin/python scripts/measure_check.py

$(BENCH)/datatrove/.installed: $(VENV)/.installed requirements/bench.lock
	$(UV) venv --quiet --clear --python $(VENV)/bin/python $(BENCH)/datatrove
	$(UV) pip install --quiet --compile-bytecode --python $(BENCH)/datatrove/bin/python --require-hashes -r requirements/bench.lock
	@touch $@

check: setup ## the repository's data against every rule
	$(VENV)/bin/corpus check

lint: setup ## form and types of the code
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy

lock: setup ## write the lock files anew
	scripts/lock_requirements.sh

clean: ## remove all that was made
	rm -rf $(VENV) $(BENCH) .label-studio dist .corpus-cache .pytest_cache .hypothesis .mypy_cache .ruff_cache
