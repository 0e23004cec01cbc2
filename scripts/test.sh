#!/usr/bin/env bash
# Checks everything, and tells how long each part took.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

need cargo "install Rust from your distribution or rustup"
need npm "install Node.js 20 or newer"
[ "${CI:-}" = true ] && export CARGO_INCREMENTAL=0
export CARGO_TERM_COLOR=never

names=()
times=()
results=()
failed=0

finish() {
  stop_postgres
  [ "${#names[@]}" -eq 0 ] && return 0
  printf '\n%-34s %8s  %s\n' part seconds result
  local index
  for index in "${!names[@]}"; do
    printf '%-34s %8s  %s\n' "${names[$index]}" "${times[$index]}" "${results[$index]}"
  done
}
trap finish EXIT

# part NAME COMMAND… : runs a part; the others go on when it fails, so that all faults are seen.
part() {
  local name=$1 start=$SECONDS result=passed
  shift
  say "$name"
  "$@" || { result=FAILED; failed=1; }
  names+=("$name")
  times+=($((SECONDS - start)))
  results+=("$result")
}

rust_tests() {
  local log
  log=$(mktemp)
  local status=0
  cargo test --workspace --quiet 2>&1 | tee "$log" || status=1
  awk '/^test result:/ { passed += $4; failed += $6; skipped += $8 }
       END { printf "\n%d passed, %d failed, %d skipped\n", passed, failed, skipped }' "$log"
  rm -f "$log"
  return $status
}

web_check() { (cd web && npm run --silent types && npm run --silent lint && npm run --silent test); }
journeys() { HEYI_BIN=target/debug/heyi bash scripts/journeys.sh; }
snapshots() { cargo run -q -p app -- regen --root . && git diff --exit-code --stat -- tests/snapshots crates/app/migrations; }

part "install" install_packages gcc libc6-dev ca-certificates postgresql chromium fonts-noto-cjk
part "web build" build_web
part "web types, lint, unit tests" web_check
part "throwaway PostgreSQL" start_postgres
part "format" cargo fmt --all --check
part "clippy" cargo clippy --workspace --all-targets --quiet -- -D warnings
part "rust tests on both databases" rust_tests
part "house rules" cargo run -q -p xtask -- tidy
part "generated files are current" snapshots
part "recipe: add a field" bash scripts/recipe.sh
part "browser journeys" journeys

exit $failed
