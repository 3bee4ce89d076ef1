# Each target sets up what it needs: a virtual environment in .venv with the pinned groups of pyproject.toml.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_STAMP := $(VENV)/.installed-run

.PHONY: demo test check format bench wheel clean

demo: $(DEMO_STAMP)
	$(BIN)/python -m kg.demo build

test: $(STAMP)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/stkg check --shapes

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/stkg format

bench: $(STAMP)
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/build.py
	$(BIN)/python benchmarks/graph_pages.py
	$(BIN)/python benchmarks/import_lists.py
	$(BIN)/python benchmarks/author_identity.py
	$(BIN)/python -m benchmarks.reload
	$(BIN)/python -m benchmarks.hostile

wheel: $(STAMP)
	$(BIN)/python -m build --outdir dist

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("stkg needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'

$(DEMO_STAMP): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(STAMP): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@ $(DEMO_STAMP)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
