#!/bin/sh
# no_python.sh COMMAND [line]: what the Makefile does where no Python is found. Root gets python3 from apt; anybody else, or
# with `line`, is told the one line that brings it and all that COMMAND takes, so that nobody is sent to root twice.
# packages.py decides the same where Python runs; tests/deploy holds the two to each other.
wanted=${PYTHON:-python3}
if [ "$wanted" != python3 ] && [ "${2:-}" != line ]; then
  echo "✗ PYTHON=$wanted is not a program here: leave PYTHON out, or name one of version 3.11 or newer."
  exit 1
fi
if ! command -v apt-get >/dev/null; then
  echo "✗ Python is missing: install version 3.11 or newer with this system's own package manager, then call make again."
  exit 1
fi
if [ "$(id -u)" = 0 ] && [ "${2:-}" != line ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q && exec apt-get install -q -y --no-install-recommends python3
  exit 1
fi

packages="python3 python3-venv" before="" after=""
case "$1:$(cat /etc/debian_version 2>/dev/null)" in
up:12* | dev:12* | test:12* | bench:12* | campaign:12* | soak:12*)
  packages="python3 postgresql-15 postgresql-15-postgis-3 gdal-bin libgeos-c1v5 python3-venv"
  folder=/etc/postgresql-common/createcluster.d
  before="mkdir -p $folder && echo \"create_main_cluster = false\" > $folder/nearcast.conf && "
  if [ ! -x /usr/sbin/nginx ]; then
    packages="$packages nginx-light" after="; systemctl disable --now nginx 2>/dev/null || service nginx stop"
  fi
  [ "$1" = test ] && packages="$packages chromium libatomic1 fonts-noto-cjk"
  ;;
esac
become="su - root -c"
command -v sudo >/dev/null && become="sudo sh -c"
echo "✗ Python is missing, and what $1 takes besides. Nothing was changed. Install it with this one line, then call make again:"
echo
echo "  $become '${before}apt-get update && apt-get install -y --no-install-recommends $packages$after'"
echo
exit 1
