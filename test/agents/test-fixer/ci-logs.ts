// Logs of CI as tools write them, made up by us: what each is about, and what it names.
import type { FailureKind } from "../../../src/core/failed-check.ts";

export interface LogCase {
  readonly name: string;
  readonly kind: FailureKind;
  readonly log: string;
  readonly tests?: readonly string[];
  readonly files?: readonly string[];
}

const runner = "/home/runner/work/shop/shop";

const tests: readonly LogCase[] = [
  {
    name: "jest",
    kind: "test",
    log: `FAIL test/cart.test.ts
  ● Console
    console.warn
      retrying after ECONNRESET
  ● cart › adds › rounds half up

    expect(received).toBe(expected) // Object.is equality
      at Object.toBe (${runner}/test/cart.test.ts:14:22)

Test Suites: 1 failed, 11 passed, 12 total
Tests:       1 failed, 2 skipped, 98 passed, 101 total`,
    tests: ["cart › adds › rounds half up"],
    files: ["test/cart.test.ts"],
  },
  {
    name: "jest, a file that cannot be compiled",
    kind: "test",
    log: `FAIL src/price.test.ts
  ● Test suite failed to run
    src/price.ts:3:7 - error TS2322: Type 'string' is not assignable to type 'number'.
Tests:       0 total`,
    tests: [],
    files: ["src/price.test.ts", "src/price.ts"],
  },
  {
    name: "vitest",
    kind: "test",
    log: ` ❯ test/parse.test.ts (12 tests | 1 failed) 31ms
   × parse > keeps quotes 5ms
 FAIL  test/parse.test.ts > parse > keeps quotes
AssertionError: expected 'a' to be 'b'
 ❯ test/parse.test.ts:20:17
 Test Files  1 failed | 3 passed (4)
      Tests  1 failed | 44 passed (45)`,
    tests: ["parse > keeps quotes", "test/parse.test.ts > parse > keeps quotes"],
    files: ["test/parse.test.ts"],
  },
  {
    name: "mocha",
    kind: "test",
    log: `  31 passing (120ms)
  1 failing

  1) Queue drains in order:
      AssertionError [ERR_ASSERTION]: 2 == 3
      at Context.<anonymous> (test/queue.js:9:14)`,
    tests: ["Queue drains in order"],
    files: ["test/queue.js"],
  },
  {
    name: "node:test",
    kind: "test",
    log: `✔ opens (1.1ms)
✖ closes twice (2.504ms)
ℹ tests 2
ℹ fail 1
✖ failing tests:
test at test/file.test.js:8:1
✖ closes twice (2.504ms)`,
    tests: ["closes twice"],
    files: ["test/file.test.js"],
  },
  {
    name: "TAP",
    kind: "test",
    log: `TAP version 14\nok 1 - adds\nnot ok 2 - subtracts # time=3ms\n# fail 1`,
    tests: ["subtracts"],
  },
  {
    name: "ava",
    kind: "test",
    log: `  ✘ [fail]: slug › cuts long words\n  ─\n\n  1 test failed`,
  },
  {
    name: "pytest",
    kind: "test",
    log: `E       assert 3 == 4
tests/test_sum.py:7: AssertionError
=========================== short test summary info ============================
FAILED tests/test_sum.py::TestSum::test_carry[1-2] - assert 3 == 4
========================= 1 failed, 40 passed in 1.21s =========================`,
    tests: ["tests/test_sum.py::TestSum::test_carry[1-2]"],
    files: ["tests/test_sum.py"],
  },
  {
    name: "pytest that cannot import",
    kind: "test",
    log: `ERROR tests/test_io.py - ModuleNotFoundError: No module named 'shop'\n=========== 1 error in 0.11s ===========`,
    files: ["tests/test_io.py"],
  },
  {
    name: "unittest",
    kind: "test",
    log: `FAIL: test_join (tests.test_text.TestText)\nRan 9 tests in 0.02s\n\nFAILED (failures=1)`,
    tests: ["test_join (tests.test_text.TestText)"],
  },
  {
    name: "go",
    kind: "test",
    log: `--- FAIL: TestSplit (0.00s)
    --- FAIL: TestSplit/empty (0.00s)
        split_test.go:21: got 1, want 0
FAIL
FAIL\texample.com/text\t0.004s`,
    tests: ["TestSplit", "TestSplit/empty"],
    files: ["split_test.go"],
  },
  {
    name: "go, with a package that does not build beside it",
    kind: "test",
    log: `FAIL\texample.com/other [build failed]\n--- FAIL: TestSplit (0.00s)`,
    tests: ["TestSplit"],
  },
  {
    name: "cargo",
    kind: "test",
    log: `test text::splits ... FAILED
---- text::splits stdout ----
thread 'text::splits' panicked at src/text.rs:40:9:
assertion \`left == right\` failed
test result: FAILED. 3 passed; 1 failed; 0 ignored`,
    tests: ["text::splits"],
    files: ["src/text.rs"],
  },
  {
    name: "nextest",
    kind: "test",
    log: `        FAIL [   0.010s] shop text::splits\n     Summary [   0.120s] 12 tests run: 11 passed, 1 failed, 0 skipped`,
  },
  {
    name: "rspec",
    kind: "test",
    log: `rspec ./spec/cart_spec.rb:4 # Cart adds\n12 examples, 1 failure`,
    files: ["spec/cart_spec.rb"],
  },
  { name: "Maven", kind: "test", log: `[ERROR] Tests run: 4, Failures: 1, Errors: 0, Skipped: 0` },
  { name: "PHPUnit", kind: "test", log: `FAILURES!\nTests: 4, Assertions: 9, Failures: 1.` },
  {
    name: "Playwright",
    kind: "test",
    log: `  1) [chromium] › cart.spec.ts:3:1 › adds\n  1 failed\n    cart.spec.ts`,
  },
];

const types: readonly LogCase[] = [
  {
    name: "tsc",
    kind: "type",
    log: `src/cart.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.`,
    files: ["src/cart.ts"],
  },
  {
    name: "tsc with colours off and pretty on",
    kind: "type",
    log: `src/cart.ts:3:7 - error TS2322: Type 'string' is not assignable.\nFound 1 error in src/cart.ts:3`,
    files: ["src/cart.ts"],
  },
  {
    name: "mypy",
    kind: "type",
    log: `shop/cart.py:3: error: Incompatible types in assignment  [assignment]\nFound 1 error in 1 file (checked 8 source files)`,
    files: ["shop/cart.py"],
  },
  {
    name: "pyright",
    kind: "type",
    log: `  /repo/shop/cart.py:3:5 - error: "x" is not defined (reportUndefinedVariable)\n1 error, 0 warnings, 0 informations`,
  },
  {
    name: "go vet",
    kind: "type",
    log: `# example.com/text\nvet: ./split.go:4:2: undefined: strigns`,
    files: ["split.go"],
  },
  {
    name: "go build",
    kind: "type",
    log: `# example.com/text\n./split.go:4:2: undefined: strigns\nFAIL\texample.com/text [build failed]`,
    files: ["split.go"],
  },
  {
    name: "rustc",
    kind: "type",
    log: `error[E0308]: mismatched types\n  --> src/lib.rs:4:5\nerror: could not compile \`shop\``,
    files: ["src/lib.rs"],
  },
  {
    name: "javac",
    kind: "type",
    log: `[ERROR] COMPILATION ERROR :\n[ERROR] /w/src/Cart.java:[3,5] cannot find symbol`,
  },
  {
    name: "next build",
    kind: "type",
    log: `Failed to compile.\n./pages/cart.tsx:3:5\nType error: Property 'x' does not exist`,
  },
];

const lints: readonly LogCase[] = [
  {
    name: "eslint",
    kind: "lint",
    log: `${runner}/src/cart.ts\n  3:7  error  'x' is never used  no-unused-vars\n\n✖ 1 problem (1 error, 0 warnings)`,
    files: ["src/cart.ts"],
  },
  {
    name: "prettier",
    kind: "lint",
    log: `[warn] src/cart.ts\n[warn] Code style issues found in the above file. Run Prettier with --write to fix.`,
    files: ["src/cart.ts"],
  },
  {
    name: "ruff check",
    kind: "lint",
    log: `shop/cart.py:1:8: F401 [*] \`os\` imported but unused\nFound 1 error.\n[*] 1 fixable with the \`--fix\` option.`,
    files: ["shop/cart.py"],
  },
  {
    name: "ruff format",
    kind: "lint",
    log: `Would reformat: shop/cart.py\n1 file would be reformatted, 8 files already formatted`,
  },
  {
    name: "black",
    kind: "lint",
    log: `would reformat shop/cart.py\nOh no! 💥 💔 💥\n1 file would be reformatted.`,
  },
  { name: "gofmt", kind: "lint", log: `split.go:4: File is not \`gofmt\`-ed with \`-s\` (gofmt)` },
  {
    name: "golangci-lint",
    kind: "lint",
    log: `text/split.go:4:2: Error return value is not checked (errcheck)`,
    files: ["text/split.go"],
  },
  {
    name: "biome",
    kind: "lint",
    log: `src/cart.ts:3:7 lint/style/useConst  FIXABLE  ━━━━━━━━━━\nFound 1 error.`,
  },
  { name: "rustfmt", kind: "lint", log: `Diff in ${runner}/src/lib.rs:4:`, files: ["src/lib.rs"] },
  {
    name: "clippy",
    kind: "lint",
    log: `error: redundant clone\n  --> src/lib.rs:4:5\n  = note: \`-D clippy::redundant-clone\` implied\nerror: could not compile \`shop\``,
  },
  {
    name: "pre-commit",
    kind: "lint",
    log: `trim trailing whitespace.................................................Failed`,
  },
];

const installs: readonly LogCase[] = [
  {
    name: "npm, peers that do not fit",
    kind: "install",
    log: `npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree`,
  },
  {
    name: "npm, no such package",
    kind: "install",
    log: `npm ERR! code E404\nnpm ERR! 404 Not Found - GET https://registry.npmjs.org/lefft-pad`,
  },
  {
    name: "npm, no such version",
    kind: "install",
    log: `npm ERR! code ETARGET\nnpm ERR! notarget No matching version found for left-pad@9.9.9.`,
  },
  {
    name: "npm, a lockfile behind",
    kind: "install",
    log: "npm error code EUSAGE\nnpm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.",
  },
  {
    name: "pnpm, a lockfile behind",
    kind: "install",
    log: ` ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile"`,
  },
  {
    name: "yarn",
    kind: "install",
    log: `error Your lockfile needs to be updated, but yarn was run with \`--frozen-lockfile\`.`,
  },
  {
    name: "yarn berry",
    kind: "install",
    log: `➤ YN0028: │ The lockfile would have been modified by this install, which is explicitly forbidden.`,
  },
  {
    name: "pip",
    kind: "install",
    log: `ERROR: Could not find a version that satisfies the requirement shopp==9\nERROR: No matching distribution found for shopp==9`,
  },
  {
    name: "go modules",
    kind: "install",
    log: `split.go:3:8: missing go.sum entry for module providing package golang.org/x/text`,
  },
  {
    name: "cargo, a lockfile behind",
    kind: "install",
    log: `error: the lock file ${runner}/Cargo.lock needs to be updated but --locked was passed`,
  },
];

const infrastructure: readonly LogCase[] = [
  {
    name: "a runner shut down",
    kind: "infrastructure",
    log: `Error: The runner has received a shutdown signal. This can happen when the runner service is stopped.`,
  },
  {
    name: "a lost runner",
    kind: "infrastructure",
    log: `The hosted runner: GitHub Actions 12 lost communication with the server.`,
  },
  { name: "a full disk", kind: "infrastructure", log: `tar: a.js: Cannot write: No space left on device` },
  {
    name: "a registry that resets",
    kind: "infrastructure",
    log: `npm error code ECONNRESET\nnpm error network aborted`,
  },
  {
    name: "a registry that fails",
    kind: "infrastructure",
    log: `npm ERR! 503 Service Unavailable - GET https://registry.npmjs.org/react`,
  },
  {
    name: "a rate limit",
    kind: "infrastructure",
    log: `Error: API rate limit exceeded for installation ID 12.`,
  },
  {
    name: "docker hub's rate",
    kind: "infrastructure",
    log: `toomanyrequests: You have reached your pull rate limit.`,
  },
  {
    name: "a job that takes too long",
    kind: "infrastructure",
    log: `Error: The job running on runner GitHub Actions 2 has exceeded the maximum execution time of 360 minutes.`,
  },
  { name: "a cancelled job", kind: "infrastructure", log: `compiling\nError: The operation was canceled.` },
  {
    name: "an action that cannot be had",
    kind: "infrastructure",
    log: `Failed to download action 'https://api.github.com/repos/actions/checkout/tarball/1'. Error: Response status code 500`,
  },
];

const unknown: readonly LogCase[] = [
  {
    name: "nothing but an exit status",
    kind: "unknown",
    log: `./deploy.sh: line 3\nError: Process completed with exit code 1.`,
  },
  {
    name: "words that only resemble",
    kind: "unknown",
    log: `0 failed\n12 passing\nnot okay\nfailure is fine`,
  },
];

export const logCases: readonly LogCase[] = [
  ...tests,
  ...types,
  ...lints,
  ...installs,
  ...infrastructure,
  ...unknown,
];
