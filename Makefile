# make        sets everything up and builds every deck into output/
# make test   sets everything up and runs the tests
# make hunt   the tests of laws, with examples that no run has tried before
# make words  brings the catalogues of templates/locale up to date with the templates
# make lint   style and types        make clean   removes what make made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: decks test test-all hunt lint schema words clean

decks: $(VENV)/build.stamp
	$(BIN)/deckgen build

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest -q -n auto -m "not slow"

test-all: $(VENV)/test.stamp
	PYTHON="$(PYTHON)" sh .ci/system slow
	$(BIN)/python -m pytest -q -n auto

hunt: $(VENV)/test.stamp
	$(BIN)/python -m pytest -q -n auto -m "hypothesis or slow" --hypothesis-profile=hunt

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

schema: $(VENV)/build.stamp
	$(BIN)/deckgen schema

words: $(VENV)/build.stamp
	$(BIN)/python -m deckgen.interface

$(VENV)/build.stamp: pyproject.toml .ci/system
	PYTHON="$(PYTHON)" sh .ci/system build
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/test.stamp: $(VENV)/build.stamp
	PYTHON="$(PYTHON)" sh .ci/system test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
	find output -type f ! -name README.md -delete
