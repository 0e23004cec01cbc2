#!/usr/bin/env bash
# Measures speed beside the same work in plain SQL, on both databases.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

need_tools
install_packages gcc libc6-dev ca-certificates postgresql
build_web
cargo build --release -p app
folder=$(mktemp -d)
trap 'stop_postgres; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
# What is measured is durable.
PG_FSYNC=on start_postgres
say "SQLite"
target/release/heyi bench --data "$folder" --movements 10000000
say "PostgreSQL"
target/release/heyi bench --database-url "$HEYI_TEST_PG" --movements 10000000
