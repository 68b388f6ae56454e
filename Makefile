# make demo     check the made-up office's evidence, and say which report to open
# make test     the tests for which this machine has the programs, but the campaigns
# make campaign further inputs of the same properties, and slow whole runs
# make changed  format, lint, types, imports, and the tests of what changed (SINCE=main: since then)
# make long     the long campaign: the same properties, many more examples (LONG=random: new ones)
# make bench    how long a check takes, and how much memory
# make wheel    what an office installs: the wheel and the two lock files, in build/wheel
# make locks    both lock files; a version stays while pyproject.toml allows it
# Another interpreter: make demo PYTHON=python3.13 VENV=.venv313

MAKEFLAGS += --no-print-directory
# Python keeps what it compiled, as it does unless told otherwise: the tests start the program often.
export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= python3
VENV ?= .venv
LONG ?= 1
ARGS ?= --quiet --numprocesses 2 --dist worksteal
SINCE ?= HEAD
BIN := $(VENV)/bin
MYPY ?= $(BIN)/mypy
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
READY := $(VENV)/ready
# The pip that Python 3.11 comes with takes 11 s more to look through the index.
PIP_ITSELF := pip==26.3 --hash=sha256:f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13

LOCK := UV_CUSTOM_COMPILE_COMMAND="make locks" .venv-uv/bin/uv pip compile --quiet --universal \
	--python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url --no-annotate
# Never true: pip ignores the line, and uv replaces with it what the wheel asks for.
NO_ENGINE := durable-rules ; python_version < '3'

.PHONY: demo test campaign changed long bench wheel locks

# A check ends with 1 when something is overdue: as it should be here, and no failure of the demo.
demo: $(READY)
	@rm -rf build/demo
	@$(BIN)/dueregard check examples/office.xlsx --as-of 2026-11-24 --out build/demo --ledger none; \
	code=$$?; [ $$code -le 1 ] || exit $$code

test: $(READY)
	@$(BIN)/python -m pytest $(ARGS) --no-campaign

campaign: $(READY)
	@$(BIN)/python -m pytest $(ARGS) -m "campaign or hypothesis"

# The tests of a package are named after it; these packages have tests of other names as well.
ALSO_engine := rules_cases semantics
changed_files = $(sort $(shell git diff --name-only --diff-filter=d $(SINCE)) \
	$(shell git ls-files --others --exclude-standard))
folders = $(sort $(foreach file,$(changed_files),$(firstword $(subst /, ,$(file)))))
topics = $(foreach folder,$(folders),$(basename $(folder)) $(ALSO_$(folder)))
changed_tests = $(sort tests/test_project_names.py tests/test_project_kinds.py \
	$(filter tests/test_%.py tests/properties/test_%.py,$(changed_files)) \
	$(if $(filter %.md rules/%,$(changed_files)),tests/test_project_docs.py) \
	$(wildcard $(topics:%=tests/test_%.py) $(topics:%=tests/test_%_*.py)) \
	$(wildcard $(topics:%=tests/properties/test_%_*.py)))

# A duty's folder is below the rulebook's. Of most duties, the tests above run no case.
changed_duties = $(sort $(basename $(basename $(notdir $(foreach file,$(changed_files),\
	$(if $(word 4,$(subst /, ,$(file))),$(filter rules/prevent-opcc/%.yaml,$(file))))))))

changed: $(READY)
	@$(BIN)/ruff format --quiet
	@$(BIN)/ruff check --quiet --fix
	@$(MYPY)
	@$(BIN)/lint-imports
	@$(if $(changed_duties),$(BIN)/dueregard rules test rules/prevent-opcc $(changed_duties))
	@$(BIN)/python -m pytest $(ARGS) --no-campaign $(changed_tests)

long: $(READY)
	@DUEREGARD_LONG=$(LONG) $(BIN)/python -m pytest $(ARGS) -m "long or hypothesis"

bench: $(READY)
	@$(BIN)/python -m bench

wheel: $(READY)
	@rm -rf build/wheel
	@$(BIN)/python -m hatchling build -t wheel -d build/wheel
	@cp requirements.lock requirements-without-engine.lock build/wheel

# The second lock has what a check needs, in the versions of the first, and nothing to be built.
locks: .venv-uv/bin/uv
	@$(LOCK) --extra dev --extra estate pyproject.toml -o requirements.lock
	@echo "$(NO_ENGINE)" | $(LOCK) --overrides - --constraints requirements.lock pyproject.toml \
		-o requirements-without-engine.lock
	@echo "$(NO_ENGINE)" >> requirements-without-engine.lock

.venv-uv/bin/uv:
	@$(PYTHON) -m venv .venv-uv
	@.venv-uv/bin/python -m pip --quiet --disable-pip-version-check install uv

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (this is done once, and takes about a minute)"
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv $(VENV)
	@echo "$(PIP_ITSELF)" | $(PIP) install --require-hashes -r /dev/stdin
	@$(PIP) install --no-compile --require-hashes -r requirements.lock || { \
		echo "Setup failed. If the message says that a compiler or Python.h is missing, install"; \
		echo "them (Debian: apt-get install gcc python3-dev) and run make again."; \
		echo "README.md says how to install the program without a compiler."; exit 1; }
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -qq -j 0 -x /tests/ $(VENV)/lib # on all cores; pip takes one
	@touch $@
