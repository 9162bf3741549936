# Every target does its own set-up: a fresh machine needs Python 3.11+, git and make, nothing else.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
UV := $(BIN)/uv
# bytecode is compiled once here instead of at each start: Python would otherwise take seconds longer, for ever
INSTALL := UV_COMPILE_BYTECODE=1 VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --require-hashes
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test lint ui docs lock clean

help:  ## show this
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8

run: $(VENV)/.run  ## from listings to trends in data/warehouse.duckdb, and what a person wants to see first
	@$(BIN)/papertrends run $(ARGS)

test: $(VENV)/.test  ## the whole test suite
	@$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.test  ## style and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

ui: $(VENV)/.run  ## the Dagster UI on 127.0.0.1:3000
	@$(BIN)/papertrends ui $(ARGS)

docs: $(VENV)/.run  ## write the true output into README.md, docs/tables.md and docs/cookbook.md
	@folder=$$(mktemp -d) && $(BIN)/papertrends run --data-dir $$folder >/dev/null 2>&1 \
	  && $(BIN)/python -m pipelines.warehouse.docs $$folder; rm -rf $$folder
	@$(BIN)/python -m pipelines.report.readme

lock: $(VENV)/.run  ## resolve pyproject.toml again into the two lock files (hashes, no addresses)
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate pyproject.toml --group dev -o requirements-dev.lock

clean:  ## remove the environment; data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(UV):
	@echo "making $(VENV) (once)" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "papertrends needs Python 3.11 or newer, this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.run: requirements.lock pyproject.toml | $(UV)
	@echo "installing what papertrends needs" >&2
	@$(INSTALL) -r requirements.lock
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.test: requirements-dev.lock $(VENV)/.run
	@echo "installing what its tests need" >&2
	@$(INSTALL) -r requirements-dev.lock
	@touch $@
