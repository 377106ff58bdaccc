// vitest: finds the tests that changed files can affect by its own map of the project (`vitest related`).
import { scriptFile, scriptPaths } from "../affected/relevance.ts";
import { quoteWord } from "../shell/quote.ts";
import { pathWords, rawWords, splitArguments, without } from "./arguments.ts";
import { takeCoverage } from "./jest.ts";
import { coverageFolder, reportPath } from "./places.ts";
import { affectedTests, runnerSeed } from "./selection.ts";
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

/** Options whose value is the next word. */
const valued =
  "-c --config -r --root --dir -t --testNamePattern --project --environment --pool --mode --maxWorkers --minWorkers --testTimeout --hookTimeout --retry --shard --exclude --workspace".split(
    " ",
  );

export const prepareVitest: Prepare = (runner, request) => {
  const { paths, dependencies, seed } = request;
  const measured = paths.filter((path) => scriptFile.test(path));
  const provider = measured.length === 0 ? null : coverageProvider(dependencies);
  const kept = without(withoutSubcommand(runner.arguments), unwanted).filter(
    ({ raw }) => !raw.startsWith("--coverage."),
  );
  const selected = selectedWords(kept, request);
  if (selected === null) return Promise.resolve(null);
  return Promise.resolve({
    words: [
      ...runner.launch,
      ...selected,
      ...(seed === undefined ? [] : ["--sequence.shuffle=true", `--sequence.seed=${runnerSeed(seed)}`]),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${reportPath("tests.json")}`,
      "--passWithNoTests",
      ...(provider === null ? ["--coverage.enabled=false"] : coverageWords(provider, measured)),
    ],
    last: provider === null ? [] : [takeCoverage],
    report: { name: "tests.json", format: "jest-json" },
    coverage: provider === null ? null : { name: "coverage.json", format: "istanbul-json" },
    shuffled: seed !== undefined,
  });
};

/** `null` where no test is affected. vitest takes a file's name for a part of a path: it may run more, never less. */
function selectedWords(
  kept: readonly Argument[],
  { paths, selection = affectedTests }: TestRequest,
): readonly string[] | null {
  switch (selection.kind) {
    case "all":
      return ["run", ...rawWords(kept)];
    case "files":
      return ["run", ...pathWords(selection.files), ...rawWords(splitArguments(kept, valued).options)];
    case "affected": {
      const related = scriptPaths(paths);
      if (related?.length === 0) return null;
      const tests = related === null ? ["run"] : ["related", "--run", ...pathWords(related)];
      return [...tests, ...rawWords(kept)];
    }
  }
}

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
