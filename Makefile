# Two commands do everything: `make run` and `make test`. The others are their parts.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3.11
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
STAMPS := $(VENV)/stamps
UV := $(BIN)/uv pip install --python $(BIN)/python --quiet
# The locks are complete: only a package whose wheel does not fit this machine needs a compiler.
INSTALL := $(UV) --no-deps --require-hashes
CATALOGUES := $(wildcard platform/comity/core/translations/*/LC_MESSAGES/messages.po)
ISLANDS := $(shell find static/islands static/styles -type f 2>/dev/null)
export PATH := $(BIN):$(PATH)
export UV_NO_PROGRESS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test test-keycloak lint format bench fuzz screenshots install build check-translations translations lock clean help

help: ## Say what each command does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

run: install build ## Install, build, migrate, load demonstration data, start, print the address and how to sign in
	@export COMITY_DEMO=$${COMITY_DEMO:-1}
	comity serve --prepare

test: install-tests build ## Install what the tests need and run lint, types, layers and all tests
	@$(MAKE) lint
	pytest -n 2 --dist loadfile --ignore tests/browser --ignore tests/keycloak
	pytest tests/browser

test-keycloak: install-tests build ## Sign in by a real Keycloak (170 MB, kept in .cache; MAVEN_CENTRAL says where from)
	@deploy/keycloak
	pytest tests/keycloak --timeout 1200

lint: install-tests node_modules/.package-lock.json ## Style, types, import layers, translations, browser code
	@ruff check .
	ruff format --check .
	mypy
	lint-imports --no-cache
	bandit -q -r platform realtime calendar -c pyproject.toml
	npm run --silent check
	npm run --silent lint
	$(MAKE) check-translations

format: install-tests node_modules/.package-lock.json ## Put all code into its form
	@ruff check --fix-only --quiet .
	ruff format .
	npm run --silent format

FUZZ_SECONDS ?= 30
fuzz: install-tests build $(STAMPS)/fuzz ## Throw made-up input at each parser of tokens, cookies, forms and events for half a minute
	@for target in $$(python -m tests.fuzz --list); do python -m tests.fuzz $$target -max_total_time=$(FUZZ_SECONDS); done

bench: install-tests build ## Measure: the media server beside Janus, the journal
	@python -m tests.benchmarks

screenshots: install-tests build ## Save a picture of each page: light, dark, phone, Arabic
	@python -m tests.browser.screenshots

# ---- what is installed -------------------------------------------------------------------------------------------
.PHONY: install-tests
install: $(STAMPS)/runtime ## Install what running needs
install-tests: $(STAMPS)/tests $(STAMPS)/system

$(BIN)/uv: deploy/bootstrap.lock
	@echo "Making a virtual environment in $(VENV)"
	command -v $(PYTHON) > /dev/null || { echo "Comity needs Python 3.11: install the package python3.11" >&2; exit 1; }
	deploy/venv $(PYTHON) $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r deploy/bootstrap.lock || { deploy/why-not; exit 1; }
	mkdir -p $(STAMPS)
	touch $@

$(STAMPS)/runtime: requirements.lock pyproject.toml $(BIN)/uv
	@echo "Installing Comity and what it stands on"
	$(INSTALL) -r requirements.lock || { deploy/why-not; exit 1; }
	$(UV) --no-deps --no-build-isolation --editable . || { deploy/why-not; exit 1; }
	touch $@

$(STAMPS)/tests: tests/requirements.lock $(STAMPS)/runtime
	@echo "Installing what the tests need"
	$(INSTALL) -r tests/requirements.lock || { deploy/why-not; exit 1; }
	touch $@

$(STAMPS)/fuzz: tests/fuzz/requirements.lock $(STAMPS)/tests
	@$(INSTALL) -r tests/fuzz/requirements.lock || { deploy/why-not; exit 1; }
	touch $@

$(STAMPS)/system: deploy/test-packages $(BIN)/uv
	@deploy/install-test-packages
	touch $@

# ---- what is built -----------------------------------------------------------------------------------------------
build: static/dist/.vite/manifest.json $(STAMPS)/catalogues ## Build the browser code and the catalogues

node_modules/.package-lock.json: package.json package-lock.json $(BIN)/uv
	@deploy/node $(BIN) || { deploy/why-not; exit 1; }
	echo "Installing the browser libraries"
	npm ci --silent --no-audit --no-fund || { deploy/why-not; exit 1; }
	touch $@

static/dist/.vite/manifest.json: node_modules/.package-lock.json vite.config.ts tsconfig.json $(ISLANDS)
	@echo "Building the browser code"
	npm run --silent build -- --logLevel warn
	touch $@

$(STAMPS)/catalogues: $(CATALOGUES) $(STAMPS)/runtime
	@pybabel --quiet compile --directory platform/comity/core/translations --statistics 2> /dev/null || pybabel compile --directory platform/comity/core/translations
	touch $@

# ---- texts -------------------------------------------------------------------------------------------------------
translations: install ## Gather new texts from the sources into all catalogues
	@python -m tests.support.catalogues gather

check-translations: install-tests ## Every text is translated in all six languages
	@python -m tests.support.catalogues check

# ---- upkeep ------------------------------------------------------------------------------------------------------
lock: $(BIN)/uv ## Choose the newest versions that fit and pin them
	@uv pip compile --quiet --upgrade pyproject.toml --python-version 3.11 --generate-hashes --no-header -o requirements.lock
	uv pip compile --quiet --upgrade pyproject.toml --extra test -c requirements.lock --python-version 3.11 --generate-hashes --no-header -o tests/requirements.lock

clean: ## Remove everything that was installed or built; data in var/ stays
	@rm -rf $(VENV) node_modules static/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis build
