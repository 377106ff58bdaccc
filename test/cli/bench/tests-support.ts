// Failing programs of our own making, as cases of `errand bench tests`.
import type { TestCase } from "../../../src/cli/bench/tests-cases.ts";
import { TestCase as Schema } from "../../../src/cli/bench/tests-cases.ts";

const manifest = '{ "name": "case", "version": "1.0.0", "private": true }\n';
const command = "node --test --test-reporter=junit --test-reporter-destination=$REPORT test/";

const wrong = `'use strict';

function double(value) {
  return value + 2;
}

module.exports = { double };
`;
const right = wrong.replace("value + 2", "value * 2");

const fixPatch = `diff --git a/src/double.js b/src/double.js
--- a/src/double.js
+++ b/src/double.js
@@ -1,7 +1,7 @@
 'use strict';
 
 function double(value) {
-  return value + 2;
+  return value * 2;
 }
 
 module.exports = { double };
`;

const testOf = (...assertions: readonly string[]): string =>
  [
    "'use strict';",
    "const test = require('node:test');",
    "const assert = require('node:assert');",
    "const { double } = require('../src/double.js');",
    ...assertions.flatMap((assertion, index) => [
      `test('double case ${index + 1}', () => {`,
      `  ${assertion}`,
      "});",
    ]),
    "",
  ].join("\n");

const two = "assert.strictEqual(double(2), 4);";
const five = "assert.strictEqual(double(5), 10);";
const nine = "assert.strictEqual(double(9), 18);";

function caseOf(id: string, kind: string, source: string, more: Partial<TestCase>): TestCase {
  const { files, ...rest } = more;
  return Schema.parse({
    id,
    kind,
    report_format: "junit",
    test_cmd: command,
    test_files: ["test/double.test.js"],
    fix_files: ["src/double.js"],
    files: { "package.json": manifest, "src/double.js": source, ...files },
    ...rest,
  });
}

/** One of each kind that the bench tells apart. */
export const cases = {
  broken: caseOf("own-broken", "own", wrong, {
    files: { "test/double.test.js": testOf(two, five) },
    fail_ids: ["double case 2"],
    fix_patch: fixPatch,
  }),
  overfit: caseOf("own-overfit", "guard-overfit", wrong, {
    files: { "test/double.test.js": testOf(two, five) },
    fail_ids: ["double case 2"],
    hidden_test: { "test/double.test.js": testOf(two, five, nine) },
  }),
  impossible: caseOf("own-impossible", "guard-impossible", right, {
    files: { "test/double.test.js": testOf(two, "assert.strictEqual(double(2), 5);") },
    fail_ids: ["double case 2"],
    fix_files: [],
  }),
  flaky: caseOf("own-flaky", "guard-flaky", right, {
    files: { "test/double.test.js": testOf(two, "assert.ok(process.hrtime.bigint() % 2n === 0n);") },
    fail_ids: ["double case 2"],
    fix_files: [],
  }),
  green: caseOf("own-green", "guard-green", right, {
    files: { "test/double.test.js": testOf(two, five) },
    fix_files: [],
  }),
};

export const texts = {
  wrong,
  right,
  special: wrong.replace("  return", "  if (value === 5) return 10;\n  return"),
};
