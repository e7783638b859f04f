# Every recipe first does the set-up that it needs; what is already there is skipped.
PYTHON ?= $(firstword $(foreach name,python3.11 python3 python,$(shell command -v $(name))))
BIN := .venv/bin
ONLY ?=
PORT ?= 8000

# Tests start the program dozens of times. Without its bytecode, which some machines are told not to write, every start
# takes two seconds and a half more.
export PYTHONDONTWRITEBYTECODE=

.DEFAULT_GOAL := help
.PHONY: help setup run test postgres journeys bench lint lock clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## prepare everything that running, testing and checking need
	@$(PYTHON) -m tools.setup dev

run: ## serve Tidu on this machine with made-up data, and print its address; PORT=8080, FRESH=1 starts over
	@$(PYTHON) -m tools.setup prod
	@$(BIN)/tidu serve --demo --port $(PORT) $(if $(FRESH),--fresh)

test: setup lint ## check and test everything, with a real browser, on SQLite and on PostgreSQL
	@env -u DATABASE_URL $(BIN)/pytest -n 4 --dist worksteal
	@$(BIN)/python -m tests.postgres -n 4 --dist worksteal

postgres: setup ## run the tests that use the database on a PostgreSQL of their own
	@$(BIN)/python -m tests.postgres -n 4 --dist worksteal

journeys: setup ## walk the journeys in a real browser, a line per step; ONLY=portal takes one
	@TIDU_SHOTS=$${TIDU_SHOTS:-test-results/journeys} $(BIN)/pytest -q -s tests/journeys$(if $(ONLY),/test_$(ONLY)*.py)

bench: ## measure against the peers and print the tables; ONLY=search takes one
	@$(PYTHON) -m tools.setup bench
	@set -e; for file in bench/$(or $(ONLY),*).py; do PYTHONPATH=. $(BIN)/python $$file; done

lint: setup ## style, types, templates, import ladder, migrations, locks
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/djlint --lint --quiet src
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python -m tools.checks

lock: ## write the lock files anew (maintainers)
	@$(PYTHON) -m tools.setup prod
	@$(BIN)/python -m tools.lock

clean: ## remove what set-up and the tools made; your data (TIDU_DATA) stays
	rm -rf .venv .setup .cache node_modules fonts src/tidu/core/static/vendor staticfiles test-results
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
