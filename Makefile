# Every target is one command; what it does is written in infra/local/ (Python 3.11+, nothing to install beforehand).
PYTHON ?= python3
ARCH ?= arm64
FUZZ ?= 50
export PYTHONDONTWRITEBYTECODE = 1

.DEFAULT_GOAL := help
.PHONY: help run test check format logs build deploy bench fuzz docs client contract clean

help: ## Show what can be done
	@$(PYTHON) infra/local/help.py

run: ## Start the system, do the demo, serve until Ctrl-C (PORT=8080, ONCE=1 stops after the table)
	@$(PYTHON) infra/local/run.py

test: ## Everything: format, lints, licences, template, unit, database, handler and end-to-end tests
	@$(PYTHON) infra/local/test.py

check: ## The checks that need no server: format, clippy, licences, templates
	@$(PYTHON) infra/local/test.py --static

format: ## Format the Rust code
	@cargo fmt

logs: ## Print what the functions of a running `make run` have logged
	@$(PYTHON) infra/local/logs.py

build: ## Build deployable functions into target/lambda (ARCH=arm64 or x86_64)
	@$(PYTHON) infra/local/release.py build $(ARCH)

deploy: ## Build and deploy with SAM (ARCH=arm64, STACK=shelfline, PARAMETERS=…)
	@$(PYTHON) infra/local/release.py deploy $(ARCH)

bench: ## Measure against baselines in the same run, and write docs/benchmarks.md
	@$(PYTHON) infra/local/bench.py

fuzz: ## Change files at random: FUZZ=50 times the cases of `make test`, other ones each time
	@FUZZ=$(FUZZ) cargo test --locked -p ingest --test it -- fuzz roundtrip

docs: ## Write docs/openapi.json and docs/reporting.md anew from the code (needs TEST_DATABASE_URL)
	@DOCS=write cargo test --locked -p e2e -p data --test it -- openapi:: manual::

client: ## Generate the types of the TypeScript client (web/client) and check it
	@$(PYTHON) infra/local/client.py

contract: ## Call every operation of docs/openapi.json as it allows and as it forbids (schemathesis, an hour)
	@$(PYTHON) infra/local/test.py --contract

clean: ## Remove everything that `make run` and `make test` created here, data included
	rm -rf .local
