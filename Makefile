# One door to everything: `make help`.

PYTHON_BIN := .venv/bin/python
# The files of tests are shared out between two processes, in their order; each has its ports, folders and servers.
IN_TWO := -n 2 --dist loadfile --no-loadscope-reorder
CODE := actions benchmarks components gateway knowledge training worker tests

.DEFAULT_GOAL := help
.PHONY: help install run test train check evaluate bench

help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-9s %s\n", $$1, $$2 }'

install: ## Make .venv and install what the assistant runs on
	@scripts/install.sh requirements/run.txt

run: install ## Install, train if there is no release yet, start everything, print the address
	@$(PYTHON_BIN) -m training prepare && exec $(PYTHON_BIN) -m gateway

test: install-dev ## Install, run every check and every test
	@$(PYTHON_BIN) -m pytest -q $(IN_TWO) -m "not model and not browser"
	@$(MAKE) --no-print-directory check lint
	@$(PYTHON_BIN) -m pytest -q $(IN_TWO) -m "model or browser"

train: install ## Train a new release from the working folder (published by `python -m training publish`)
	@$(PYTHON_BIN) -m training train

check: install ## Check the content: citations, keys, dates, duplicates, plain French
	@$(PYTHON_BIN) -m knowledge.check

evaluate: install ## Run the exam on the newest release, worst slice first
	@$(PYTHON_BIN) -m training evaluate

bench: install-dev ## Measure this project beside the stock Rasa pipeline; writes benchmarks/RESULTS.md
	@$(PYTHON_BIN) -m benchmarks compare

.PHONY: bench-nlu
bench-nlu: install ## Measure understanding on a public split: make bench-nlu DATA=folder; writes benchmarks/RESULTS.md
	@$(PYTHON_BIN) -W ignore -m benchmarks.nlu $(DATA)

.PHONY: bench-widget
bench-widget: install-dev ## Measure what the widget costs a page, on a published release; writes benchmarks/RESULTS.md
	@$(PYTHON_BIN) -m benchmarks.widget

.PHONY: bench-publication
bench-publication: install-dev ## Measure what residents feel of a publication and of a way back; writes benchmarks/RESULTS.md
	@$(PYTHON_BIN) -m benchmarks.publication

.PHONY: fuzz
fuzz: install-dev ## Send made-up requests to the API, made-up texts to what reads them (an hour and a half); writes benchmarks/RESULTS.md
	@$(PYTHON_BIN) -m benchmarks.fuzz

.PHONY: load
load: install-dev ## Find what the service can take, then send twice as much; writes benchmarks/RESULTS.md
	@$(PYTHON_BIN) -m benchmarks.overload

.PHONY: soak
soak: install-dev ## Send days of messages at speed and watch the memory; writes benchmarks/RESULTS.md
	@$(PYTHON_BIN) -m benchmarks.endurance

.PHONY: bench-growth
bench-growth: install-dev ## Time a message among 100,000 kept conversations; writes benchmarks/RESULTS.md
	@$(PYTHON_BIN) -m benchmarks.growth

.PHONY: bench-content
bench-content: install-dev ## Train, start and time contents of up to 10,000 fiches; writes benchmarks/RESULTS.md
	@$(PYTHON_BIN) -m benchmarks.content

.PHONY: cluster
cluster: install-dev ## Start a small cluster here: PostgreSQL, Redis, two gateways, three workers, HAProxy
	@$(PYTHON_BIN) -m training prepare && exec $(PYTHON_BIN) -m benchmarks.cluster.show

.PHONY: bench-cluster
bench-cluster: install-dev ## Measure answers a second with one, two and three workers; writes benchmarks/RESULTS.md
	@$(PYTHON_BIN) -m benchmarks.cluster

.PHONY: backup restore
backup: install ## Write everything that would be missed into one secret file: make backup FILE=…
	@$(PYTHON_BIN) -m gateway backup "$(FILE)"

restore: install ## Put a backup back, the service stopped: make restore FILE=… [FORCE=--force]
	@$(PYTHON_BIN) -m gateway restore "$(FILE)" $(FORCE)

.PHONY: install-dev lint
install-dev:
	@scripts/install.sh requirements/dev.txt

lint:
	@$(PYTHON_BIN) -m ruff check $(CODE)
	@$(PYTHON_BIN) -m mypy
	@$(PYTHON_BIN) -m yamllint --strict .
