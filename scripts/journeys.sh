#!/usr/bin/env bash
# Walks through the program in a browser, as people use it: a fresh demo company, a server, the journeys of web/e2e.
# scripts/journeys.sh [name-part …]; HEYI_BIN names the program, CHROMIUM the browser.
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

# Both languages side by side, each in a company of its own: what one does is in nobody's way.
langs=(en zh)
[ -z "${E2E_LANG:-}" ] || langs=("$E2E_LANG")
say "Making a demo company"
"$program" demo --data "$folder/demo"
runs=()
say "Journeys"
for lang in "${langs[@]}"; do
  cp -r "$folder/demo" "$folder/$lang"
  port=$(free_port)
  HEYI_LOG=${HEYI_LOG:-warn} "$program" serve --demo --data "$folder/$lang" --listen "127.0.0.1:$port" >"$folder/log.$lang" 2>&1 &
  server=$!
  servers+=("$server")
  for _ in $(seq 1 150); do
    # Not signed in is an answer too: the server is there.
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    kill -0 "$server" 2>/dev/null || { cat "$folder/log.$lang" >&2; exit 1; }
    sleep 0.2
  done
  E2E_LANG=$lang E2E_LANGS="${langs[*]}" BASE_URL="http://127.0.0.1:$port" TMPDIR=$folder timeout --foreground 2400 node web/e2e/run.mjs "$@" &
  runs+=($!)
done
result=0
for at in "${!langs[@]}"; do
  wait "${runs[at]}" || { result=$?; echo "The server said:" >&2; tail -n 30 "$folder/log.${langs[at]}" >&2; }
done
exit "$result"
