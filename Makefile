# Two commands: `make up` and `make test`. What they do is in deploy/setup/*.py; docs/operating.md lists the variables.
PYTHON ?= python3
SHELL := /bin/sh
.DEFAULT_GOAL := help
COMMANDS := up down reset test lint fmt lock dev bench campaign soak nginx manage
# TZ= on the command line names the city's time zone; TZ of the environment is this machine's and says nothing of the city.
ifeq ($(origin TZ),command line)
TIMEZONE ?= $(TZ)
endif
export AREAS CAMERAS UNITS SEED TIMEZONE
export PORT BIND TLS HOSTS INSTANCE DATABASE_URL DATABASE_OWNER_URL CITY DEMO FORCE STEPS CAMERA_NETWORKS SERVER LOG_LEVEL RUN SPEED NIGHT SIM

.PHONY: help $(COMMANDS)

help:
	@echo "make up       set up what is missing and run Nearcast here (PORT=8000 INSTANCE=main TLS=1 BIND= DATABASE_URL= DEMO=0 SPEED=20 NIGHT=quiet SIM=0)"
	@echo "              the demo city: CITY=town SEED=7, or CITY=roads.osm.pbf AREAS= CAMERAS= UNITS= TZ="
	@echo "make down     stop it from another shell       make reset   wipe this instance's state (asks; FORCE=1 does not)"
	@echo "make test     every check, each step timed (STEPS=lint,types,django,front,unit,journeys picks some)"
	@echo "make manage   one management command in the running instance (RUN=\"import_roads FILE\")"
	@echo "make lint fmt lock dev bench campaign soak"

$(COMMANDS):
	@command -v $(PYTHON) >/dev/null || PYTHON=$(PYTHON) sh deploy/setup/no_python.sh $@
	@exec $(PYTHON) -B -m deploy.setup $@
