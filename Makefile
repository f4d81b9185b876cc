# Two commands do everything on a machine with Python >= 3.11 (with venv) and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test campaign bench bench-quick check lint fix docs site wheel lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing catalog-sync into $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@echo "Installing the test tools into $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.docs: $(VENV)/.runtime requirements-docs.lock
	@echo "Installing the site's generator into $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-docs.lock
	@touch $@

demo: $(VENV)/.runtime ## the life of a catalogue against the emulator; needs no account
	@$(BIN)/python scripts/demo.py

test: $(VENV)/.dev ## the whole test suite
	@$(BIN)/python -m pytest -n 4 --dist loadfile # most tests wait for a socket or a process

campaign: $(VENV)/.dev ## faults, kills and runs side by side, hundreds of rounds (docs/reliability.md)
	@$(BIN)/python -m tests.campaign --rounds 300 --kills 1000

bench: $(VENV)/.dev ## how fast it is, beside others, up to a million goods (docs/performance.md); about an hour
	@$(BIN)/python -m benchmarks

bench-quick: $(VENV)/.dev ## the same, small, under three minutes
	@$(BIN)/python -m benchmarks --quick

check: lint test ## format, lint, types, import contracts, tests

lint: $(VENV)/.dev ## everything of check but the tests
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python scripts/reference.py --check

fix: $(VENV)/.dev ## format, and mend what the linter can
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

docs: $(VENV)/.dev ## make the parts of docs/ that come from the code
	@$(BIN)/python scripts/reference.py

site: $(VENV)/.docs ## build docs/ as a site, in site/; a broken link or anchor is an error
	@$(BIN)/zensical build --strict --clean

wheel: $(VENV)/.dev ## build the wheel, and try what it installs in an environment of its own
	@rm -rf dist && $(BIN)/python -m hatchling build -t wheel
	@$(PYTHON) -m venv --clear $(VENV)-wheel
	@$(VENV)-wheel/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(VENV)-wheel/bin/python -m pip install --quiet --disable-pip-version-check --no-deps dist/*.whl
	@cd / && "$(CURDIR)/$(VENV)-wheel/bin/catalog-sync" --version
	@"$(CURDIR)/$(VENV)-wheel/bin/catalog-sync" validate -f catalog.example.yaml

lock: ## resolve the locked versions anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --custom-compile-command "make lock" --extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --custom-compile-command "make lock" --extra build --extra dev --extra postgres -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --custom-compile-command "make lock" --extra docs -c requirements-dev.lock pyproject.toml -o requirements-docs.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --custom-compile-command "make lock" --extra build --extra excel --extra fleet --extra metrics --extra postgres --extra web \
	  -c requirements.lock -c requirements-dev.lock pyproject.toml -o requirements-all.lock

clean: ## remove what was built and installed here
	rm -rf $(VENV) $(VENV)-wheel $(VENV)-peers benchmarks/results demo dist site .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
