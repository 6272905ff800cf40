# Two commands on a fresh machine with Python 3.11 or newer and make:
#   make demo   sets everything up and checks the example report
#   make test   sets everything up with the developers' tools and runs every check of this repository
#   make bundle one folder that installs and runs without network: wheels, start scripts, templates, guide
# and for developers
#   make fuzz   looks for inputs that break the readers, the rules, the writer and packages; SECONDS=3600 for an hour
#   make audit  asks the Python advisory database about every dependency as locked (needs the network)
#   make docs   writes the pages that come from the code: docs/rules.md, the excerpt in README.md
# On Windows the README shows the same two through uv.

PYTHON ?= python3
SECONDS ?= 600
EXAMPLE ?= examples/lusong-2024.xlsx
BIN := .venv/bin
# uv where it is installed; otherwise one in the project's own environment
UV := $(or $(shell command -v uv 2>/dev/null),$(BIN)/uv)

.PHONY: demo test docs setup setup-dev bundle fuzz audit

demo: setup
	@echo
	@echo '$$ gouji check $(EXAMPLE)'
	@$(BIN)/gouji check $(EXAMPLE); status=$$?; \
	echo "退出状态 $$status（0 没有错误，1 有错误，2 没有检查成）"; \
	test $$status -le 1

test: setup-dev
	$(BIN)/python tools/test.py

docs: setup-dev
	$(BIN)/python -m gouji.report.rules_page
	$(BIN)/python tools/readme.py

fuzz: setup-dev
	$(UV) sync --quiet --locked --inexact --group fuzz || true
	$(BIN)/python tools/fuzz.py --seconds $(SECONDS)

audit: $(UV)
	$(UV) export --quiet --locked --no-dev --no-emit-project --no-hashes --output-file .audit.txt
	$(UV) tool run pip-audit --strict --no-deps --disable-pip -r .audit.txt

setup: $(UV)
	$(UV) sync --quiet --locked --inexact --no-dev
	@$(BIN)/python -m compileall -q src || true

setup-dev: $(UV)
	$(UV) sync --quiet --locked --inexact
	@$(BIN)/python -m compileall -q src || true

$(BIN)/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更新的版本")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv

bundle: setup-dev
	$(BIN)/python tools/make_bundle.py $(BUNDLE)
