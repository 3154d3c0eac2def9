# The commands that a person, the README and CI share. `make help` lists them.

.DEFAULT_GOAL := help
.PHONY: help run dev test check lock bench clean

VENV := .venv
BIN := $(VENV)/bin
# Where the interpreter is not among these: make run PYTHON=/path/to/python3
PYTHONS := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)
# Where the application's folder of data is not named, `make check` must not touch the real one.
PRODUCTION := SITE_URL=https://pictures.example.com DATA_DIR=var/check DEBUG=off

# $(call install,FILE): what FILE locks is in .venv, which is made where it is missing. What was
# installed last is kept beside it, so that the next time this takes an instant.
define install
	@set -e; lock=$(1); \
	if ! $(BIN)/python -c '' 2>/dev/null; then \
		python=; \
		for candidate in $(PYTHONS); do \
			if python=$$("$$candidate" -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys.executable)' 2>/dev/null); \
			then break; else python=; fi; \
		done; \
		if [ -z "$$python" ]; then \
			echo "Python 3.11 or newer is needed, and none was found under: $(PYTHONS)."; \
			echo "Install one, or say where it is: make run PYTHON=/path/to/python3"; exit 1; \
		fi; \
		rm -rf $(VENV); \
		if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then \
			uv venv -q --python "$$python" $(VENV); \
		elif "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
			"$$python" -m venv $(VENV); \
		else \
			echo "$$python comes without its venv module. On Debian and Ubuntu this brings it:"; \
			echo "  apt install python3-venv"; exit 1; \
		fi; \
	fi; \
	if ! cmp -s $$lock $(VENV)/$$lock; then \
		echo "Installing what $$lock locks into $(VENV) …"; \
		if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then \
			uv pip install -q --python $(BIN)/python --require-hashes -r $$lock; \
		else \
			$(BIN)/python -c 'import pip' 2>/dev/null || $(BIN)/python -m ensurepip >/dev/null; \
			$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $$lock; \
		fi; \
		cp $$lock $(VENV)/$$lock; \
	fi
endef

help: ## List the commands
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name words; do printf '  make %-8s %s\n' "$$name" "$$words"; done

run: ## Start the application (PORT=8000, DATA_DIR=var); Ctrl-C stops it
	$(call install,requirements.txt)
	@$(BIN)/python -m imagepig_site.serve

dev: ## Install what tests and checks need
	$(call install,requirements-dev.txt)
	@if [ -f tests/node/package-lock.json ] && command -v npm >/dev/null 2>&1 && ! cmp -s tests/node/package-lock.json tests/node/node_modules/.installed; then \
		npm ci --prefix tests/node --silent --no-audit --no-fund && cp tests/node/package-lock.json tests/node/node_modules/.installed \
		|| echo "npm could not install the vendor's JavaScript client; its test says so."; \
	fi

# One more than there are cores, at most four: tests wait, too, for servers that start and pages that paint.
test: dev ## Run all tests (ARGS="-k gallery" narrows them)
	@$(BIN)/python -m pytest -n "$$($(BIN)/python -c 'import os; print(min(4, 1 + os.cpu_count()))')" --dist worksteal $(ARGS)

check: dev ## Lint, types, imports, migrations, deployment settings, security
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(PRODUCTION) $(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/bandit -q -r . -c pyproject.toml

lock: ## Lock the dependencies anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url pyproject.toml -o requirements.txt $(ARGS)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt $(ARGS)

bench: dev ## Measure, each figure beside what it is held against
	@$(BIN)/python -m tests.bench

clean: ## Remove what was installed and cached; pictures and database stay
	rm -rf $(VENV) tests/node/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage* htmlcov var/check var/static
