// Which words in a log speak of which kind of failure, and how strongly. Each pattern is tried on one line and never looks back over it.
import type { FailureKind } from "../../core/failed-check.ts";

export interface FailureRule {
  readonly kind: Exclude<FailureKind, "unknown">;
  /** 0 to 100. A tool's own verdict is above 80; what may stand in any log by the way is below 50. */
  readonly weight: number;
  readonly pattern: RegExp;
  /** Reads on from "the log has": names the tool and what it said. */
  readonly what: string;
}

const rule = (kind: FailureRule["kind"], weight: number, what: string, pattern: RegExp): FailureRule => ({
  ...{ kind, weight, what, pattern },
});

/** Above a compiler's word: a log with both has tests that ran. */
const test: readonly FailureRule[] = [
  rule("test", 96, "failed tests of jest or vitest", /^\s*Tests:?\s{1,9}(?:\d+ [a-z]+[,| ]+)*?\d+ failed/),
  rule("test", 96, "failed tests of jest", /^\s*●.{1,300} › /),
  rule(
    "test",
    95,
    "a failed test file of jest or vitest",
    /^\s*(?:FAIL|❯)\s{1,4}\S+\.(?:[cm]?[jt]sx?|vue|svelte)\b/,
  ),
  rule("test", 96, "failed tests of mocha", /^\s{0,9}[1-9]\d{0,5} failing\s*$/),
  rule("test", 96, "failed tests of node:test", /^\s*(?:#|ℹ) fail [1-9]/),
  rule("test", 95, "failed tests in TAP", /^\s*not ok \d/),
  rule("test", 95, "a failed test of ava", /^\s*[1-9]\d{0,5} tests? failed\s*$/),
  rule("test", 96, "failed tests of pytest", /^=+ .{0,200}\b[1-9]\d{0,6} (?:failed|errors?)\b.{0,80} in \d/),
  rule("test", 96, "failed tests of pytest", /^(?:FAILED|ERROR) \S{1,300}\.py(?:::| |$)/),
  rule("test", 96, "failed tests of unittest", /^FAILED \((?:failures|errors)=/),
  rule("test", 96, "failed tests of go", /^\s*--- FAIL: /),
  rule("test", 94, "a panic in a test of go", /^panic: .{0,300}\[recovered\]/),
  rule("test", 96, "failed tests of cargo", /^test result: FAILED/),
  rule("test", 96, "failed tests of nextest", /^\s*Summary \[.{0,40}\b[1-9]\d{0,6} failed/),
  rule("test", 95, "failed tests of rspec", /^\d+ examples?, [1-9]\d{0,6} failures?/),
  rule(
    "test",
    95,
    "failed tests of Maven or Gradle",
    /Tests run: \d+, (?:Failures: [1-9]|Failures: 0, Errors: [1-9])|^> There were failing tests/,
  ),
  rule("test", 95, "failed tests of PHPUnit", /^Tests: \d+, Assertions: \d+, (?:Errors|Failures): [1-9]/),
  rule("test", 95, "failed tests of Playwright", /^\s{0,9}[1-9]\d{0,5} failed\s*$/),
  rule(
    "test",
    60,
    "a failed assertion",
    /\bAssertionError\b|\bAssertionFailedError\b|^assertion .{0,300}failed/,
  ),
  rule("test", 55, "a failed test script", /^npm (?:ERR!|error) Test failed|^ELIFECYCLE\s{1,4}Test failed/),
  rule("test", 50, "a failed package of go", /^FAIL\t\S{1,300}\t[\d.]+s$/),
];

const type: readonly FailureRule[] = [
  rule("type", 93, "errors of TypeScript", /\berror TS\d{4,5}:/),
  rule("type", 90, "errors of mypy", /^Found [1-9]\d{0,6} errors? in [1-9]\d{0,6} files?/),
  rule("type", 90, "errors of mypy", /\.py:\d{1,7}: error: .{1,600}\[[a-z-]+\]$/),
  rule("type", 90, "errors of pyright", /^[1-9]\d{0,6} errors?, \d+ warnings?/),
  rule("type", 90, "errors of pyright", /- error: .{1,600}\(report[A-Z]\w+\)/),
  rule("type", 93, "a failed build of go", /^FAIL\t?\s?\S{1,300} \[(?:build|setup) failed\]/),
  rule(
    "type",
    88,
    "errors of go build or go vet",
    /^(?:vet: )?\.{0,2}\/?\S{1,300}\.go:\d{1,7}:\d{1,5}: (?!.{0,80}(?:gofmt|goimports|lint))\D/,
  ),
  rule("type", 93, "errors of rustc", /^error\[E\d{4}\]/),
  rule("type", 90, "a failed build of cargo", /^error: could not compile /),
  rule(
    "type",
    88,
    "errors of javac or kotlinc",
    /^\[ERROR\] COMPILATION ERROR|\.(?:java:\d{1,7}: error:|kt:\d{1,7}:\d{1,5}: error:)|^e: .{0,300}\.kts?:/,
  ),
  rule("type", 88, "errors of flow", /^Found [1-9]\d{0,6} errors?$|^Error -{10}/),
  rule(
    "type",
    85,
    "a failed build of a bundler",
    /^(?:Failed to compile\.|\[vite\]: Rollup failed|✘ \[ERROR\] |Type error: )/,
  ),
];

const lint: readonly FailureRule[] = [
  rule("lint", 92, "complaints of eslint", /^\s*✖ [1-9]\d{0,6} problems? \(/),
  rule("lint", 92, "complaints of eslint", /^ESLint found too many warnings/),
  rule(
    "lint",
    92,
    "files that prettier would change",
    /Code style issues (?:were )?found in|Run Prettier (?:with --write )?to fix/,
  ),
  rule(
    "lint",
    92,
    "files that black would change",
    /^[1-9]\d{0,6} files? would be reformatted|^would reformat \S/,
  ),
  rule("lint", 91, "files that ruff would change", /^Would reformat: \S/),
  rule(
    "lint",
    90,
    "complaints of ruff",
    /^\S{1,300}\.pyi?:\d{1,7}:\d{1,5}: [A-Z]{1,4}\d{3,4} |^\[\*\] \d+ fixable with|^\s*--> \S{1,300}\.pyi?:\d|^[A-Z]{1,4}\d{3,4} (?:\[\*\] )?[`A-Z]/,
  ),
  rule(
    "lint",
    89,
    "complaints of isort or flake8",
    /^ERROR: \S{1,300}\.py Imports are incorrectly sorted|^\S{1,300}\.py:\d{1,7}:\d{1,5}: [EFWC]\d{3} /,
  ),
  rule(
    "lint",
    90,
    "complaints of biome",
    /^(?:Some errors were emitted while running checks|\S{1,300} (?:lint|format|organizeImports|assist)(?:\/\S{1,80})? .{0,40}━)/,
  ),
  rule(
    "lint",
    90,
    "files that gofmt would change",
    /\(gofmt\)|\(goimports\)|^(?:File is not `?gofmt|gofmt: |Go code is not formatted)|not gofmt-ed/i,
  ),
  rule(
    "lint",
    90,
    "complaints of golangci-lint",
    /^\S{1,300}\.go:\d{1,7}:\d{1,5}: .{1,600}\((?:errcheck|staticcheck|revive|unused|govet|gosimple|ineffassign|gocritic|lll)\)$/,
  ),
  rule("lint", 92, "files that rustfmt would change", /^Diff in \S{1,300}\.rs/),
  rule("lint", 94, "complaints of clippy", /\bclippy::\w/),
  rule("lint", 89, "complaints of stylelint", /^\s*✖ [1-9]\d{0,6} (?:error|warning)s?\b/),
  rule("lint", 88, "complaints of commitlint", /^\s*✖\s{1,4}found [1-9]\d{0,4} problems/),
  rule("lint", 85, "a failed hook of pre-commit", /^\S.{0,80}\.{3,70}Failed$/),
];

const install: readonly FailureRule[] = [
  rule(
    "install",
    91,
    "a package that npm could not install",
    /^npm (?:ERR!|error) code (?:ERESOLVE|E404|ETARGET|EUSAGE|EBADENGINE|ENOVERSIONS|EINTEGRITY|E401|E403|EBADPLATFORM|ENOLOCK)/,
  ),
  rule(
    "install",
    91,
    "a lockfile that does not fit package.json",
    /`npm ci` can only install packages when|npm ci. can only install/,
  ),
  rule(
    "install",
    91,
    "a package that pnpm could not install",
    /ERR_PNPM_(?!RECURSIVE_RUN|META_FETCH_FAIL|FETCH_5|NO_SCRIPT)\w/,
  ),
  rule(
    "install",
    91,
    "a package that yarn could not install",
    /^error (?:Couldn't find (?:any versions|package)|Your lockfile needs to be updated|An unexpected error occurred: "https?:\S{1,300}: Not found)|YN00(?:28|35|82|16|18)\b/,
  ),
  rule(
    "install",
    91,
    "a package that pip could not install",
    /^ERROR: (?:Could not find a version that satisfies|No matching distribution found|ResolutionImpossible|Cannot install |Failed building wheel|Could not build wheels)|^error: subprocess-exited-with-error/,
  ),
  rule(
    "install",
    90,
    "dependencies that poetry or uv could not resolve",
    /version solving failed|No solution found when resolving|pyproject\.toml changed significantly since|The lockfile at `?uv\.lock`? needs to be updated/,
  ),
  rule(
    "install",
    91,
    "a module that go could not get",
    /^go: (?:updates to go\.mod needed|\S{1,300}: (?:missing go\.sum|unknown revision|reading \S{1,300}: 4\d\d))|missing go\.sum entry|verifying module: checksum mismatch/,
  ),
  rule(
    "install",
    91,
    "a crate that cargo could not get",
    /^error: (?:failed to select a version|the lock file \S{1,300} needs to be updated|no matching package (?:named|found)|failed to parse manifest)/,
  ),
  rule(
    "install",
    88,
    "a gem that bundler could not install",
    /^Could not find gem |^Bundler could not find compatible versions/,
  ),
];

const infrastructure: readonly FailureRule[] = [
  rule("infrastructure", 94, "a runner that was shut down", /The runner has received a shutdown signal/),
  rule(
    "infrastructure",
    94,
    "a runner that was lost",
    /lost communication with the server|runner.{0,40} did not respond|The job was not acquired by Runner/i,
  ),
  rule("infrastructure", 93, "no space left on the runner", /No space left on device|ENOSPC/i),
  rule(
    "infrastructure",
    92,
    "an action that could not be downloaded",
    /Unable to (?:resolve|download) action|Failed to download action|Failed to download archive/,
  ),
  rule(
    "infrastructure",
    92,
    "a registry that could not be reached",
    /^npm (?:ERR!|error) (?:code (?:ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ERR_SOCKET_TIMEOUT|E5\d\d|E429)|network |5\d\d )|ERR_PNPM_(?:META_FETCH_FAIL|FETCH_5)|^error An unexpected error occurred: .{0,300}(?:5\d\d|ECONNRESET|ESOCKETTIMEDOUT|ETIMEDOUT)/,
  ),
  rule(
    "infrastructure",
    80,
    "a job that took longer than it may",
    /has exceeded the maximum execution time|The action .{1,200} has timed out after/i,
  ),
  rule(
    "infrastructure",
    75,
    "a job that was cancelled",
    /^(?:Error: )?(?:The operation was canceled\.|The run was canceled by|Canceling since a higher priority)/,
  ),
  rule(
    "infrastructure",
    80,
    "a server that refused for its rate",
    /API rate limit exceeded|secondary rate limit|toomanyrequests|429 Too Many Requests|HTTP status 429/i,
  ),
  rule(
    "infrastructure",
    70,
    "a server that failed",
    /\b50[0234] (?:Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)|TLS handshake timeout|Error response from daemon: (?:Get|Head) |requested URL returned error: 5\d\d/i,
  ),
  rule(
    "infrastructure",
    65,
    "a process that was killed",
    /^(?:Error: )?Process completed with exit code (?:137|143)\b|JavaScript heap out of memory|signal: killed/,
  ),
  rule(
    "infrastructure",
    45,
    "a broken connection",
    /\b(?:ECONNRESET|ETIMEDOUT|EAI_AGAIN|ECONNREFUSED|ESOCKETTIMEDOUT)\b|socket hang up|Could not resolve host|Temporary failure in name resolution|Connection (?:reset by peer|timed out)/i,
  ),
];

export const failureRules: readonly FailureRule[] = [
  ...test,
  ...type,
  ...lint,
  ...install,
  ...infrastructure,
];

/** What a step or a check is for, by its name: weak, for nothing says that it did what it is called. */
export const nameRules: readonly Omit<FailureRule, "weight">[] = [
  {
    kind: "type",
    what: "a type check",
    pattern: /\b(?:type-?check(?:s|ing)?|types|tsc|mypy|pyright|go vet|compile|cargo check|build)\b/i,
  },
  {
    kind: "lint",
    what: "a linter",
    pattern:
      /\b(?:lint(?:er|ing)?|eslint|prettier|format(?:ting)?|fmt|ruff|black|biome|clippy|gofmt|style|flake8|pre-commit)\b/i,
  },
  {
    kind: "install",
    what: "an installation",
    pattern: /\b(?:npm ci|install(?:ation)?|dependencies|pip install|go mod)\b/i,
  },
  {
    kind: "test",
    what: "tests",
    pattern: /\b(?:tests?|testing|specs?|e2e|unit|integration|jest|vitest|mocha|pytest|unittest)\b/i,
  },
];
