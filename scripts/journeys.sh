#!/usr/bin/env bash
# Walks through the program in a browser, as people use it: a fresh demo company, a server, the journeys of web/e2e.
# scripts/journeys.sh [name-part …]; HEYI_BIN names the program, CHROMIUM the browser, E2E_SHARDS (1) how many walk side by side
# in each language: more than one pays on more than two cores only.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

program=${HEYI_BIN:-target/debug/heyi}
[ -x "$program" ] || { echo "$program is missing: cargo build -p app" >&2; exit 1; }
need node "install Node.js 20 or newer"
export CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$CHROMIUM" ] || { echo "A Chromium is needed: install the package chromium" >&2; exit 1; }
build_web

folder=$(TMPDIR=$(in_memory 2 || echo "${TMPDIR:-/tmp}") mktemp -d)
servers=()
finish() {
  for server in "${servers[@]}"; do
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Both languages side by side, each in shards if asked to, all in companies of their own: what one does is in nobody's way.
langs=(en zh)
[ -z "${E2E_LANG:-}" ] || langs=("$E2E_LANG")
shards=${E2E_SHARDS:-1}
say "Making a demo company"
"$program" demo --data "$folder/demo"
runs=()
logs=()
say "Journeys"
for lang in "${langs[@]}"; do
  for shard in $(seq 1 "$shards"); do
    place=$folder/$lang.$shard
    cp -r "$folder/demo" "$place"
    port=$(free_port)
    HEYI_LOG=${HEYI_LOG:-warn} "$program" serve --demo --data "$place" --listen "127.0.0.1:$port" >"$place.log" 2>&1 &
    server=$!
    servers+=("$server")
    for _ in $(seq 1 150); do
      # Not signed in is an answer too: the server is there.
      if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
      kill -0 "$server" 2>/dev/null || { cat "$place.log" >&2; exit 1; }
      sleep 0.2
    done
    E2E_LANG=$lang E2E_LANGS="${langs[*]}" E2E_SHARD=$shard/$shards BASE_URL="http://127.0.0.1:$port" TMPDIR=$folder \
      timeout --foreground 2400 node web/e2e/run.mjs "$@" &
    runs+=($!)
    logs+=("$place.log")
  done
done
result=0
for at in "${!runs[@]}"; do
  wait "${runs[at]}" || { result=$?; echo "The server said:" >&2; tail -n 30 "${logs[at]}" >&2; }
done
exit "$result"
