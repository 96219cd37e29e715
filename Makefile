# Two commands: `make run` and `make test`. Everything else is a part of them.
SHELL := /bin/bash
VENV ?= .venv
PYTHON ?= $(or $(shell for p in python3 python3.11 python3.12; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && echo $$p && break; \
	done), python3)
export VENV
unexport DJANGO_SETTINGS_MODULE
BOOTSTRAP := $(PYTHON) -I socialcare/bootstrap.py
BIN := $(VENV)/bin
JS_TESTS = $(wildcard tests/js/*.test.js tests/js/*.test.mjs)
UV = $(or $(shell command -v uv),$(BIN)/uv)
COMPILE = $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
.DEFAULT_GOAL := help
.PHONY: help setup run test reset lint types contracts templates scripts browser dev messages screens lock

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12
	@echo 'Variables: PORT=8000 SANDBOX_PORT=8001 SOCIALCARE_HOME=var DEMO=0|1 E2E=0|1 (docs/running.md has all)'

run: setup ## Start everything at http://127.0.0.1:8000; Ctrl-C ends it
	@exec $(BIN)/python -m socialcare.devserver

test: dev browser lint types contracts templates scripts ## Check everything: lint, types, contracts, unit to browser
	$(BIN)/python -m pytest $(ARGS)
	@echo 'All checks passed: lint, types, import contracts, templates, JavaScript, tests.'

setup: ## Make .venv and install what `make run` needs
	@$(BOOTSTRAP) setup

reset: ## Remove the embedded data, after asking
	@exec $(BIN)/python -m socialcare.devserver.reset

dev: ## Install what `make test` needs as well
	@$(BOOTSTRAP) dev

browser: ## See to it that there is a Chromium
	@$(BOOTSTRAP) browser

lint: dev ## Lint and format check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: dev ## Type check
	SECRET_KEY=types DATABASE_URL=postgresql://app@/app REDIS_URL=redis://127.0.0.1 SOCIALCARE_HOME=var/none \
		$(BIN)/mypy .

contracts: dev ## Who may import whom
	$(BIN)/lint-imports

templates: dev ## Lint the templates
	$(BIN)/djlint templates --lint --quiet

scripts: ## Test the browser's JavaScript, where Node is installed
	@if [ -z "$(JS_TESTS)" ]; then echo 'There are no JavaScript unit tests.'; \
	elif command -v node >/dev/null; then node --test --test-reporter=spec $(JS_TESTS); \
	else echo 'Node is not installed: the JavaScript unit tests are left out, the browser tests still run it.'; fi

messages: dev ## Take up in locale/ what the sources say anew, and tell what is not translated
	$(BIN)/python -m socialcare.languages update

screens: dev browser ## Take a picture of every screen: light and dark, desk and phone
	rm -rf var/screens && mkdir -p var/screens
	SCREENS=$(CURDIR)/var/screens $(BIN)/python -m pytest -q -p no:randomly tests/web/test_manifest.py tests/e2e/walk.py

lock: ## Pin all versions with hashes again
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) -c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(COMPILE) requirements-uv.in -o requirements-uv.txt
