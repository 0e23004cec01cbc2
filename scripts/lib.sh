# Shared by the scripts: installing what is missing, building the web client, a throwaway PostgreSQL.
# shellcheck shell=bash

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# install_packages PACKAGE… : installs Debian packages that are not there yet.
install_packages() {
  local missing=()
  local package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return 0
  if ! command -v apt-get >/dev/null; then
    echo "Missing: ${missing[*]}. Install them with your system's package manager." >&2
    return 1
  fi
  say "Installing ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

need() {
  command -v "$1" >/dev/null && return 0
  echo "$1 is needed: $2" >&2
  exit 1
}

# build_web : builds the web client when its sources are newer than its build.
build_web() {
  local stamp=web/dist/.stamp
  if [ ! -d web/node_modules ] || [ web/package-lock.json -nt web/node_modules/.stamp ]; then
    say "Installing the web client's libraries"
    (cd web && npm ci --no-audit --no-fund --loglevel=error)
    touch web/node_modules/.stamp
  fi
  if [ ! -f "$stamp" ] || [ -n "$(find web/src web/public web/index.html web/package.json web/vite.config.ts web/scripts -newer "$stamp" -print -quit)" ]; then
    say "Building the web client"
    (cd web && npm run --silent build)
    touch "$stamp"
  fi
}

# free_port : prints a port nobody listens on.
free_port() {
  python3 - <<'PY' 2>/dev/null || node -e 'const s=require("net").createServer();s.listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])
PY
}

# start_postgres : starts a throwaway PostgreSQL and sets HEYI_TEST_PG; stop_postgres removes it.
start_postgres() {
  local bin
  bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin -type d | sort -V | tail -n 1)
  [ -n "$bin" ] || { echo "PostgreSQL is not installed" >&2; return 1; }
  PG_HOME=$(mktemp -d)
  PG_BIN=$bin
  PG_USER=()
  if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$PG_HOME"
    PG_USER=(runuser -u postgres --)
  fi
  chmod 755 "$PG_HOME"
  local port
  port=$(free_port)
  (
    cd "$PG_HOME"
    "${PG_USER[@]}" "$bin/initdb" -U postgres -A trust -E UTF8 --locale=C -D "$PG_HOME/data" >/dev/null
    "${PG_USER[@]}" "$bin/pg_ctl" -D "$PG_HOME/data" -w -l "$PG_HOME/log" \
      -o "-p $port -h 127.0.0.1 -k $PG_HOME -c fsync=off -c max_connections=300 -c shared_buffers=256MB -c max_pred_locks_per_transaction=256" \
      start >/dev/null
  )
  export HEYI_TEST_PG="postgres://postgres@127.0.0.1:$port/postgres"
}

stop_postgres() {
  [ -n "${PG_HOME:-}" ] || return 0
  (cd / && "${PG_USER[@]}" "$PG_BIN/pg_ctl" -D "$PG_HOME/data" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$PG_HOME"
}
