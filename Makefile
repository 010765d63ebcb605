# Every command that a user, a developer or CI needs. Each is one line of a real tool.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --constraint constraints.txt
# Flags for one call, such as `make run ARGS="--seed 3"` or `make test ARGS="-k store"`.
ARGS ?=
# The stack: `make secrets up`. Standard Docker, and the host's Python without any package.
export COMPOSE ?= docker compose
STACK := $(PYTHON) -m scripts.stack

.PHONY: help
help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.core: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "GenePool needs Python 3.11 or newer: set PYTHON=python3.12, say")'
	@echo "setting up $(VENV) (once, about a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@echo "compiling the loops over candles (once, about half a minute) ..."
	@$(BIN)/python -m genepool.warm
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	@echo "adding what tests and checks need (once) ..."
	@$(PIP) --editable '.[dev]'
	@touch $@

.PHONY: run
run: $(VENV)/.core ## evolve on the shipped Bitcoin candles: leaderboard, verdict and HTML report
	@$(BIN)/genepool evolve --data btcusd_1h --preset all --population-size 200 --generations 25 --seed 7 $(ARGS)

$(VENV)/.serve: $(VENV)/.core
	@echo "adding what the service needs (once) ..."
	@$(PIP) --editable '.[serve,client]'
	@touch $@

.PHONY: serve
serve: $(VENV)/.serve ## pages and API on this machine, opened in the browser: http://127.0.0.1:8000, or ARGS="--port 8001"
	@$(BIN)/genepool serve $(ARGS)

.PHONY: install
install: $(VENV)/.dev ## set up everything for development, the git hooks included
	@$(BIN)/pre-commit install

# Some containers ask for no bytecode. The tests start this program often and read each test module
# twice: compiling all of it anew every time doubles what they take.
test check docs golden timed-test pages-test chaos stack-test: export PYTHONDONTWRITEBYTECODE :=

# Four processes on two cores, since many tests wait for a server, a node or a clock.
PASS := $(BIN)/python scripts/pass_tests.py

.PHONY: test
test: $(VENV)/.dev ## pass every test that needs no browser, no stack and no idle machine, and kills no process at random
	@$(PASS) --select "not stack and not certify and not chaos and not browser and not timed" $(ARGS)

.PHONY: timed-test
timed-test: $(VENV)/.dev ## pass the tests that assert how long something takes: one by one, on an idle machine
	@$(PASS) --one-by-one --select "timed and not stack" $$(grep -rl --include='test_*.py' mark.timed tests/integration) $(ARGS)

.PHONY: pages-test
pages-test: $(VENV)/.dev ## pass the tests of the pages, in a real browser (Chromium)
	@$(PASS) --select "browser and not stack" tests/e2e/pages $(ARGS)

# The fast tests wait for nothing: as many processes as cores, which read only where fast tests are.
FAST := -q --numprocesses auto tests/unit tests/docs tests/golden

.PHONY: check
check: $(VENV)/.dev ## all static checks and the fast tests
	@$(MAKE) --no-print-directory --jobs 2 imports types lint
	@$(PASS) --select "not slow and not chaos and not stack" $(FAST) $(ARGS)

.PHONY: lint
lint: $(VENV)/.dev ## ruff: rules and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

# What a laptop runs must suit every system; tests and tools run on Linux. Each system has a cache of its own.
SYSTEMS = "--platform=linux" \
	"--platform=darwin --cache-dir=.mypy_cache/darwin src" \
	"--platform=win32 --cache-dir=.mypy_cache/win32 src"

.PHONY: types
types: $(VENV)/.dev ## mypy, strict, as Linux, macOS and Windows see the code
	@printf '%s\n' $(SYSTEMS) | xargs -L 1 -P 2 $(BIN)/mypy

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

.PHONY: dashboards
dashboards: $(VENV)/.dev ## write Grafana's dashboards anew; make check compares them
	@$(BIN)/python monitoring/grafana/generate.py $(ARGS)

.PHONY: golden
golden: $(VENV)/.dev ## bless the golden baselines anew, after a change that was meant
	@$(BIN)/python -m pytest -q tests/golden --update-golden

# What asserts or tells speeds takes all of the machine.
bench bench-run bench-search bench-peers bench-history bench-million bench-dispatch validate-system: export GENEPOOL_CPU_BUDGET := 100

.PHONY: bench
bench: $(VENV)/.dev ## evaluations a second by seed, written to docs/benchmarks.md
	@$(BIN)/python -m benchmarks.bench_evaluation $(ARGS)

.PHONY: bench-search
bench-search: $(VENV)/.dev ## our optimizers against each other and TPE one by one, written to docs/benchmarks.md
	@$(BIN)/python -m benchmarks.bench_search $(ARGS)

.PHONY: bench-peers
bench-peers: $(VENV)/.dev ## our evaluations beside vectorbt and raptorbt, written to docs/benchmarks.md
	@$(BIN)/python -m benchmarks.bench_peers $(ARGS)

.PHONY: bench-run
bench-run: $(VENV)/.dev ## what a run costs by stage, ARGS="--against ../other/checkout" beside other code, written to docs/benchmarks.md
	@$(BIN)/python -m benchmarks.bench_run $(ARGS)

.PHONY: bench-history
bench-history: $(VENV)/.dev ## generations a second into Postgres (needs Docker), written to docs/benchmarks.md
	@$(BIN)/python -m benchmarks.bench_history $(ARGS)

.PHONY: bench-history-size
bench-history-size: $(VENV)/.dev ## bytes an evaluation of a real run, by table, written to docs/history.md
	@$(BIN)/python -m benchmarks.bench_history_size $(ARGS)

.PHONY: bench-million
bench-million: $(VENV)/.dev ## a run of a million evaluations: seconds and memory of each command (needs Docker and 12 GB), written to docs/benchmarks.md
	@$(BIN)/python -m benchmarks.bench_million $(ARGS)

.PHONY: bench-pages
bench-pages: $(VENV)/.dev ## what each page of past runs costs, of thousands and of a long one, written to docs/benchmarks.md
	@$(BIN)/python -m benchmarks.bench_pages $(ARGS)

.PHONY: bench-service
bench-service: $(VENV)/.dev ## a run's pace with 200 listeners and 46 requests a second, and without, written to docs/benchmarks.md
	@$(BIN)/python -m benchmarks.bench_service $(ARGS)

.PHONY: bench-nulls
bench-nulls: $(VENV)/.dev ## how often null evolution believes noise: ARGS="noise --markets 15", or "planted --edge 0.1 --markets 15"
	@$(BIN)/python -m benchmarks.bench_nulls $(ARGS)

# `quick` takes less than ten minutes on two cores, `full` about five hours; both continue where they were stopped.
SCALE ?= quick
.PHONY: calibrate
calibrate: $(VENV)/.dev ## how often noise and planted edges are believed, written to docs/honesty.md: SCALE=quick or full, ARGS="--seed-base 5"
	@$(BIN)/python -m benchmarks.calibration --scale $(SCALE) $(ARGS)

.PHONY: bench-reading
bench-reading: $(VENV)/.dev ## a million rows read beside what pandas needs, written to docs/benchmarks.md
	@$(BIN)/python -m benchmarks.bench_reading $(ARGS)

.PHONY: bench-cpu-budget
bench-cpu-budget: $(VENV)/.dev ## how well a machine keeps to its CPU budget, a minute each, written to docs/benchmarks.md
	@$(BIN)/python -m benchmarks.bench_cpu_budget $(ARGS)

.PHONY: bench-dispatch
bench-dispatch: $(VENV)/.dev ## what a Ray cluster costs against one process, written to docs/benchmarks.md
	@$(BIN)/python -m benchmarks.bench_dispatch $(ARGS)

.PHONY: secrets
secrets: ## write the stack's passwords and tokens, once, to secrets/
	@$(STACK).make_secrets

.PHONY: passwords
passwords: ## give the running Postgres the passwords of secrets/: after a rotation, or under a new clone
	@$(COMPOSE) exec -T postgres bash /docker-entrypoint-initdb.d/10-roles.sh
	@echo "the roles of Postgres have the passwords of secrets/ now"

.PHONY: doctor
doctor: ## say what this machine lacks for the stack, and what to do about it
	@$(STACK).doctor

.PHONY: build
build: ## build the images of the stack
	@$(COMPOSE) build $(ARGS)

.PHONY: up
up: doctor build ## start the stack, wait until it is healthy, show its addresses
	@$(STACK).start

.PHONY: down
down: ## stop the stack; its data stays, unless ARGS=--volumes
	@$(COMPOSE) --profile '*' down --remove-orphans $(ARGS)

.PHONY: ps
ps: ## show the containers of the stack
	@$(COMPOSE) ps --all $(ARGS)

.PHONY: logs
logs: ## follow the logs of the stack, or of ARGS=genetic-pool
	@$(COMPOSE) logs --follow --tail 100 $(ARGS)

# Numbers of workers for `make scale CPU=3 MEM=2`; a running evolution uses them at once. A kind that gets none stays as
# it is.
CPU ?=
MEM ?=
NUMBERS = $(CPU:%=--scale=ray-worker-1=%) $(MEM:%=--scale=ray-worker-2=%)
KINDS = $(CPU:%=ray-worker-1) $(MEM:%=ray-worker-2)

.PHONY: scale
scale: ## have CPU=3 CPU-optimised and MEM=2 memory-optimised workers, in mid-run too; or one of both
	@[[ "$(CPU)$(MEM)" =~ ^[0-9]+$$ ]] || { echo "say how many workers, 0 or more: make scale CPU=3 MEM=2, or one of both" >&2; exit 2; }
	@$(COMPOSE) up --detach --no-deps --no-recreate $(NUMBERS) $(KINDS)

.PHONY: validate
validate: ## prove the speed-up on the running stack; results/ gets table and chart
	@$(COMPOSE) exec -T genetic-pool python scripts/validation/validate_distributed_performance.py $(ARGS); status=$$?; \
	mkdir -p results && $(COMPOSE) cp genetic-pool:/app/results/. results/ && exit $$status

.PHONY: validate-system
validate-system: $(VENV)/.dev ## go through the whole running stack, or through this laptop: ARGS="--mode local"
	@$(BIN)/python scripts/validation/comprehensive_system_validation.py $(ARGS)

# FULL=1 adds the paces: twelve paired runs with a bad Redis, ten minutes without Postgres; an hour on an idle machine.
FULL ?=
.PHONY: chaos
chaos: export GENEPOOL_CHAOS_FULL := $(FULL)
chaos: $(VENV)/.dev ## kill processes at random, then kill, pause and cut off containers of the running stack; FULL=1 measures paces
	@$(PASS) --select "chaos and not stack" tests/chaos tests/integration
	@$(PASS) --one-by-one --select stack tests/chaos/stack --timeout 2700 $(ARGS)

# Nothing is installed for it: GENEPOOL_CERTIFY_BACKTRADER, and so on, name the interpreters; the others are skipped.
.PHONY: certify
certify: $(VENV)/.dev ## trade all seeds in other programs, trade by trade beside ours: docs/exports.md says what it needs
	@$(BIN)/python -m pytest -q -m certify tests/certify --timeout 3600 $(ARGS)

.PHONY: certify-image
certify-image: ## build the image of `genepool certify --image`: backtrader, freqtrade and PyneCore
	@docker build --file docker/certify/Dockerfile --tag genepool-certify .

.PHONY: stack-test
stack-test: $(VENV)/.dev ## pass the tests that need the running stack
	@$(PASS) --one-by-one --select stack tests/stack --timeout 900 $(ARGS)

.PHONY: backup
backup: ## save history, candles and reports to backups/
	@dump=$$(scripts/stack/backup.sh $(ARGS)) && echo "$$dump: the history, $$(du -h "$$dump" | cut -f1)" && scripts/stack/files.sh save "$$dump"

.PHONY: restore
restore: ## load a backup, such as ARGS=backups/genepool-20260101T000000Z.dump
	@scripts/stack/restore.sh $(ARGS) && scripts/stack/files.sh load $(ARGS)

.PHONY: lock
lock: ## pin all dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --extra dev --no-header --no-annotate --no-emit-index-url --upgrade pyproject.toml -o constraints.txt

.PHONY: clean
clean: ## remove what the tools left behind; your data and results stay
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
