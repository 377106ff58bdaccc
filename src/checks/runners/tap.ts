// ava, tap, tape, and files that print TAP when node runs them: TAP on standard output is the report.
import { without } from "./arguments.ts";
import { isBefore } from "./mocha.ts";
import { scriptWords } from "./node-test.ts";
import { reportPath } from "./places.ts";
import { selectedWords } from "./script-selection.ts";
import { v8Coverage } from "./v8-coverage.ts";
import type { Prepare, Prepared, TestRequest } from "./types.ts";

/** Standard output becomes the report; its end is shown to people, too. */
function tapReport(paths: readonly string[], shuffled: boolean): Omit<Prepared, "words"> {
  const coverage = v8Coverage(paths);
  const report = reportPath("tests.tap");
  return {
    ...coverage,
    redirection: `> ${report}`,
    last: [`tail -c 65536 ${report}`, ...(coverage.last ?? [])],
    report: { name: "tests.tap", format: "tap" },
    shuffled,
  };
}

export const prepareAva: Prepare = async (runner, request) => {
  const args = without(runner.arguments, {
    flags: ["--tap", "-t", "--watch", "-w", "--verbose", "-v", "--fail-fast", "--update-snapshots", "-u"],
  });
  const selected = await selectedWords(args, request, {
    valued: ["--match", "-m", "--concurrency", "-c", "--timeout", "-T", "--node-arguments", "--config"],
    isTest: isAvaTest,
    named: /"ava"\s{0,9}:\s{0,9}\{[^}]{0,2000}"files"/.test((await request.files.read("package.json")) ?? ""),
    ordered: false,
  });
  if (selected === null) return null;
  return {
    words: [...runner.launch, "--tap", ...selected.words],
    ...tapReport(request.paths, selected.shuffled),
  };
};

/** ava's own choice of files. */
function isAvaTest(path: string): boolean {
  return (
    /(?:^|\/)(?:tests?|__tests__)\/(?!.*(?:fixtures|helpers|__helpers__|__fixtures__)\/)[^_]*\.[cm]?[jt]sx?$/.test(
      path,
    ) || /(?:^|\/)(?:test|test-[^/]*|[^/]*\.(?:test|spec))\.[cm]?[jt]sx?$/.test(path)
  );
}

export const prepareTap: Prepare = async (runner, request) => {
  const args = without(runner.arguments, {
    flags: ["-w", "--watch", "--cov", "--coverage", "--check-coverage", "--100", "--bail", "-b", "--no-cov"],
    valued: ["-R", "--reporter", "--coverage-report"],
  });
  const selected = await selectedWords(args, request, {
    valued: ["-t", "--timeout", "-j", "--jobs", "--grep", "-g", "--node-arg", "--before", "--after"],
    isTest: isTapTest,
    named: false,
    ordered: true,
  });
  if (selected === null) return null;
  return {
    words: [...runner.launch, ...tapWords(request), ...selected.words],
    ...tapReport(request.paths, selected.shuffled),
  };
};

/** tap 18 has other words for "no coverage". */
function tapWords({ dependencies }: TestRequest): readonly string[] {
  return isBefore(dependencies.get("tap"), 18)
    ? ["--reporter=tap", "--no-coverage", "--no-check-coverage"]
    : ["--reporter=tap", "--disable-coverage", "--allow-incomplete-coverage", "--allow-empty-coverage"];
}

function isTapTest(path: string): boolean {
  return (
    /(?:^|\/)(?:tests?|__tests__)\/(?!.*(?:fixtures|node_modules)\/).*\.[cm]?[jt]sx?$/.test(path) ||
    /(?:^|\/)(?:tests?|[^/]*\.(?:tests?|spec))\.[cm]?[jt]sx?$/.test(path)
  );
}

export const prepareTape: Prepare = async (runner, request) => {
  const isProgram = !/(?:^|\/)(?:node|tsx|ts-node)$/.test(runner.launch[0] ?? "");
  const selected = isProgram
    ? await selectedWords(without(runner.arguments, { flags: ["--only"] }), request, {
        valued: ["-r", "--require", "-i", "--ignore", "--ignore-pattern"],
        isTest: (path) => /\.[cm]?[jt]s$/.test(path),
        named: false,
        ordered: true,
      })
    : scriptWords(runner.arguments, request);
  if (selected === null) return null;
  return { words: [...runner.launch, ...selected.words], ...tapReport(request.paths, selected.shuffled) };
};
