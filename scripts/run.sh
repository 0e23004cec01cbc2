#!/usr/bin/env bash
# Builds everything and starts the demo company.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

need cargo "install Rust from your distribution or rustup"
need npm "install Node.js 20 or newer"
install_packages gcc libc6-dev ca-certificates
build_web
say "Building the program (the first time takes some minutes)"
cargo build --release -p app
data=${HEYI_DATA:-data/demo}
listen=${HEYI_LISTEN:-127.0.0.1:8360}
if [ ! -f "$data/heyi.db" ]; then
  say "Making the demo company: half a year of a small maker of bicycles"
  target/release/heyi demo --data "$data"
fi
cat <<TEXT

  Heyi 合一 starts at  http://$listen
  The sign-in page offers one user for each role; the password of all is  heyi-demo
  Stop it with Ctrl-C. The data is in $data

TEXT
exec target/release/heyi serve --demo --data "$data" --listen "$listen"
