# Two commands: `make run` and `make test`. Both install what is missing and can be run again at any time.

.PHONY: run test bench help

help:
	@echo "make run    builds everything and starts the demo company"
	@echo "make test   checks everything: format, lints, tests on both databases, web, browser journeys"
	@echo "make bench  measures speed beside plain SQL"

run:
	@bash scripts/run.sh

test:
	@bash scripts/test.sh

bench:
	@bash scripts/bench.sh
