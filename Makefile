# Two commands do everything on a fresh machine: `make run` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8421
# A shipped hall: yangxin miluo puyang chenzhou town village.
HALL ?= yangxin
DATA ?= $(if $(filter yangxin,$(HALL)),data,data-$(HALL))
SPEED ?= 1
BIN := .venv/bin

.PHONY: help setup system run test lint types imports unit bench pictures lock format clean-data

help:            ## list the targets
	@grep -hE '^[a-z-]+: .*##|^[a-z-]+:  *##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

setup: system .venv/installed    ## install what is missing: system packages (as root), then everything into .venv

system:          ## Debian packages: a Python with venv, screens, fonts, browser, voice
	@.ci/system-packages

.venv/installed: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

run: setup       ## start the demo hall (and the kiosk, where there is a screen); HALL=miluo another hall, SPEED=2 twice as fast
	$(BIN)/python -m server.simulate.demo_hall --hall $(HALL) --data $(DATA) --port $(PORT) --speed $(SPEED)

test: setup lint types imports unit    ## everything CI checks

lint:            ## style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:           ## mypy, strict
	$(BIN)/mypy

imports:         ## who may import whom
	$(BIN)/lint-imports

unit:            ## all tests, a file at a time; three at once keep two cores busy, since many wait for a program
	$(BIN)/pytest -q -n 3 --dist loadfile

bench: setup     ## measurements; prints figures, asserts nothing
	@for b in bench/*.py; do echo "== $$b"; $(BIN)/python $$b; done

pictures: setup  ## the pictures of the README, taken from the running programs
	$(BIN)/python docs/pictures/make.py
	$(BIN)/python docs/pictures/balance.py
	PYTHONPATH=. $(BIN)/python docs/pictures/halls.py

lock:            ## renew requirements.lock from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet pyproject.toml --extra kiosk --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --output-file requirements.lock

format:          ## put everything into the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean-data:      ## forget the demo hall's data
	rm -rf $(DATA)
