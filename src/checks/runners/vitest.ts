// vitest: finds the tests that changed files can affect by its own map of the project (`vitest related`).
import { scriptFile, scriptPaths } from "../affected/relevance.ts";
import { quoteWord } from "../shell/quote.ts";
import { pathWords, rawWords, without } from "./arguments.ts";
import { takeCoverage } from "./jest.ts";
import { coverageFolder, reportPath } from "./places.ts";
import type { Argument, Prepare, TestRequest } from "./types.ts";

const unwanted = {
  flags: [
    "--watch",
    "-w",
    "--run",
    "--ui",
    "--open",
    "--coverage",
    "--coverage.enabled",
    "--passWithNoTests",
    "--changed",
    "--bail",
  ],
  valued: ["--reporter", "--outputFile"],
};

export const prepareVitest: Prepare = (runner, { paths, dependencies }) => {
  const related = scriptPaths(paths);
  if (related?.length === 0) return Promise.resolve(null);
  const measured = paths.filter((path) => scriptFile.test(path));
  const provider = measured.length === 0 ? null : coverageProvider(dependencies);
  const kept = without(withoutSubcommand(runner.arguments), unwanted).filter(
    ({ raw }) => !raw.startsWith("--coverage."),
  );
  return Promise.resolve({
    words: [
      ...runner.launch,
      ...(related === null ? ["run"] : ["related", "--run", ...pathWords(related)]),
      ...rawWords(kept),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${reportPath("tests.json")}`,
      "--passWithNoTests",
      ...(provider === null ? ["--coverage.enabled=false"] : coverageWords(provider, measured)),
    ],
    last: provider === null ? [] : [takeCoverage],
    report: { name: "tests.json", format: "jest-json" },
    coverage: provider === null ? null : { name: "coverage.json", format: "istanbul-json" },
  });
};

function withoutSubcommand(args: readonly Argument[]): readonly Argument[] {
  return ["run", "watch", "dev", "related"].includes(args[0]?.text ?? "") ? args.slice(1) : args;
}

/** vitest measures coverage with a package of its own beside it. */
function coverageProvider(dependencies: TestRequest["dependencies"]): "v8" | "istanbul" | null {
  if (dependencies.has("@vitest/coverage-v8")) return "v8";
  return dependencies.has("@vitest/coverage-istanbul") ? "istanbul" : null;
}

function coverageWords(provider: string, measured: readonly string[]): readonly string[] {
  return [
    "--coverage.enabled=true",
    `--coverage.provider=${provider}`,
    "--coverage.reporter=json",
    `--coverage.reportsDirectory=${coverageFolder}`,
    "--coverage.reportOnFailure=true",
    ...["lines", "functions", "branches", "statements"].map((name) => `--coverage.thresholds.${name}=0`),
    ...measured.map((path) => `--coverage.include=${quoteWord(path)}`),
  ];
}
