#!/bin/bash
# Sends a served node what its own description allows and what it does not (schemathesis), and fails on a 500, on a status
# or a shape that the description does not name, and on anything accepted that should have been refused.
# Usage: tests/api/run.sh [EXAMPLES]. The same examples each time. See README.md beside it.
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$PWD/target/api
examples=${1:-6}
program=${DAYLIGHT_BIN:-target/debug/daylight}
export PIP_DISABLE_PIP_VERSION_CHECK=1

# The one place where the version is pinned.
tool="schemathesis==4.32.5"

skip() {
  echo "SKIP  schemathesis: $1"
  [ -z "${DAYLIGHT_REQUIRE_ALL:-}" ] || exit 1
  exit 0
}

rm -rf "$work/data" && mkdir -p "$work/data"
venv=$work/venv
if ! [ -x "$venv/bin/st" ]; then
  python3 -m venv "$venv" >"$work/out" 2>&1 || skip "no python3 with venv"
  "$venv/bin/pip" install --quiet "$tool" >"$work/out" 2>&1 || skip "it cannot be installed ($(tail -1 "$work/out"))"
fi
if [ -z "${DAYLIGHT_BIN:-}" ]; then cargo build --quiet --package cli || exit 1; fi

cp rules/demo/northmere.toml "$work/data/agency.toml"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$program" serve --data "$work/data" --listen "127.0.0.1:$port" --operator 127.0.0.1:0 \
  --invite "A. Hart <a.hart@northmere.example> northmere/hub" \
  --invite "R. Vane <r.vane@northmere.example> northmere/records-officer" >"$work/served" 2>&1 &
node=$!
trap 'kill "$node" 2>/dev/null; wait "$node" 2>/dev/null' EXIT
at=http://127.0.0.1:$port
python3 - "$at" <<'PY' || { echo "FAIL  the node is not served:"; cat "$work/served"; exit 1; }
import sys, time, urllib.request
for _ in range(300):
    try:
        urllib.request.urlopen(sys.argv[1] + "/api/openapi.json").read()
        sys.exit(0)
    except OSError:
        time.sleep(0.2)
sys.exit(1)
PY

token() { "$program" token --data "$work/data" "$1" "$2" | grep -Eo '[0-9a-f]{64}'; }
hub=$(token a.hart@northmere.example northmere/hub)
records=$(token r.vane@northmere.example northmere/records-officer)

# A concern to act on: its handles are put where the description says that they go.
known=$(python3 - "$at" "$hub" <<'PY'
import json, sys, urllib.request
report = {
    "words": "He came in again without a coat.", "safe": "yes", "parents": "unknown", "colleague": False,
    "mentions": [{"kind": "child", "role": "child-at-risk", "name": "Ivo Brook", "age": "4"}],
    "reporter": {"capacity": "work", "name": "Ms Alder", "role": "Year 4 lead", "organisation": "Fenside Primary"},
}
request = urllib.request.Request(sys.argv[1] + "/api/v1/reports", json.dumps(report).encode(), {
    "Authorization": "Bearer " + sys.argv[2], "Content-Type": "application/json", "Idempotency-Key": "first-of-all"})
reference = json.load(urllib.request.urlopen(request))["reference"]
request = urllib.request.Request(sys.argv[1] + "/api/v1/concerns/" + reference, headers={"Authorization": "Bearer " + sys.argv[2]})
concern = json.load(urllib.request.urlopen(request))
print("[parameters]")
for name, value in {
    "reference": reference, "record": concern["entries"][0]["record"], "subject": concern["subjects"][0]["id"],
    "duty": concern["duties"][0]["id"],
}.items():
    print(f'{name} = "{value}"')
PY
) || { echo "FAIL  no concern could be made"; exit 1; }

passed=0 failed=0
# round NAME TOKEN CONFIG OPTIONS...
round() {
  local name=$1 token=$2 config=$3; shift 3
  printf '%s\n' "$config" > "$work/schemathesis.toml"
  if (cd "$work" && "$venv/bin/st" run "$at/api/openapi.json" --header "Authorization: Bearer $token" \
      --phases examples,coverage,fuzzing --max-examples "$examples" --seed 1 --generation-deterministic \
      --suppress-health-check all --warnings off --no-color --workers 2 \
      --continue-on-failure --request-timeout 20 \
      --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,negative_data_rejection,unsupported_method,ignored_auth \
      "$@" >"$work/$name.txt" 2>&1); then
    echo "PASS  $name: $(grep -E 'generated' "$work/$name.txt" | head -1 | tr -s ' ')"
    passed=$((passed + 1))
  else
    echo "FAIL  $name:"; sed -n '/FAILURES/,$p' "$work/$name.txt" | head -150
    failed=$((failed + 1))
  fi
}

round guessing "$hub" ""
# Stepping away and restricting would hide the concern from the rest of the round.
round hub "$hub" "$known" --exclude-operation-id declareConflict --exclude-operation-id restrict
round records "$records" "$known" --include-path-regex 'holds|erasures|inspections'
grep -E 'panicked|ERROR' "$work/served" && { echo "FAIL  the node's log holds errors"; failed=$((failed + 1)); }
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
