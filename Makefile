# Two commands: `make analyze` and `make test`. Each sets up all that it needs.
PYTHON ?= python3
BIN := .venv/bin
# What runs the tests; CI puts SlipCover in front of it.
PYTEST ?= -m pytest

.PHONY: analyze test check line-coverage docs bench clean

analyze: .venv/.runs
	$(BIN)/coverage analyze

test: .venv/.tests
	$(BIN)/python $(PYTEST)

check: .venv/.tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# SlipCover changes the bytecode that numba would compile, and sees no line of machine code: the kernels are left alone
# in the first run, and run once more without compilation.
SLIPCOVER := -m slipcover --source coverage --json
OF_SIGNAL := coverage/signal/footprint.py,coverage/signal/packing.py,coverage/signal/servers.py,coverage/signal/sight.py
KERNELS := coverage/radio/*,coverage/planning/ground.py,$(OF_SIGNAL)
QUIET := -m pytest -q -W ignore::pytest.PytestAssertRewriteWarning
line-coverage: .venv/.tests
	mkdir -p .lines
	$(MAKE) test PYTEST="$(SLIPCOVER) --omit '$(KERNELS)' --out .lines/compiled.json $(QUIET)"
	NUMBA_DISABLE_JIT=1 $(BIN)/python $(SLIPCOVER) --out .lines/interpreted.json $(QUIET) -m "not compiled" \
	  tests/radio tests/planning/test_ground.py tests/signal/test_footprint.py tests/signal/test_packing.py tests/signal/test_tile.py
	$(BIN)/python -m slipcover --merge .lines/compiled.json .lines/interpreted.json --out .lines/all.json --fail-under 90

# The site, into site/, with every warning an error; the tests hold its links, and walk through the tutorial word for word.
docs: .venv/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	$(BIN)/python -m pytest -q -m "tutorial or not tutorial" tests/documentation

bench: .venv/.tests
	$(BIN)/python -m benchmarks

.venv/.runs: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/.tests: pyproject.toml .venv/.runs
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

.venv/.docs: .venv/.tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	touch $@

clean:
	rm -rf .venv .lines site .coverage-cache maps/*.* maps/signal
