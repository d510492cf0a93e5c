# The two commands of a newcomer are `make up` and `make test`; `make help` lists the rest.
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install up down test lint types suite test-faults test-bench bench-load bench-gnn bench-recommend bench-update lock docs clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(INSTALLED) ## make the virtual environment

# Every package comes with a hash; ours is linked, so that an edit needs no new install.
$(INSTALLED): pyproject.toml requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is not there; expected Python 3.11 (set PYTHON=...)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar off --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

up: $(INSTALLED) ## start Neo4j, load the demo university if the graph is empty, compute, serve
	$(BIN)/fullcycle up --demo

down: $(INSTALLED) ## stop the embedded Neo4j
	$(BIN)/fullcycle db down

test: $(INSTALLED) ## lint, check the types and run the tests, on a Neo4j of its own; test-bench and test-faults run the long ones
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory -j2 types suite

suite: $(INSTALLED)
	$(BIN)/pytest

lint: $(INSTALLED) ## format and lint
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(INSTALLED) ## check the types
	$(BIN)/mypy

test-faults: $(INSTALLED) ## kill loader and server thirty times each, at random moments
	FULLCYCLE_FAULTS=30 $(BIN)/pytest tests/etl/test_faults.py

test-bench: $(INSTALLED) ## see that the long benchmarks run, on a few hundred rows
	$(BIN)/pytest tests/bench -m bench

bench-load: $(INSTALLED) ## time loading beside the server's own importer, on two cores
	$(BIN)/python -m tests.bench.load

bench-gnn: $(INSTALLED) ## time reading, writing, training, updates and forecasts of the demand model: about a quarter of an hour
	$(BIN)/python -m tests.bench.gnn

bench-recommend: $(INSTALLED) ## time the lists of one student on the graph that the environment names, of a service that has just started
	$(BIN)/python -m tests.bench.recommend --existing

bench-update: $(INSTALLED) ## time updates of the active generation: after 1,000 students showed something, after 1 % of the postings changed
	$(BIN)/python -m tests.bench.update

docs: $(INSTALLED) ## write the generated pages and pictures again
	$(BIN)/python -m tests.docs.write

lock: $(INSTALLED) ## resolve the dependencies again: names, versions and hashes
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host --no-header --all-extras --output-file requirements.lock pyproject.toml

clean: ## remove the virtual environment and what tools left
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
