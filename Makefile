# Two commands: `make analyze` and `make test`. Each sets up all that it needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: analyze test check bench docs clean

analyze: .venv/.runs
	$(BIN)/coverage analyze

test: .venv/.tests
	$(BIN)/python -m pytest

check: .venv/.tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.tests
	$(BIN)/python -m benchmarks

.venv/.runs: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/.tests: pyproject.toml .venv/.runs
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv maps/*.* maps/signal
