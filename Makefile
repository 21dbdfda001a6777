# Two commands matter: `make report` and `make test`. Both set up what they need.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# `make clean` takes away what can be built again: never the agencies' data bank or a sealed pack.
.PHONY: report test lint clean

report: $(READY)
	$(BIN)/atips build

test: $(READY)
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf data/work data/databank/example .pytest_cache .mypy_cache .ruff_cache
	for folder in reports/*-simulated; do test -d "$$folder/pack" || rm -rf "$$folder"; done

$(READY): requirements.lock pyproject.toml
	@echo "Setting up (once, a few minutes)"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m atips_analysis.setting_up
	@touch $(READY)
