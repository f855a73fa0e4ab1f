# From a fresh checkout, with Python 3.11 or newer and make:
#   make run    installs what is needed, serves the dashboard and prints its address
#   make test   installs what is needed, then runs every check and every test
#   make help   lists the other commands

.DEFAULT_GOAL := help
.NOTPARALLEL:

# The newest Python that really runs (a pyenv shim can stand in the path without working) and can make environments.
PYTHON ?= $(firstword $(foreach name,python3.14 python3.13 python3.12 python3.11 python3 python,$(shell \
	$(name) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(name))))

VENV := .venv
BIN := $(VENV)/bin
PACKAGES := segmentation database dashboard
CHECKED := $(PACKAGES) tests benchmarks

# A stamp's name carries the checksum of its lock: a changed lock is installed anew, and a failed installation leaves no stamp.
checksum = $(shell cksum < $(1) | cut -d ' ' -f 1)
INSTALLED := $(VENV)/installed-$(call checksum,requirements.txt)
INSTALLED_DEV := $(VENV)/installed-dev-$(call checksum,requirements-dev.txt)
# What only benchmarks compare with stands beside the rest, and is installed when the first of them is run.
INSTALLED_BENCH := $(VENV)/installed-bench-$(call checksum,benchmarks/requirements.txt)
# An environment whose Python is gone (after an upgrade of the system, say) is made anew, whatever its stamps say.
ifeq ($(shell $(BIN)/python -c 'print("runs")' 2>/dev/null),)
.PHONY: $(INSTALLED) $(INSTALLED_DEV) $(INSTALLED_BENCH)
endif

.PHONY: help run test lint types tests browser screenshots bench bars lock warm demo-large clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(INSTALLED) warm ## install what is needed and serve the dashboard
	$(BIN)/python -m dashboard

test: lint types tests ## install what is needed, then every check and every test

lint: $(INSTALLED_DEV) ## style, format, import contracts, security
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/lint-imports --no-logo
	$(BIN)/bandit --quiet -c pyproject.toml -ll --recursive $(PACKAGES)

types: $(INSTALLED_DEV) ## mypy, strict
	$(BIN)/mypy

tests: $(INSTALLED_DEV) warm browser ## pytest alone; a part of it: make tests ARGS="-k settings"
	$(BIN)/python -m pytest $(or $(ARGS),-n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder)

browser: $(INSTALLED_DEV) ## find a Chromium for the tests, or install the system's where that is allowed
	$(BIN)/python -m tests.browser.chromium

screenshots: $(INSTALLED_DEV) warm browser ## build/screenshots: every page, in two sizes and both themes
	$(BIN)/python -m tests.browser.screenshots

bench: $(INSTALLED_BENCH) warm ## every benchmark; one of them: make bench ONLY=name
	@set -e; for name in $(or $(ONLY),$(basename $(notdir $(wildcard benchmarks/*.py)))); do \
		echo "== $$name"; $(BIN)/python -m benchmarks.$$name; done

bars: $(INSTALLED_DEV) warm ## bad input: every bar with its figure; some of them: make bars ONLY="B1 B4"
	$(BIN)/python -m tests.bars $(ONLY)

lock: $(INSTALLED_DEV) ## resolve the newest versions into requirements.txt and requirements-dev.txt
	rm -f requirements.txt requirements-dev.txt benchmarks/requirements.txt # uv would keep the old pins
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) pyproject.toml --output-file requirements-dev.txt --extra dev --constraint requirements.txt
	$(COMPILE) benchmarks/requirements.in --output-file benchmarks/requirements.txt --constraint requirements-dev.txt
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

warm: $(INSTALLED) ## compile the numeric kernels, which numba then keeps on disk
	$(BIN)/python -c "from segmentation.clusters import kernels; from segmentation.measures import kernels as counting; kernels.warm(); counting.warm()"

demo-large: $(INSTALLED) ## build/demo-large.csv: the log of a demo shop, 302,010 rows x 30 columns
	mkdir -p build
	$(BIN)/python -c "from segmentation.demo import demo_log; demo_log(seed=1).to_csv('build/demo-large.csv', index=False)"

clean: ## remove what these commands made (never the data folder)
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find $(CHECKED) -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED):
	$(call install,requirements.txt)
	touch $@

$(INSTALLED_DEV):
	$(call install,requirements-dev.txt)
	touch $@ $(INSTALLED)

$(INSTALLED_BENCH): $(INSTALLED_DEV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes --no-deps -r benchmarks/requirements.txt
	touch $@

define install
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (with its venv module). Install it, or name it: make PYTHON=/path/to/python"; exit 1; }
	@$(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@rm -f $(VENV)/installed-*
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r $(1)
endef
