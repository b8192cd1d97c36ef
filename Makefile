# make episode   install into .venv and render the examples into output/
# make test      the fast tests; prints the ten slowest (make test-all: all of them)
# make lint      ruff, mypy, the layers (import-linter) and what else the tree promises
# make format    ruff rewrites what it can
# make oracles   the readers that need npm (Node.js), the studio in Chromium, Kokoro against the packages it was compared with, Whisper's ear
# make fuzz      coverage-guided fuzzing of the parser (Linux)
# make bench     measure; writes benchmarks/results.json (benchmarks/golden.py compares the output of two trees)
# make wheel     build the wheel, install it into an empty environment elsewhere and render with it
# make pythons   the same and the fast tests, with each newer Python of this machine
# make container carry out the steps of the Containerfile, and render with what comes out (Linux, as root)
# make clean     remove .venv and what was built and rendered
# make help      print this list

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
endif
SUPPORTED := import sys; sys.exit(sys.version_info[:2] < (3, 11))
PYTEST = $(BIN)/python -m pytest -n 2 --dist worksteal --durations=10

.PHONY: episode test test-all lint format oracles fuzz bench wheel pythons container clean help

episode: $(VENV)/installed
	$(BIN)/interview-audio render examples/*.txt -o output

test: $(VENV)/tested
	$(PYTEST) -m "not slow"

test-all: $(VENV)/tested
	$(PYTEST)

lint: $(VENV)/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/tree.py

format: $(VENV)/tested
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

oracles: $(VENV)/heard
	cd tests/oracles && npm ci --no-audit --no-fund --silent
	$(BIN)/python -m pip install --quiet --group oracles --group browser --group deployment
	$(BIN)/python -m pytest tests/oracles tests/engines/test_kokoro_pinyin.py tests/engines/test_kokoro_runtime.py -rs

fuzz: $(VENV)/tested
	$(BIN)/python -m pip install --quiet --group fuzz
	$(BIN)/python tests/fuzz/fuzz_parsing.py -runs=10000 -seed=1

bench: $(VENV)/heard
	$(BIN)/python -m benchmarks.run

wheel: $(VENV)/tested
	$(BIN)/python .ci/wheel.py

pythons: $(VENV)/tested
	$(BIN)/python .ci/wheel.py --newer

container: $(VENV)/tested
	$(BIN)/python .ci/container.py

clean:
	rm -rf $(VENV) build dist output/*.*

help:
	@sed -n 's/^# //p' Makefile

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c "$(SUPPORTED)" || { echo "interview-audio needs Python 3.11 or newer; run: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/tested: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --group test --group lint
	@touch $@

$(VENV)/heard: $(VENV)/tested
	$(BIN)/python -m pip install --quiet --group ear
	@touch $@
