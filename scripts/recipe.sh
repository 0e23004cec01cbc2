#!/usr/bin/env bash
# Follows docs/recipes in a copy of the project: add-a-field.md, one line of Rust and one command, and the field is in
# the schema, the API and the record; add-a-module.md and add-a-document.md, with the lines that the commands print;
# add-a-report.md, with the file and the lines that stand there. All four are compiled together, once.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
copy=$(mktemp -d)
data=
# What the copy left in the shared target looks to cargo like ours: newer sources make it build ours again.
trap 'rm -rf "$copy" ${data:+"$data" "$data.key"}; touch "$root"/crates/*/src/lib.rs "$root"/crates/*/src/main.rs "$root"/xtask/src/main.rs 2>/dev/null || true' EXIT
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

# A module with a document, as the recipes name them; what is printed is put where it says.
blocks() { # blocks RECIPE N: the Nth piece of Rust in it
  awk -v n="$2" '/^   ```rust$/ { at++; inside = 1; next } /^   ```$/ { inside = 0 } inside && at == n { sub(/^   /, ""); print }' \
    "docs/recipes/$1"
}
read -r _ _ _ _ module < <(grep -o 'cargo xtask new module [a-z_]*' docs/recipes/add-a-module.md)
read -r _ _ _ _ _ document < <(grep -o 'cargo xtask new document [a-z_]* [a-z_]*' docs/recipes/add-a-document.md)
{ cargo run -q -p xtask -- new module "$module" && cargo run -q -p xtask -- new document "$module" "$document"; } >told
printed() { # printed FIRST-WORDS: the line that begins so, without them
  sed -n "s|^  $1 *||p" told | head -n 1 | grep . || { echo "nothing is printed for $1" >&2; exit 1; }
}
room=crates/$module/src/lib.rs
{
  sed "/^\[workspace.dependencies\]/a $(printed 'Cargo.toml' | sed 's/  *under .*//')" Cargo.toml >new && mv new Cargo.toml
  sed "/^\[dependencies\]/a $(printed 'crates/app/Cargo.toml')" crates/app/Cargo.toml >new && mv new crates/app/Cargo.toml
  sed "/vec!\[/a $(printed 'crates/app/src/modules.rs')" crates/app/src/modules.rs >new && mv new crates/app/src/modules.rs
  printed 'docs/architecture.md' | grep -q "^| \`$module\` |"
  sed -e "s|^use meta::.*|use $(printed 'use')\n\npub mod $(printed 'pub mod')|" \
    -e "s|menu: &\[\]|menu: \&[$(printed 'menu')]|" -e "s|entities: vec!\[\]|entities: vec![$(printed 'entities' | sed 's/&/\\&/g')]|" \
    -e "s|&\[Grant\] = &\[\]|\&[Grant] = \&[$(printed 'GRANTS')]|" "$room" >new && mv new "$room"
}

# A report of that document, with the four lines the recipe names.
blocks add-a-report.md 1 >"crates/$module/src/reports.rs"
report=$(sed -n 's/^    name: "\([a-z_]*\)",$/\1/p' "crates/$module/src/reports.rs")
line() { # line FIRST-WORDS: the line of the recipe that begins so
  blocks add-a-report.md 2 | grep -F "$1" | head -n 1 | grep . || { echo "the recipe names no line for $1" >&2; exit 1; }
}
{
  sed -e "s|^pub mod $document;|&\n$(line 'pub mod')|" -e "s|reports: vec!\[\],|$(line 'reports:' | sed 's/&/\\&/g')|" \
    -e "s|menu: &\[|&$(line 'MenuItem::Report') |" -e "s|&\[Grant\] = &\[|&$(line 'Grant::new') |" "$room" >new && mv new "$room"
}

cargo run -q -p app -- regen --root . 2>&1 | tee warnings
if grep -q "crates/$module/" warnings; then echo "what the recipes write makes the compiler complain" >&2; exit 1; fi
for made in crates/app/migrations/*.json tests/snapshots/openapi.json; do cat "$made"; done >described
for name in founded_on "$document"; do grep -q "\"$name\"" described; done
grep -q founded_on tests/snapshots/openapi.json
grep -q "/api/$document/{id}/finish" tests/snapshots/openapi.json
cargo build -q -p app
data=$(mktemp -d)
heyi=$CARGO_TARGET_DIR/debug/heyi
"$heyi" company Recipe --data "$data" >/dev/null
printf 'code,name,is_customer,founded_on\nR1,Recipe Ltd,true,1999-12-31\n' >"$data/party.csv"
"$heyi" import party "$data/party.csv" --data "$data" | tee "$data/told.json"
grep -q '"created": 1' "$data/told.json"
printf 'dated_on\n1999-12-31\n' >"$data/document.csv"
"$heyi" import "$document" "$data/document.csv" --data "$data" | tee "$data/told.json"
grep -q '"created": 1' "$data/told.json"
grep -q "/api/report/$report" tests/snapshots/openapi.json
"$heyi" report "$report" --data "$data" --format csv | tee "$data/told.csv"
grep -q 'draft,1' "$data/told.csv"
echo "The recipes work: a field is one line and one command; a module and a document are what the commands write and print; a report is what the recipe says."
