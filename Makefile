# Everything that a newcomer needs is here; `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
UV := .tools/uv/bin/uv
BIN := .venv/bin
# The interpreter behind python3, past any version manager's shim.
PYTHON := $(shell python3 -c 'import os, sys; print(os.path.realpath(sys.executable) if sys.version_info >= (3, 12) else "3.13")' 2>/dev/null)
APT := setup/debian-packages

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: setup
setup: .venv/ready ## install what the product needs, locked

$(UV):
	@python3 -m venv .tools/uv
	@$(dir $(UV))pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/ready: uv.lock pyproject.toml .python-version | $(UV)
	@$(UV) sync --quiet --frozen --python '$(PYTHON)'
	@touch $@

.PHONY: demo
demo: setup ## set everything up, load the demonstration provider and serve it on port 8000
	@$(BIN)/vigente demo

.PHONY: demo-stop
demo-stop: setup ## stop the demonstration's database server
	@$(BIN)/python -m vigente.project.local_postgres stop --home var

.PHONY: demo-reset
demo-reset: setup ## throw the demonstration's data away and start over
	@$(BIN)/python -m vigente.project.local_postgres reset --home var
	@$(BIN)/vigente demo

.PHONY: test
test: setup test-packages ## run all tests, after installing what they need
	@$(BIN)/python -m pytest -n 2 $(PYTEST)

.PHONY: test-packages
test-packages:
	@bash $(APT)

.PHONY: check
check: setup ## ruff, mypy, import contracts, missing migrations, examples in documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m django makemigrations --check --dry-run --settings vigente.project.settings
	$(BIN)/python -m pytest -q -p no:randomly --doctest-modules src/vigente/domain --doctest-glob 'docs/rules/*.md' src/vigente/domain docs/rules

.PHONY: format
format: setup ## put the code in the house's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: bench
bench: setup ## measure the month close against plain COPY
	@$(BIN)/vigente bench month-close --contracts 100000 --json
