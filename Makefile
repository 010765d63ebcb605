# Every command that a user, a developer or CI needs. Each is one line of a real tool.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --constraint constraints.txt
# Flags for one call, such as `make run ARGS="--seed 3"` or `make test ARGS="-k store"`.
ARGS ?=

.PHONY: help
help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.core: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "GenePool needs Python 3.11 or newer: set PYTHON=python3.12, say")'
	@echo "setting up $(VENV) (once, about a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	@echo "adding what tests and checks need (once) ..."
	@$(PIP) --editable '.[dev]'
	@touch $@

.PHONY: run
run: $(VENV)/.core ## evolve on the shipped Bitcoin candles: leaderboard, verdict and HTML report
	@$(BIN)/genepool evolve --data btcusd_1h --preset all --population-size 200 --generations 25 --seed 7 $(ARGS)

.PHONY: install
install: $(VENV)/.dev ## set up everything for development, the git hooks included
	@$(BIN)/pre-commit install

.PHONY: test
test: $(VENV)/.dev ## pass every test
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(ARGS)

.PHONY: check
check: $(VENV)/.dev lint types imports docs ## all static checks and the fast tests
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal -q -m "not slow and not chaos" $(ARGS)

.PHONY: lint
lint: $(VENV)/.dev ## ruff: rules and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.PHONY: types
types: $(VENV)/.dev ## mypy, strict
	@$(BIN)/mypy

.PHONY: imports
imports: $(VENV)/.dev ## import-linter: imports point down only
	@$(BIN)/lint-imports --no-cache > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }

.PHONY: fmt
fmt: $(VENV)/.dev ## format the code
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: docs
docs: $(VENV)/.dev ## check that generated pages and links are up to date
	@$(BIN)/python -m pytest -q tests/docs

.PHONY: golden
golden: $(VENV)/.dev ## bless the golden baselines anew, after a change that was meant
	@$(BIN)/python -m pytest -q tests/golden --update-golden

.PHONY: bench
bench: $(VENV)/.dev ## evaluations a second by seed, written to docs/benchmarks.md
	@$(BIN)/python benchmarks/bench_evaluation.py $(ARGS)

.PHONY: bench-search
bench-search: $(VENV)/.dev ## our engine against random search and TPE, written to docs/benchmarks.md
	@$(BIN)/python benchmarks/bench_search.py $(ARGS)

.PHONY: lock
lock: ## pin all dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --extra dev --no-header --no-annotate --no-emit-index-url --upgrade pyproject.toml -o constraints.txt

.PHONY: clean
clean: ## remove what the tools left behind; your data and results stay
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
