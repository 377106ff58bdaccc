// jest: finds the tests that changed files can affect by its own map of the project.
import { scriptFile, scriptPaths } from "../affected/relevance.ts";
import { quoteWord } from "../shell/quote.ts";
import { pathWords, rawWords, splitArguments, without } from "./arguments.ts";
import { coverageFolder, reportPath } from "./places.ts";
import { affectedTests, isFrom, runnerSeed } from "./selection.ts";
import type { Argument, Prepare, TestRequest } from "./types.ts";

/** What a run of some tests, once, without git, cannot have. */
const unwanted = {
  flags: [
    "--watch",
    "--watchAll",
    "-o",
    "--onlyChanged",
    "--lastCommit",
    "--coverage",
    "--collectCoverage",
    "--json",
    "--passWithNoTests",
    "--testLocationInResults",
    "--bail",
    "-b",
  ],
  valued: [
    "--changedSince",
    "--outputFile",
    "--coverageReporters",
    "--coverageDirectory",
    "--coverageThreshold",
    "--collectCoverageFrom",
  ],
};

/** Options whose value is the next word. */
const valued =
  "-c --config -t --testNamePattern -w --maxWorkers --env --testEnvironment --rootDir --testTimeout --shard --preset --testRunner --globals --seed --cacheDirectory --testSequencer --testResultsProcessor --maxConcurrency --workerIdleMemoryLimit".split(
    " ",
  );
/** Options whose values are all the words up to the next option. */
const listed =
  /^--(?:projects|selectProjects|ignoreProjects|reporters|roots|setupFiles|setupFilesAfterEnv|testMatch|testRegex|testPathPatterns?|testPathIgnorePatterns|modulePaths|moduleDirectories|moduleFileExtensions|watchPathIgnorePatterns|transformIgnorePatterns|coveragePathIgnorePatterns|snapshotSerializers|unmockedModulePathPatterns|forceCoverageMatch)$/;

export const prepareJest: Prepare = (runner, request) => {
  const { paths } = request;
  const selected = selectedWords(without(runner.arguments, unwanted), request);
  if (selected === null) return Promise.resolve(null);
  const order = orderWords(request);
  const measured = paths.filter((path) => scriptFile.test(path) && !/[*?{}[\]()!]/.test(path));
  const coverage =
    measured.length === 0
      ? ["--coverage=false"]
      : [
          "--coverage",
          "--coverageReporters=json",
          `--coverageDirectory=${coverageFolder}`,
          "--coverageThreshold='{}'",
          ...measured.map((path) => `--collectCoverageFrom=${quoteWord(path)}`),
        ];
  return Promise.resolve({
    words: [
      ...runner.launch,
      ...selected.args,
      "--json",
      `--outputFile=${reportPath("tests.json")}`,
      "--testLocationInResults",
      "--passWithNoTests",
      ...order,
      ...coverage,
      ...selected.tests,
    ],
    last: measured.length === 0 ? [] : [takeCoverage],
    report: { name: "tests.json", format: "jest-json" },
    coverage: measured.length === 0 ? null : { name: "coverage.json", format: "istanbul-json" },
    shuffled: order.length > 0,
  });
};

/** `null` where no test is affected. */
function selectedWords(
  args: readonly Argument[],
  { paths, selection = affectedTests }: TestRequest,
): { readonly args: readonly string[]; readonly tests: readonly string[] } | null {
  switch (selection.kind) {
    case "all":
      return { args: rawWords(args), tests: [] };
    case "files": {
      // Names that stay are taken for paths as well; a folder or a pattern is none of a test.
      const isListed = args.some(({ raw }) => listed.test(raw));
      const kept = isListed ? args : splitArguments(args, valued).options;
      return { args: rawWords(kept), tests: ["--runTestsByPath", ...pathWords(selection.files)] };
    }
    case "affected": {
      const related = scriptPaths(paths);
      if (related?.length === 0) return null;
      return {
        args: rawWords(args),
        tests: related === null ? [] : ["--findRelatedTests", ...pathWords(related)],
      };
    }
  }
}

/** jest 29.5 brought `--randomize`: tests change places inside their files. */
function orderWords({ seed, dependencies }: TestRequest): readonly string[] {
  if (seed === undefined || !isFrom(dependencies.get("jest"), 29, 5)) return [];
  return ["--randomize", `--seed=${runnerSeed(seed)}`];
}

/** The coverage of istanbul's JSON reporter, put where it comes back. */
export const takeCoverage = `cp ${coverageFolder}/coverage-final.json ${reportPath("coverage.json")} 2>/dev/null`;
