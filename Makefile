# make site | serve | test | quick | lint | translations | bench | clean.   PYTHON=python3.13 picks another Python (3.11 or later).
PYTHON ?= python3
BIN := .venv/bin
NODE := tests/npm/node_modules/.bin
FIREFOX := $(shell command -v firefox-esr || command -v firefox)
WEBKIT := $(shell command -v WebKitWebDriver >/dev/null && command -v Xvfb)
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
# $(call apt,PACKAGES,ELSE): Debian's packages, where we may install them.
AS_ROOT := $(shell [ "$$(id -u)" = 0 ] && command -v apt-get)
apt = $(if $(AS_ROOT),{ apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $1; },$2)

.PHONY: site serve test quick lint lint-web translations bench clean
.DELETE_ON_ERROR:

# A machine takes warnings for errors; a person gets to see the site.
site: .venv/.installed
	$(BIN)/postil build $(if $(CI),--strict)

serve: .venv/.installed
	$(BIN)/postil serve

# make test ARGS="-k search -x": any options of pytest.
test: .venv/.installed-all .venv/.browser .venv/.npm
	$(BIN)/pytest $(ARGS)

# All but the browser, whole sites and the linters of workflows.
quick: .venv/.installed-all
	$(BIN)/pytest -m "not browser and not sites and not workflows" $(ARGS)

lint: .venv/.installed-all .venv/.npm
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@if [ -e .venv/.npm ]; then $(MAKE) --no-print-directory lint-web; \
	else echo "JavaScript and CSS are not checked: npm is missing" >&2; fi

# JavaScript and CSS. Line length and indentation are in .editorconfig.
lint-web: .venv/.npm
	$(NODE)/eslint --config tests/npm/eslint.config.js --max-warnings 0 builder tests
	$(NODE)/tsc --project tests/npm
	$(NODE)/tsc --project tests/npm/tsconfig.node.json
	$(NODE)/prettier --check --log-level warn '{builder,tests}/**/*.{js,mjs,ts,css}'

# Carries the messages in the sources over into the catalogues. What is to be translated is empty there.
translations: .venv/.installed-all
	$(BIN)/pytest -q tests/test_translations.py --update

bench: .venv/.installed-all
	$(BIN)/python tests/bench/bench.py
	$(BIN)/python tests/bench/reading.py
	$(BIN)/python tests/bench/growth.py
	$(BIN)/python tests/bench/search.py --documents 1000 --index 1000 10000

clean:
	rm -rf .venv tests/npm/node_modules site .site.postil-* .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache

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

# A Chromium that is there; else Debian's, if we may install it; else Playwright's own. The others where they are there or we
# may install them; elsewhere their tests are skipped.
.venv/.browser: .venv/.installed-all
	@[ -n "$(CHROMIUM)" ] || $(call apt,chromium,$(BIN)/playwright install chromium)
	@[ -n "$(FIREFOX)" ] || $(call apt,firefox-esr,:)
	@[ -n "$(WEBKIT)" ] || $(call apt,webkit2gtk-driver xvfb,:)
	@touch $@

# The linters of JavaScript and CSS, and what the tests take from npm. Without npm a person goes on; in CI that is a fault.
.venv/.npm: .venv/bin/python tests/npm/package.json tests/npm/package-lock.json
	@command -v npm >/dev/null || $(call apt,nodejs npm,:); \
	if npm ci --prefix tests/npm --ignore-scripts --no-audit --no-fund; then touch $@; \
	else rm -f $@; echo "npm is missing or failed: tests that need it are skipped" >&2; [ -z "$(CI)" ]; fi
