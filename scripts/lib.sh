# Shared by the scripts: installing what is missing, building the web client, a throwaway PostgreSQL.
# shellcheck shell=bash
# `set -e` sleeps inside a function whose answer is asked for, so every step that can fail says `|| return`.

# Rust installed by rustup is not on the path of every shell.
if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
  export PATH="$HOME/.cargo/bin:$PATH"
fi

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "Root or sudo is needed for: $*" >&2
    return 1
  fi
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
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq </dev/null || return 1
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}

need() {
  command -v "$1" >/dev/null && return 0
  echo "$1 is needed: $2" >&2
  exit 1
}

# need_tools : Rust and Node.js, in versions that are new enough.
need_tools() {
  need cargo "install Rust, for example with rustup"
  need node "install Node.js 20.19 or newer"
  need npm "it comes with Node.js"
  if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    echo "Node.js 20.19 or newer is needed; this is $(node --version)" >&2
    exit 1
  fi
}

# web_libraries : installs what the lock file names, when it changed.
web_libraries() {
  local stamp=web/node_modules/.stamp
  [ -f "$stamp" ] && [ ! web/package-lock.json -nt "$stamp" ] && return 0
  say "Installing the web client's libraries"
  (cd web && npm ci --no-audit --no-fund --loglevel=error </dev/null) || return 1
  touch "$stamp"
}

# build_web : builds the web client when its sources are newer than its build.
build_web() {
  local stamp=web/dist/.stamp
  web_libraries || return 1
  if [ -f "$stamp" ] && [ ! web/node_modules/.stamp -nt "$stamp" ] &&
    [ -z "$(find web/src web/public web/index.html web/package.json web/vite.config.ts web/scripts -newer "$stamp" -print -quit)" ]; then
    return 0
  fi
  say "Building the web client"
  (cd web && npm run --silent build </dev/null) || return 1
  touch "$stamp"
}

# free_port : prints a port nobody listens on.
free_port() {
  node -e 'const s = require("net").createServer(); s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}

# in_memory FREE_GB : prints a folder in memory, where there is one with so much room.
in_memory() {
  [ -d /dev/shm ] && [ -w /dev/shm ] || return 1
  [ "$(df --output=avail -BG /dev/shm | tail -n 1 | tr -dc 0-9)" -ge "$1" ] || return 1
  echo /dev/shm
}

# start_postgres : starts a throwaway PostgreSQL and sets HEYI_TEST_PG; stop_postgres removes it.
# It lives in memory unless PG_FSYNC=on asks for a disk: thousands of tables come and go, which disks are slow at.
start_postgres() {
  local port base=/tmp
  PG_BIN=$(find /usr/lib/postgresql -maxdepth 2 -name bin -type d 2>/dev/null | sort -V | tail -n 1) || true
  [ -n "$PG_BIN" ] || { echo "PostgreSQL is not installed" >&2; return 1; }
  # The user postgres must be able to enter, and the path of a socket must be short.
  [ "${PG_FSYNC:-off}" = on ] || base=$(in_memory 3) || base=/tmp
  PG_HOME=$(mktemp -d "$base/heyi-pg.XXXXXX") || return 1
  PG_USER=()
  if [ "$(id -u)" -eq 0 ]; then
    # The server refuses to run as root.
    chown postgres "$PG_HOME" || return 1
    PG_USER=(runuser -u postgres --)
  fi
  port=$(free_port) || return 1
  if ! (
    cd "$PG_HOME" &&
      "${PG_USER[@]}" "$PG_BIN/initdb" -U postgres -A trust -E UTF8 --locale=C -D "$PG_HOME/data" >/dev/null &&
      "${PG_USER[@]}" "$PG_BIN/pg_ctl" -D "$PG_HOME/data" -w -l "$PG_HOME/log" \
        -o "-p $port -h 127.0.0.1 -k $PG_HOME -c fsync=${PG_FSYNC:-off} -c max_connections=300 -c shared_buffers=256MB -c max_pred_locks_per_transaction=256" \
        start </dev/null >/dev/null
  ); then
    [ ! -f "$PG_HOME/log" ] || tail -n 20 "$PG_HOME/log" >&2
    return 1
  fi
  export HEYI_TEST_PG="postgres://postgres@127.0.0.1:$port/postgres"
}

stop_postgres() {
  [ -n "${PG_HOME:-}" ] || return 0
  (cd "$PG_HOME" && "${PG_USER[@]}" "$PG_BIN/pg_ctl" -D "$PG_HOME/data" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$PG_HOME"
  PG_HOME=
}
