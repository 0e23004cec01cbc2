#!/usr/bin/env bash
# Builds everything and starts the demo company. HEYI_DATA and HEYI_LISTEN choose another folder and address.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

need_tools
install_packages gcc libc6-dev ca-certificates
build_web
say "Building the program (the first time takes some minutes)"
cargo build --release -p app
data=${HEYI_DATA:-data/demo}
listen=${HEYI_LISTEN:-127.0.0.1:8360}
if [ ! -f "$data/heyi.db" ]; then
  say "Making the demo company: half a year of a small maker of bicycles"
  # Beside its place first: what was stopped half-way must not look like a whole company.
  rm -rf "$data.part"
  target/release/heyi demo --data "$data.part"
  rmdir "$data" 2>/dev/null || true
  mv -T "$data.part" "$data"
  mv "$data.part.key" "$data.key"
fi
cat <<TEXT

  Heyi 合一 starts at  http://$listen
  The sign-in page offers one user for each role; the password of all is  heyi-demo
  Stop it with Ctrl-C. The data is in $data

TEXT
exec target/release/heyi serve --demo --data "$data" --listen "$listen"
