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

folder=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

port=$(free_port)
say "Making a demo company"
"$program" demo --data "$folder/data"
HEYI_LOG=${HEYI_LOG:-warn} "$program" serve --demo --data "$folder/data" --listen "127.0.0.1:$port" >"$folder/log" 2>&1 &
server=$!
for _ in $(seq 1 150); do
  # Not signed in is an answer too: the server is there.
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
  sleep 0.2
done

say "Journeys against http://127.0.0.1:$port"
result=0
BASE_URL="http://127.0.0.1:$port" timeout --foreground 1500 node web/e2e/run.mjs "$@" || result=$?
[ "$result" -eq 0 ] || { echo "The server said:" >&2; tail -n 30 "$folder/log" >&2; }
exit "$result"
