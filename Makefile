.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# uv's own downloads must trust the machine's certificates, as pip's do.
export UV_SYSTEM_CERTS := 1

help: ## show the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)$$/  make \1|\2/' | column -t -s '|'

$(STAMP): pyproject.toml requirements.lock bootstrap.lock
	@echo "Poolwatch: installing into $(VENV) (the first time takes about a minute) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Poolwatch needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock bootstrap.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

install: $(STAMP) ## create .venv and install everything that the demo and the tests need

demo: install ## emulated AWS account -> collect -> dashboard on 127.0.0.1
	@$(BIN)/poolwatch demo

lint: install ## format, lint, types, import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: lint ## all checks and all tests
	$(BIN)/pytest --numprocesses=auto

bench: install ## side-by-side measurements; see docs/benchmarks.md
	$(BIN)/python -m benchmarks.scan

docs: install ## write the generated files of docs/ anew
	$(BIN)/poolwatch rules --format markdown > docs/rules.md
	$(BIN)/poolwatch rules --format coverage > docs/coverage.md
	$(BIN)/poolwatch policy > docs/iam-policy.json

lock: ## compile the lock files anew after a change of pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --extra demo --extra dev \
		pyproject.toml --output-file requirements.lock

.PHONY: help install demo lint test bench docs lock
