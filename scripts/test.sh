#!/usr/bin/env bash
# Checks everything, and tells how long each part took.
# shellcheck disable=SC2317 # functions are called through `part` and `trap`
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

need_tools
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
  printf '%-34s %8s\n' total "$SECONDS"
}
trap finish EXIT
trap 'exit 130' INT TERM

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

# A Rust without these two came with rustup's smallest profile.
rust_tools() {
  cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 && return 0
  command -v rustup >/dev/null || { echo "cargo fmt and cargo clippy are needed" >&2; return 1; }
  rustup component add rustfmt clippy
}

install() {
  install_packages gcc libc6-dev ca-certificates postgresql chromium fonts-noto-cjk && rust_tools && web_libraries
}

rust_tests() {
  local log status=0
  log=$(mktemp) || return 1
  # Databases of tests live in memory where there is room: what is tested is not the disk.
  local scratch=${TMPDIR:-/tmp} memory
  memory=$(in_memory 1) && scratch=$(mktemp -d "$memory/heyi.XXXXXX")
  # Half of the time a test waits for its database.
  RUST_TEST_THREADS=$((2 * $(nproc))) TMPDIR=$scratch cargo test --workspace --no-fail-fast --quiet </dev/null 2>&1 | tee "$log" || status=1
  case $scratch in /dev/shm/*) rm -rf "$scratch" ;; esac
  awk '/^test result:/ { passed += $4; failed += $6; skipped += $8 }
       END { printf "\n%d passed, %d failed, %d skipped\n", passed, failed, skipped }' "$log"
  rm -f "$log"
  return "$status"
}

# Regenerating must change nothing.
generated() {
  local before status=0
  before=$(mktemp -d) || return 1
  cp -r tests/snapshots crates/app/migrations "$before" || return 1
  cargo run -q -p app -- regen --root . </dev/null || status=1
  diff -rq "$before/snapshots" tests/snapshots || status=1
  diff -rq "$before/migrations" crates/app/migrations || status=1
  rm -rf "$before"
  [ "$status" -eq 0 ] || echo "Run cargo xtask regen and read the difference" >&2
  return "$status"
}

web() { (cd web && npm run --silent "$1" </dev/null); }

journeys() {
  [ -f web/e2e/run.mjs ] || { echo "no journeys here"; return 0; }
  cargo build -q -p app </dev/null && HEYI_BIN=target/debug/heyi bash scripts/journeys.sh </dev/null
}

part "install" install
part "format" cargo fmt --all --check
part "web types" web types
part "web lint" web lint
part "web unit tests" web test
part "web build" build_web
part "throwaway PostgreSQL" start_postgres
part "clippy" cargo clippy --workspace --all-targets --quiet -- -D warnings
part "rust tests on both databases" rust_tests
part "house rules" cargo run -q -p xtask -- tidy
part "generated files are current" generated
part "browser journeys" journeys
part "recipes: a field, a module, a document, a report" bash scripts/recipe.sh

exit "$failed"
