// jest: finds the tests that changed files can affect by its own map of the project.
import { scriptFile, scriptPaths } from "../affected/relevance.ts";
import { quoteWord } from "../shell/quote.ts";
import { pathWords, rawWords, without } from "./arguments.ts";
import { coverageFolder, reportPath } from "./places.ts";
import type { Prepare } from "./types.ts";

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

export const prepareJest: Prepare = (runner, { paths }) => {
  const related = scriptPaths(paths);
  if (related?.length === 0) return Promise.resolve(null);
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
      ...rawWords(without(runner.arguments, unwanted)),
      "--json",
      `--outputFile=${reportPath("tests.json")}`,
      "--testLocationInResults",
      "--passWithNoTests",
      ...coverage,
      ...(related === null ? [] : ["--findRelatedTests", ...pathWords(related)]),
    ],
    last: measured.length === 0 ? [] : [takeCoverage],
    report: { name: "tests.json", format: "jest-json" },
    coverage: measured.length === 0 ? null : { name: "coverage.json", format: "istanbul-json" },
  });
};

/** The coverage of istanbul's JSON reporter, put where it comes back. */
export const takeCoverage = `cp ${coverageFolder}/coverage-final.json ${reportPath("coverage.json")} 2>/dev/null`;
