# What each does, its variables and its errors: docs/RUNTIME.md
PYTHON ?= python3
TOOLS = $(PYTHON) tools

export FRESH PORT T

.PHONY: help demo test lint i18n bench test-core clean

help:
	@echo "make demo         Odoo with the addon and demo data on http://localhost:8069"
	@echo "                  (PORT=8070 for another port, FRESH=1 to start over)"
	@echo "make test         the whole suite (T=\"tests/test_x.py -k word\" for a part)"
	@echo "make lint         style, conventions, translations"
	@echo "make i18n         bring the translation template and zh_CN up to date"
	@echo "make bench        measurements, printed as ratios"
	@echo "make test-core    Odoo's own tests without and with the addon (long)"
	@echo "make clean        remove the runtime with all its databases"
	@echo "bin/odoo ARGS     Odoo itself, any sub-command"

demo test lint i18n bench clean:
	@$(TOOLS) $@

test-core:
	@$(TOOLS) test_core
