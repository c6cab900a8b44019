# make run: the desk on this machine.  make test: every gate's tests.  Both need Python 3.11+, pip and make only.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: run test nightly volumes bench migration lint format types imports docs lock clean

run: $(VENV)/run.stamp
	$(BIN)/privacydesk run

# One process more than there are cores: a good part of a test's time is waiting.
AT_ONCE ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n $(AT_ONCE)

nightly: $(VENV)/dev.stamp
	$(BIN)/python -m tests.nightly

# make volumes: which judged volumes there are.  make volumes deaths: runs one whole.
VOLUMES := $(if $(filter volumes,$(firstword $(MAKECMDGOALS))),$(wordlist 2,99,$(MAKECMDGOALS)))
volumes: $(VENV)/dev.stamp
	$(BIN)/python -m tests.volumes $(NAME) $(VOLUMES)
ifneq ($(VOLUMES),)
.PHONY: $(VOLUMES)
$(VOLUMES): volumes
	@:
endif

bench: $(VENV)/dev.stamp
	$(BIN)/privacydesk bench answers

# make migration NAME="Add a vendor to a ticket": a new revision from the models; released ones stay as they are.
migration: $(VENV)/dev.stamp
	made=$$($(BIN)/python -m storage.migrations.revise "$(NAME)") && $(BIN)/ruff format --quiet "$$made"

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(VENV)/dev.stamp
	$(BIN)/basedpyright

imports: $(VENV)/dev.stamp
	$(BIN)/lint-imports

# .env.example, docs/commands.md and NOTICE follow from the code and the lock.
docs: $(VENV)/dev.stamp
	$(BIN)/python -m tests.written_docs

# uv makes the locks and is needed for nothing else. What runs is what was tested: the second keeps to the first.
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q pyproject.toml --group build

lock:
	$(COMPILE) --group dev -o requirements-dev.lock
	$(COMPILE) --constraint requirements-dev.lock -o requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# The lock and nothing but the lock: no resolver asks an index what is newest today, and hatchling comes
# from the lock too, so that nothing unhashed is fetched to build the project. `pip check` has the last word.
$(VENV)/run.stamp: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --no-deps --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	$(PIP) check
	touch $@

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --no-deps --require-hashes -r requirements-dev.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	$(PIP) check
	touch $@ $(VENV)/run.stamp
