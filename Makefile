# Everything that a newcomer needs is here; `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
UV := .tools/uv/bin/uv
BIN := .venv/bin
POSTGRES := $(BIN)/python -m vigente.project.local_postgres --home "$${VIGENTE_HOME:-var}"

# A virtual environment knows its own path: one that was moved is made anew.
ifneq ($(shell cat .venv/ready 2>/dev/null),$(CURDIR))
.PHONY: .venv/ready
endif

.PHONY: help
help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: setup
setup: .venv/ready packages ## install what the product needs, at the locked versions

$(UV):
	@setup/uv $(UV_VERSION)

.venv/ready: uv.lock pyproject.toml .python-version | $(UV)
	@made_in="$$(cat $@ 2>/dev/null)"; [ "$${made_in:-$$PWD}" = "$$PWD" ] || rm -rf .venv
	@$(UV) sync --quiet --frozen --python "$$(setup/python)"
	@echo "$$PWD" >$@

.PHONY: packages
packages:
	@setup/debian-packages

.PHONY: demo
demo: setup ## load the demonstration provider once and serve it on http://127.0.0.1:8000
	@$(BIN)/vigente demo

.PHONY: demo-stop
demo-stop: setup ## stop the demonstration's database server
	@$(POSTGRES) stop

.PHONY: demo-reset
demo-reset: setup ## throw the demonstration's data away and start over
	@$(POSTGRES) reset
	@$(BIN)/vigente demo

.PHONY: test
test: setup test-packages ## run all tests, after installing what they need
	@$(BIN)/python -m pytest -n 2 $(PYTEST)

.PHONY: test-packages
test-packages:
	@setup/debian-packages chromium

.PHONY: screenshots
screenshots: setup ## take the pictures of the manual anew, from the pages as they are
	@setup/debian-packages chromium chromium-l10n
	@VIGENTE_SCREENSHOTS=1 $(BIN)/python -m pytest -q -p no:randomly tests/screens/test_first_day.py tests/screens/test_alteration.py tests/screens/test_mass_alteration.py tests/screens/test_banks.py tests/screens/test_signatures.py tests/screens/test_late_charges.py tests/screens/test_statements.py tests/screens/test_pix_codes.py tests/screens/test_manual.py

.PHONY: query-counts
query-counts: setup ## measure again how many queries each page makes
	@VIGENTE_QUERY_COUNTS=1 $(BIN)/python -m pytest -q tests/screens/test_query_counts.py

.PHONY: check
check: setup ## ruff, mypy, import contracts, missing migrations, examples in documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m django makemigrations --check --dry-run --settings vigente.project.settings
	$(BIN)/python -m pytest -q -p no:randomly --doctest-modules --doctest-glob '*.md' src/vigente/domain docs

.PHONY: fmt
fmt: setup ## put the code in the house's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: bench
bench: setup ## measure the month close against plain COPY
	@$(BIN)/vigente bench month-close --contracts 100000 --json

.PHONY: bench-list
bench-list: setup ## measure the list of contracts and the page of one
	@$(BIN)/python -m benchmarks.contract_list
