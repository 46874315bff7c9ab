.DEFAULT_GOAL := help
SHELL := /bin/bash

UV_VERSION := 0.13.9
UV := .tools/bin/uv
BOT_UV := ../$(UV)

.PHONY: help run test lint train evaluate bench lock

help:
	@echo "make run       start everything on this machine (development profile)"
	@echo "make test      linters, types and all tests of both environments"
	@echo "make lint      linters and types alone"
	@echo "make train     train the model if its data changed"
	@echo "make evaluate  measure how well messages are understood"
	@echo "make bench     measure, side by side with a stock Rasa server"
	@echo "make lock      write the lock files anew"

run: .venv/.run bot/.venv/.ready .env
	@exec env MOJBOK_PROFILE=development .venv/bin/mojbok run

# So that `mojbok log`, `import` and the others speak of the same system as `make run`.
.env:
	@echo "MOJBOK_PROFILE=development" > $@

test: .venv/.dev bot/.venv/.ready
	@exec .venv/bin/python -m tests.run_all

lint: .venv/.dev bot/.venv/.ready
	@exec .venv/bin/python -m tests.run_all --lint

train: .venv/.run bot/.venv/.ready
	@exec .venv/bin/mojbok train

evaluate: .venv/.dev bot/.venv/.ready
	@exec .venv/bin/python -m bench.evaluate

bench: .venv/.dev bot/.venv/.ready
	@exec .venv/bin/python -m bench.run

lock: $(UV)
	$(UV) pip compile -q --upgrade --generate-hashes --no-header --python-version 3.11 --universal pyproject.toml -o requirements.lock
	$(UV) pip compile -q --upgrade --generate-hashes --no-header --python-version 3.11 --universal pyproject.toml --group dev -o requirements-dev.lock
	cd bot && $(BOT_UV) pip compile -q --upgrade --generate-hashes --no-header --python-version 3.10 pyproject.toml --group dev -o requirements.lock

$(UV):
	@python3 -m venv .tools || { echo "Python 3 with venv is needed: install python3 and python3-venv." >&2; exit 1; }
	@.tools/bin/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)

.venv/bin/python: | $(UV)
	@$(UV) venv -q --python '>=3.11' .venv 2>/dev/null || { echo "Python 3.11 or newer is needed: install it (pyenv install 3.11) and try again." >&2; exit 1; }

# The development lock holds everything of the other one, so an environment that has it keeps it.
.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	@if [ -e .venv/.dev ]; then $(MAKE) -s .venv/.dev; \
	else echo "Installing the backend's packages …"; $(UV) pip sync -q --require-hashes --compile-bytecode --python .venv requirements.lock && \
	$(UV) pip install -q --no-deps --no-build-isolation --python .venv -e .; fi
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	@echo "Installing the backend's packages and tools …"
	@$(UV) pip sync -q --require-hashes --compile-bytecode --python .venv requirements-dev.lock
	@$(UV) pip install -q --no-deps --no-build-isolation --python .venv -e .
	@touch $@ .venv/.run

# uv runs inside bot/: there .python-version names 3.10, which pyenv's shims obey.
bot/.venv/.ready: bot/requirements.lock | $(UV)
	@cd bot && { $(BOT_UV) venv -q --allow-existing --python 3.10 .venv 2>/dev/null || { echo "Python 3.10 is needed for Rasa: install it (pyenv install 3.10) and try again." >&2; exit 1; }; }
	@echo "Installing Rasa's packages (about 2.5 GB on disk) …"
	@cd bot && $(BOT_UV) pip sync -q --require-hashes --compile-bytecode --python .venv requirements.lock
	@touch $@
