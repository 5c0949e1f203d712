# Every target names what it makes; `make help` lists them. Nothing is rebuilt that has not changed.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
STAMPS := var/stamps
unexport PYTHONDONTWRITEBYTECODE  # hundreds of short processes would compile every module again
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/var/pycache
WEB_SOURCES := $(shell find web/src web/public -type f -not -name schema.d.ts 2>/dev/null) web/index.html web/package.json web/vite.config.ts web/screens.ts web/screens.json

.DEFAULT_GOAL := help
.PHONY: help demo up down dev logs migrate seed build backup restore verify sbom test check lock web lint types contracts python-test web-test screen-test e2e bench docs docs-check release faults rig coverage migrations-check wheel-check audit secrets trivy codeql drills clean

help: ## list all targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## /\1\t/' | expand -t 16

$(STAMPS)/python: requirements.txt requirements-dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/ci: $(STAMPS)/python requirements-ci.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ci.txt
	@touch $@

$(STAMPS)/node: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/web: $(STAMPS)/node $(WEB_SOURCES) docs/generated/openapi.json
	cd web && npm run --silent build
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/chromium: $(STAMPS)/python
	$(BIN)/python e2e/browser.py
	@mkdir -p $(STAMPS) && touch $@

demo: $(STAMPS)/python $(STAMPS)/web ## set everything up and run the product with a demonstration institution
	@exec $(BIN)/maristan demo

up: $(STAMPS)/python ## start web server and workers: containers where there is an engine, else the supervisor
	@if [ -f compose.yaml ] && docker compose version >/dev/null 2>&1; then docker compose up --detach; \
	else $(BIN)/maristan up --detach; fi

down: $(STAMPS)/python ## end them once they finished what they have in hand
	@if [ -f compose.yaml ] && docker compose version >/dev/null 2>&1; then docker compose down; \
	else $(BIN)/maristan down; fi

dev: $(STAMPS)/python $(STAMPS)/node ## the product with the client's own server, which shows every change at once
	@trap 'kill $$product' EXIT; $(BIN)/maristan demo & product=$$!; \
	cd web && MARISTAN_SERVER=http://127.0.0.1:8010 npm run --silent dev

logs: $(STAMPS)/python ## what the processes write, as they write it
	@if [ -f compose.yaml ] && docker compose version >/dev/null 2>&1; then docker compose logs --follow; \
	else $(BIN)/maristan logs --follow; fi

migrate: $(STAMPS)/python ## bring the database to this code
	$(BIN)/maristan migrate

STUDENTS ?= 20
seed: migrate ## make the demonstration institution; STUDENTS=n
	$(BIN)/maristan seed_demo --students=$(STUDENTS)

backup: $(STAMPS)/python ## make a set and prove it
	$(BIN)/maristan backup create

restore: $(STAMPS)/python ## bring a set back; SET=its name or folder
	@test -n "$(SET)" || { echo "SET=<name or folder of a set> is missing" >&2; exit 2; }
	$(BIN)/maristan restore "$(SET)"

verify: $(STAMPS)/python ## hold what runs against what was promised; URL=the address that is served
	$(BIN)/maristan release verify $(if $(URL),--base-url "$(URL)")

build: release ## the wheel with the client, the manifest and the bill of materials

sbom: $(STAMPS)/python ## write the bill of materials (CycloneDX) to dist/sbom.json
	@mkdir -p dist
	MARISTAN_ENV=test MARISTAN_HOME=var/test $(BIN)/maristan release sbom > dist/sbom.json

web: $(STAMPS)/web ## build the web client

lint: $(STAMPS)/python $(STAMPS)/node ## formatting and lint of Python and TypeScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	cd web && npm run --silent lint

types: $(STAMPS)/python $(STAMPS)/node ## mypy and tsc
	MARISTAN_ENV=test MARISTAN_HOME=var/test $(BIN)/mypy
	cd web && npm run --silent typecheck

contracts: $(STAMPS)/python ## tiers, layers and closed doors
	PYTHONPATH=src MARISTAN_ENV=test $(BIN)/lint-imports --no-cache

python-test: $(STAMPS)/python ## Python tests on embedded PostgreSQL, in two processes
	$(BIN)/python -m pytest -n 2 --dist worksteal

web-test: $(STAMPS)/node ## unit tests of the web client
	cd web && npm run --silent test

e2e: $(STAMPS)/python $(STAMPS)/web $(STAMPS)/chromium ## browser tests in Chromium
	$(BIN)/python -m pytest e2e

docs: $(STAMPS)/python ## regenerate docs/generated and the environment table
	MARISTAN_ENV=test MARISTAN_HOME=var/test MARISTAN_DB_OWNER=1 $(BIN)/maristan documents

docs-check: $(STAMPS)/python ## whether generated documents are those of this code, and every command in a document exists
	MARISTAN_ENV=test MARISTAN_HOME=var/test MARISTAN_DB_OWNER=1 $(BIN)/maristan documents --check
	$(BIN)/python -m pytest src/maristan/config/tests/test_written_commands.py

check: lint types contracts ## the fast subset: lint, types, contracts, rules
	$(BIN)/python -m pytest -k "rules or shape or contracts"

test: ## everything; two things at a time, because each leaves a core idle
	@$(MAKE) --no-print-directory --output-sync=target -j2 lint types contracts
	@$(MAKE) --no-print-directory --output-sync=target -j2 python-test screen-test

screen-test: $(STAMPS)/python $(STAMPS)/node ## browser tests, then the unit tests of the web client
	@$(MAKE) --no-print-directory e2e
	@$(MAKE) --no-print-directory web-test

bench: $(STAMPS)/python ## budgets and ratios
	$(BIN)/python -m bench

lock: $(STAMPS)/python ## pin requirements with hashes; needs uv
	uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements.in -o requirements.txt
	uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements-dev.in -o requirements-dev.txt
	uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements-ci.in -o requirements-ci.txt

release: $(STAMPS)/python $(STAMPS)/web ## dist/: the wheel with client and manifest, its notes, and what a host needs; FORMER=a manifest to compare with
	rm -rf build dist src/maristan/webclient && cp -r web/dist src/maristan/webclient
	MARISTAN_ENV=test MARISTAN_HOME=var/test $(BIN)/maristan release manifest --build
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w dist .
	MARISTAN_ENV=test MARISTAN_HOME=var/test $(BIN)/maristan release notes $(FORMER) > dist/RELEASE_NOTES.md
	cp -R requirements.txt scripts deploy dist/

SOUND ?= 100

faults: $(STAMPS)/python $(STAMPS)/web ## put fault after fault into a running copy; each has to be named (SOUND=n sound ones after)
	PYTHONPATH=src $(BIN)/python -m maristan.config.tests.faults --sound $(SOUND)

rig: $(STAMPS)/ci ## releases, a pooler, Redis, proxies and an object store as real processes; an hour
	FETCH_PROGRAMS=1 $(BIN)/python -m pytest -rs src/maristan/*/tests/rig_*.py src/maristan/operations/tests/test_offsite.py

DECIDES := */rules.py,*/rules/*,*/actions.py,*/actions/*,*/queries.py,*/queries/*

coverage: $(STAMPS)/ci ## the Python tests with what they reach: 90 % of all, 100 % of rules, actions and queries; var/coverage
	@mkdir -p var/coverage
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=html --cov-report=xml
	$(BIN)/python -m coverage report --skip-covered --fail-under=90
	$(BIN)/python -m coverage report --skip-covered --fail-under=100 --include='$(DECIDES)'

migrations-check: $(STAMPS)/ci ## migrations from nothing and from the last release; none unwritten, unsafe or twice of one number
	PYTHONPATH=src $(BIN)/python -m maristan.config.tests.migrations_check

REPEATS ?= 3

wheel-check: release ## the wheel, installed into nothing, serves and is verified without a finding (REPEATS=n times)
	PYTHONPATH=src $(BIN)/python -m maristan.config.tests.wheel_check --repeats $(REPEATS)

audit: $(STAMPS)/ci $(STAMPS)/node ## known weaknesses of what is locked, for the server and for the client
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements.txt
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements-dev.txt
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements-ci.txt
	cd web && npm audit

secrets: $(STAMPS)/ci ## keys and passwords in tracked files
	PYTHONPATH=src $(BIN)/python -m maristan.config.tests.secrets_check

TRIVY ?= trivy

trivy: ## weaknesses, secrets and unsafe configuration as Trivy sees them; needs trivy
	@command -v "$(TRIVY)" >/dev/null || { echo "trivy is not here: nothing was looked at" >&2; exit 2; }
	"$(TRIVY)" fs --scanners vuln,secret,misconfig --severity MEDIUM,HIGH,CRITICAL --exit-code 1 --skip-dirs var,web/node_modules,.venv .

CODEQL ?= $(or $(shell command -v codeql),$(lastword $(wildcard $(RUNNER_TOOL_CACHE)/CodeQL/*/x64/codeql/codeql)))

codeql: $(STAMPS)/python ## weaknesses of our own code as CodeQL sees them; needs codeql
	@test -x "$(CODEQL)" || { echo "codeql is not here: nothing was looked at" >&2; exit 2; }
	@mkdir -p var/codeql
	for each in python javascript; do \
	"$(CODEQL)" database create --overwrite --codescanning-config=.github/codeql.yml --language=$$each --source-root=. var/codeql/$$each && \
	"$(CODEQL)" database analyze var/codeql/$$each --download codeql/$$each-queries:codeql-suites/$$each-security-extended.qls \
	--format=sarif-latest --output=var/codeql/$$each.sarif || exit 1; done
	PYTHONPATH=src $(BIN)/python -m maristan.config.tests.sarif_check var/codeql/python.sarif var/codeql/javascript.sarif

drills: $(STAMPS)/python $(STAMPS)/web ## install the wheel and do what operators are promised; half an hour (SOUND=n verifications)
	PYTHONPATH=src $(BIN)/python -m maristan.config.tests.drills --sound $(SOUND)

clean: ## remove what make made, not your data
	rm -rf .venv web/node_modules web/dist $(STAMPS)
