#!/bin/bash
# Gives the published token vectors to other people's implementations. See README.md.
set -u
cd "$(dirname "$0")/../../.." || exit 2
here=tests/foreign/oprf
work=target/foreign/oprf
vectors=docs/spec/vectors/exchange-1.json
passed=0 failed=0 skipped=0
export PIP_DISABLE_PIP_VERSION_CHECK=1

# The one place where versions are pinned.
node_tools="@cloudflare/voprf-ts@1.0.0"
python_tools="pyoprf==0.9.4"

skip() { echo "SKIP  $1: $2"; skipped=$((skipped + 1)); }
told() { # told NAME STATUS
  case $2 in
    0) echo "PASS  $1: $(tail -1 "$work/out")"; passed=$((passed + 1)) ;;
    3) skip "$1" "$(tail -1 "$work/out")" ;;
    *) echo "FAIL  $1"; cat "$work/out"; failed=$((failed + 1)) ;;
  esac
}

mkdir -p "$work"
python3 "$here/rederive.py" docs/spec/vectors >"$work/out" 2>&1
told "every vector from the text of the specification" $?

# A vector file with one digit changed must be refused, or the check above shows nothing.
rm -rf "$work/changed" && cp -r docs/spec/vectors "$work/changed"
sed -i '0,/"token": "./s/"token": "\(.\)/"token": "x/' "$work/changed/exchange-1.json"
if python3 "$here/rederive.py" "$work/changed" >"$work/out" 2>&1; then told "a changed token is seen" 1; else told "a changed token is seen" 0; fi

if (cd "$work" && { [ -f package.json ] || npm init -y; } && npm install --silent --no-audit --no-fund $node_tools) >"$work/out" 2>&1; then
  node "$here/voprf_ts.cjs" "$vectors" "$work" >"$work/out" 2>&1
  told "@cloudflare/voprf-ts" $?
else
  skip "@cloudflare/voprf-ts" "$(tail -1 "$work/out")"
fi

# liboprf is a C library that Debian 12 does not package: where it is not there, nothing can be installed that would bring it.
if ldconfig -p | grep -q liboprf; then
  venv=$work/venv
  [ -x "$venv/bin/python" ] || python3 -m venv "$venv" >"$work/out" 2>&1
  if "$venv/bin/pip" install --quiet $python_tools >"$work/out" 2>&1; then
    "$venv/bin/python" "$here/liboprf.py" "$vectors" >"$work/out" 2>&1
    told "pyoprf with liboprf" $?
  else
    skip "pyoprf" "$(tail -1 "$work/out")"
  fi
else
  echo "NOTE  pyoprf: not run, since this system has no liboprf and no package of it."
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && { [ "$skipped" -eq 0 ] || [ "${DAYLIGHT_REQUIRE_ALL:-}" != 1 ]; }
