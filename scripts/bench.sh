#!/usr/bin/env bash
# Measures speed beside the same work in plain SQL, on both databases.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

need cargo "install Rust from your distribution or rustup"
install_packages gcc libc6-dev ca-certificates postgresql
mkdir -p web/dist
cargo build --release -p app
trap stop_postgres EXIT
start_postgres
folder=$(mktemp -d)
target/release/heyi bench --data "$folder"
target/release/heyi bench --database-url "$HEYI_TEST_PG"
rm -rf "$folder"
