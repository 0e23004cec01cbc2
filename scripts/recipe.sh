#!/usr/bin/env bash
# Follows docs/recipes/add-a-field.md in a copy of the project: one line of Rust, one command,
# and the field is in the schema, the API and the record.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
copy=$(mktemp -d)
data=
# What the copy left in the shared target looks to cargo like ours: newer sources make it build ours again.
trap 'rm -rf "$copy" ${data:+"$data" "$data.key"}; touch "$root"/crates/*/src/lib.rs "$root"/crates/*/src/main.rs 2>/dev/null || true' EXIT
git ls-files -z --cached --others --exclude-standard -- . ':!web' ':!docs/manual' | while IFS= read -r -d '' file; do
  [ -f "$file" ] || continue
  mkdir -p "$copy/$(dirname "$file")"
  cp "$file" "$copy/$file"
done
mkdir -p "$copy/web/dist"

entity=$copy/crates/party/src/party/entity.rs
field=$(sed -n '/^   ```rust$/,/^   ```$/p' docs/recipes/add-a-field.md | sed '1d;$d;s/^   //')
[ -n "$field" ] || { echo "the recipe holds no field" >&2; exit 1; }
# The field goes before the name, the way a reader of the recipe would put it.
awk -v field="$field" '/#\[field\(zh = "名称", search\)\]/ && !done { print field; done = 1 } { print }' "$entity" >"$entity.new"
mv "$entity.new" "$entity"
grep -q founded_on "$entity"
# `Date` has to be known where it is used.
grep -q '^use kernel::.*Date' "$entity" || sed -i '0,/^use kernel::{/s//use kernel::{Date, /' "$entity"
# Tests build a party by hand; the program itself needs nothing more than the field.
cd "$copy"
# The libraries are built already; the copy's own crates lie elsewhere and are built anew.
export CARGO_TARGET_DIR=$root/target
cargo run -q -p app -- regen --root .
grep -q founded_on crates/app/migrations/*.json
grep -q founded_on tests/snapshots/openapi.json
cargo build -q -p app
data=$(mktemp -d)
heyi=$CARGO_TARGET_DIR/debug/heyi
"$heyi" company Recipe --data "$data" >/dev/null
printf 'code,name,is_customer,founded_on\nR1,Recipe Ltd,true,1999-12-31\n' >"$data/party.csv"
"$heyi" import party "$data/party.csv" --data "$data" | tee "$data/told.json"
grep -q '"created": 1' "$data/told.json"
echo "The recipe works: one line, one command."
