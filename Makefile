# Everything a newcomer needs: `make demo`, then `make test`. Python 3.11 or newer, make and pip are enough.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python -m
PIP := $(RUN) pip install --quiet --disable-pip-version-check
# uv unpacks on both cores, five times faster than pip; where only pip knows the way (a mirror of one's own), pip goes.
locked = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) || $(PIP) --require-hashes -r $(1)
PYTEST := $(RUN) pytest
# Tests of a file stay in one process, because they share what is costly to make; tests/conftest.py names whole folders.
PARALLEL := -n 2 --dist loadfile --no-loadscope-reorder
# Collecting takes half as long where Python may keep what it compiled, also if the environment forbids it elsewhere.
unexport PYTHONDONTWRITEBYTECODE
FAST := -m "not browser and not real and not faults and not scale"

.PHONY: demo dev test test-all test-browser test-real test-faults test-faults-short fuzz test-kills test-scale lint format bench docs pictures lock clean install install-dev browser postgresql alertmanager

$(VENV)/pip.stamp: requirements/build.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements/build.txt
	touch $@

$(VENV)/main.stamp: requirements/main.txt pyproject.toml $(VENV)/pip.stamp
	$(call locked,requirements/main.txt)
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/main.stamp
	$(call locked,requirements/dev.txt)
	touch $@

install: $(VENV)/main.stamp
install-dev: $(VENV)/dev.stamp

# Simulates a platform of 500 merchants over 400 days, navigates its newest day, says where the pages lie.
demo: install
	$(BIN)/merchant-gps demo

# Dagster's UI on the default workspace.
dev: install
	$(BIN)/merchant-gps dev

# What fits into ten minutes on two cores; no network, no browser, no public data.
test: install-dev
	$(PYTEST) $(FAST) $(PARALLEL)

test-all: install-dev browser postgresql alertmanager
	$(PYTEST) -m "" $(PARALLEL)

# The browser comes from the system's package manager where it is missing.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || (apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk) \
	  || echo "No Chromium: install it with the system's package manager; browser tests will be skipped."

# A real server for the tests of `import sql`.
postgresql:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
	  || (apt-get update -qq && apt-get install -y -qq postgresql) \
	  || echo "No PostgreSQL: install it with the system's package manager; its tests will be skipped."

# A real Alertmanager for the fault tests, also from the package manager.
alertmanager:
	@command -v prometheus-alertmanager >/dev/null || command -v alertmanager >/dev/null \
	  || (apt-get update -qq && apt-get install -y -qq prometheus-alertmanager) \
	  || echo "No Alertmanager: install it with the system's package manager; its tests will be skipped."

test-browser: install-dev browser
	$(PYTEST) -m browser

test-real: install-dev
	$(PYTEST) -m real

test-faults: install-dev postgresql alertmanager
	$(PYTEST) -m faults

# The faults that continuous integration has time for, some twenty minutes on two cores; every profile, and others below tests/pipelines and tests/road, take longer.
# The fuzz starts from one seed here, so that a change is judged by what it changed; `make fuzz` draws new ones.
test-faults-short: export MERCHANT_GPS_FUZZ_SEED ?= 2017
test-faults-short: install-dev postgresql alertmanager
	$(PYTEST) -m faults tests/faults tests/fuzz

# Twenty minutes of changed files, policies, pages and messages, from a new seed each time; a finding names its seed.
fuzz: install-dev
	MERCHANT_GPS_FUZZ_SECONDS=1200 $(PYTEST) -m faults tests/fuzz -s

# More than fifty kills of a whole run; some ten minutes when nothing else runs.
test-kills: install-dev
	MERCHANT_GPS_KILL_ROUNDS=5 $(PYTEST) tests/faults/test_run_killed.py -m faults -s

test-scale: install-dev
	$(PYTEST) -m scale

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install
	$(BIN)/merchant-gps bench day --merchants 1000,10000 --days 400

# The data dictionary of feeds and tables.
docs: install
	$(RUN) pipelines.dictionary > docs/data-dictionary.md

# The pictures of the README from the default workspace; run it after `make demo`.
pictures: install-dev browser
	$(BIN)/python tests/browser/pictures.py data docs/images

# New locked requirements; run it after changing pyproject.toml.
lock: install-dev
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras requirements/build.in -o requirements/build.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras pyproject.toml -o requirements/main.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras --extra dev -c requirements/main.txt pyproject.toml -o requirements/dev.txt

clean:
	rm -rf data/landing data/lake data/published data/truth data/.dagster data/.locks
