# Two commands matter: `make report` and `make test`. Both set up what they need.
PYTHON ?= python3
BIN := .venv/bin
LOCKING := pip==26.3 uv==0.13.9 packaging==26.3
# Python keeps what it compiled: without that, each of hundreds of kernels and commands compiles anew.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -q -n 2

# `make clean` takes away what can be built again: never the agencies' data bank or a sealed pack.
.PHONY: report test test-all long lower bench simulate returns cluster lint set-up quarto words mutants lock clean

report: set-up
	$(BIN)/atips build

test: set-up
	$(PYTEST) -m "not index and not whole and not long"

test-all: test returns
	$(PYTEST) -m "index or whole"

# Every command on full disks, and killed before steps on the disk: half an hour.
long: set-up
	$(BIN)/python -m pytest -q -s -m long

# How fast a build is, beside stock papermill: medians of RUNS runs, also into docs/speed.md; each
# EVERY-th page, of which 8 takes a quarter of an hour and 1 forty minutes.
bench: set-up
	$(BIN)/python benchmarks/build_speed.py --runs $(or $(RUNS),5) --every $(or $(EVERY),8) --write

# What the statistics promise, and what size costs (VICTIMS="10000 1000000"), by simulation: hours;
# results lie beside the scripts, and what was stopped goes on.
simulate: set-up
	$(BIN)/python benchmarks/scale.py --victims $(or $(VICTIMS),10000 100000 1000000)
	$(BIN)/python benchmarks/simulate_editions.py
	$(BIN)/python benchmarks/simulate_lists.py
	$(BIN)/python benchmarks/simulate_corrections.py

# How returns that are not on the form are read: rows read, asked about, refused, and wrong (none).
returns: set-up
	$(BIN)/python benchmarks/returns.py

# A Dask cluster of two workers on this machine, to try: atips build --scheduler tcp://127.0.0.1:8786
cluster: set-up
	$(BIN)/python -m dask scheduler --host 127.0.0.1 --no-dashboard & trap "kill $$!" EXIT; \
	$(BIN)/python -m dask worker tcp://127.0.0.1:8786 --host 127.0.0.1 --no-dashboard --nworkers 2 --nthreads 1

lint: set-up
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m atips_analysis.notebooks.committed

# Does nothing where all is in place.
set-up:
	@"$(PYTHON)" .ci/set_up.py

quarto:
	@"$(PYTHON)" .ci/set_up.py --quarto

# The catalogues of words, from code and notebooks.
words: set-up
	$(BIN)/python -m atips_analysis.words

# Small mistakes put into a room, to see whether its tests find them: ROOM=quality SEED=1 COUNT=100.
mutants: set-up
	$(BIN)/python benchmarks/mutants.py $(ROOM) --seed $(or $(SEED),1) --count $(or $(COUNT),100)

# The lock and the licences, from pyproject.toml; UPGRADE=1 takes the newest versions, CHECK=1 compares.
lock:
	"$(PYTHON)" -m venv --clear build/lock
	build/lock/bin/python -m pip install --quiet $(LOCKING)
	build/lock/bin/python .ci/lock.py $(if $(UPGRADE),--upgrade) $(if $(CHECK),--check)
	rm -rf build/lock

# Once a release: the lowest versions of what pyproject.toml names, in an environment of their own.
lower:
	"$(PYTHON)" -m venv --clear build/lower
	build/lower/bin/python -m pip install --quiet $(LOCKING)
	build/lower/bin/python -m uv pip compile --quiet --resolution lowest-direct --only-binary :all: \
	  --python-version 3.11 --extra dev --extra cluster -o build/lower/lowest.txt pyproject.toml
	build/lower/bin/python -m uv pip install --quiet --no-deps -r build/lower/lowest.txt
	build/lower/bin/python -m uv pip install --quiet --no-deps --no-build-isolation -e .
	build/lower/bin/python -m pytest -q -m fast

clean:
	rm -rf data/work data/databank/example .pytest_cache .mypy_cache .ruff_cache
	for folder in reports/*-simulated; do test -d "$$folder/pack" || rm -rf "$$folder"; done
