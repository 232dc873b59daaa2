# One word for each thing a person does here. Needs python3.11 (with venv), make and git; everything else is fetched.

PYTHON ?= python3.11
PORT ?= 8000
WORKERS ?= 2
HOST ?= 127.0.0.1
BIN := .venv/bin
HOME_OPTION := $(if $(BANKCRM_HOME),--home $(BANKCRM_HOME),)

.DEFAULT_GOAL := help
.PHONY: help install demo serve stop test check audit format bench bundle lock messages clean python

help: ## list these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing. Install it (apt-get install python3.11 python3.11-venv) or name another: make PYTHON=python3.12" >&2; exit 3; }

install: python ## make .venv with everything bankcrm needs
	@$(PYTHON) tools/setup.py $(INSTALL)

demo: python ## generate, load and serve the demonstration bank (SIZE=20000 PORT=8000)
	@$(PYTHON) tools/demo.py $(if $(SIZE),--size $(SIZE),) --port $(PORT) --host $(HOST) --workers $(WORKERS) $(HOME_OPTION)

serve: install ## serve the bank of BANKCRM_HOME (or var/bank)
	@$(BIN)/bankcrm $(HOME_OPTION) serve --host $(HOST) --port $(PORT) --workers $(WORKERS)

stop: ## stop what serves, and the databases of this checkout
	@if [ -x $(BIN)/bankcrm ]; then $(BIN)/bankcrm $(HOME_OPTION) stop; $(BIN)/bankcrm --home var/test-home stop; fi

test: install ## run every test (installs Chromium and a Chinese font where it may)
	@$(BIN)/python tools/system_packages.py
	@$(BIN)/python tools/run_tests.py $(TESTS)

check: install ## format, lint, types, layers, migrations, templates, translations, secrets, advisories, lake steps
	@$(BIN)/python tools/check.py

audit: install ## ask the package index whether a pinned version has a known hole or was withdrawn
	@$(BIN)/python tools/advisories.py --ask

format: install ## put the source in shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: install ## measure speed and memory against floors (SIZE=1000000)
	@$(BIN)/python -m benchmarks $(if $(SIZE),--size $(SIZE),) $(BENCH)

bundle: install ## one archive that installs with no network
	@$(BIN)/python tools/bundle.py

messages: install ## list the strings that lack their Chinese
	@$(BIN)/python tools/translations.py check

lock: install ## choose the newest allowed versions of all dependencies anew
	@$(BIN)/python tools/lock.py

clean: ## remove what set-up made (not the banks in var/)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info bankcrm/core/static/vendor
