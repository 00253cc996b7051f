// Counts what passed and what failed, one line each failure, and a closing line.
let passed = 0;
const failures = [];

export function pass() {
  passed += 1;
}

export function fail(where, what) {
  failures.push(`${where}: ${what}`);
  console.log(`FAIL ${where}: ${what}`);
}

/** One expectation: counted, and said when it does not hold. */
export function expect(where, holds, what) {
  if (holds) pass();
  else fail(where, what);
  return Boolean(holds);
}

export function close() {
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}
