# Every target installs what it needs into a virtual environment in .venv and updates it when pyproject.toml changes.
PYTHON ?= $(shell python3.11 -c 'import sys; print(sys.executable)' 2>/dev/null || echo python3)
VENV := .venv
BIN := $(VENV)/bin
SCENARIO ?= korea-2017
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test coverage exhaustive bench evidence docs site wheel wheels check clean

help:
	@echo 'make run         run a scenario and write a run folder under runs/ [SCENARIO=korea-2017] [ARGS="--seed 2"]'
	@echo 'make test        run the fast tests [ARGS="-k trust"]'
	@echo 'make coverage    run them and print the lines and branches that they do not reach'
	@echo 'make exhaustive  run the tests that take minutes'
	@echo 'make bench       measure speed against bare SimPy and bare Typer'
	@echo 'make evidence    test the scenarios and write the results into the docs; resumes where it was stopped'
	@echo 'make docs        regenerate the reference pages and state diagrams'
	@echo 'make site        build the documentation in build/site and check its links'
	@echo 'make wheel       build dist/*.whl for this platform, compiled [WARGAME_COMPILE=no: for all platforms, interpreted]'
	@echo 'make wheels      build the wheels of a release: manylinux for each Python, and one of pure Python [ARGS="3.13"]'
	@echo 'make check       run what CI runs'
	@echo 'make clean       remove the environment and the caches of tools, but not runs/'

run: $(VENV)/.user
	$(BIN)/wargame run $(SCENARIO) $(ARGS)
	@printf '\nTo type these commands, activate the environment first:\n  . $(BIN)/activate\n'

# Tests start many interpreters: bytecode is compiled once for all of them, elsewhere if the checkout is kept free of it.
ifdef PYTHONDONTWRITEBYTECODE
test coverage: export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/bytecode
test coverage: export PYTHONDONTWRITEBYTECODE :=
endif

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

coverage: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder --cov --cov-report=term $(ARGS)

exhaustive: $(VENV)/.dev
	@$(call install,'.[exhaustive]')
	$(BIN)/python -m pytest -m exhaustive -o faulthandler_timeout=14400 $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/short.py
	$(BIN)/python benchmarks/run.py
	-$(BIN)/python benchmarks/decisions.py
	$(BIN)/python benchmarks/large.py
	$(BIN)/python benchmarks/forecast.py
	$(BIN)/python benchmarks/counterfactuals.py
	$(BIN)/python benchmarks/env.py
	$(BIN)/python benchmarks/batch.py

evidence: $(VENV)/.dev
	$(BIN)/python tools/evidence.py $(ARGS)

docs: $(VENV)/.dev
	$(BIN)/python tools/build.py

site: $(VENV)/.dev
	$(BIN)/python tools/build_site.py

wheel: $(BIN)/python
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

wheels: $(VENV)/.dev
	@$(call install,'.[release]')
	$(BIN)/python tools/build_wheels.py $(or $(ARGS),3.11 3.12 3.13)

check:
	bash .ci/run

clean:
	rm -rf $(VENV) build dist .coverage .coverage.* htmlcov \
		wargame/numbers/compiled .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find wargame tests benchmarks tools -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

# Package numbers is compiled by the installation, if there is a compiler, and again when its source changes.
NUMBERS := tools/compile_numbers.py $(wildcard wargame/numbers/*.py)

# uv installs in a fifth of the time of pip, which does it where uv cannot: with an index that only pip is told of, say.
# Reinstalled, since uv does not see that package numbers has to be compiled again.
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV := $(BIN)/uv pip install --quiet --reinstall-package crisis-wargame --python $(BIN)/python
install = { $(PIP) uv && $(UV) --editable $(1); } || $(PIP) --editable $(1)

$(VENV)/.user: pyproject.toml $(NUMBERS) | $(BIN)/python
	@echo 'installing into $(VENV), which takes a minute'
	@$(call install,.)
	@touch $@

$(VENV)/.dev: pyproject.toml $(NUMBERS) | $(BIN)/python
	@echo 'installing into $(VENV), which takes a minute'
	@$(call install,'.[dev]')
	@touch $@ $(VENV)/.user
