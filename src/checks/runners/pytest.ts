// pytest: given the affected files, found by their imports.
import { affectedPythonTests, isPythonTest } from "../affected/python-tests.ts";
import { isForPeople } from "../affected/relevance.ts";
import { pathWords, rawWords, splitArguments, without } from "./arguments.ts";
import { expandFiles } from "./expand-files.ts";
import { affectedTests, namedWords } from "./selection.ts";
import type { SelectedWords } from "./selection.ts";
import { reportPath } from "./places.ts";
import { pythonCoverage } from "./python-tracer.ts";
import type { Argument, Prepare, TestRequest } from "./types.ts";

const valued =
  "-k -m -p -c -o -n -W -r --rootdir --confcutdir --ignore --ignore-glob --deselect --maxfail --tb --durations --import-mode --basetemp --dist --timeout --override-ini --config-file".split(
    " ",
  );

const unwanted = {
  flags: ["-x", "--exitfirst", "--lf", "--last-failed", "--ff", "--pdb", "--cov", "--no-cov"],
  valued: [
    "--junitxml",
    "--junit-xml",
    "--cov-report",
    "--cov-config",
    "--cov-fail-under",
    "--cov-context",
    "--maxfail",
  ],
};

export const preparePytest: Prepare = async (runner, request) => {
  const kept = without(runner.arguments, unwanted);
  const selected = await selectedTests(kept, request);
  if (selected === null) return null;
  return {
    words: [
      ...runner.launch,
      ...selected.words,
      `--junitxml=${reportPath("tests.xml")}`,
      "-o",
      "junit_family=xunit1",
      "-p",
      "no:cacheprovider",
      ...((await settingsMeasure(request)) ? ["--no-cov"] : []),
    ],
    ...pythonCoverage(request.paths),
    report: { name: "tests.xml", format: "junit" },
    noTests: [5],
    shuffled: selected.shuffled,
  };
};

async function selectedTests(args: readonly Argument[], request: TestRequest): Promise<SelectedWords | null> {
  if ((request.selection ?? affectedTests).kind !== "affected") {
    return namedWords(args, request, { valued, ordered: true });
  }
  const words = await affectedWords(args, request);
  return words === null ? null : { words, shuffled: false };
}

async function affectedWords(
  args: readonly Argument[],
  { paths, files }: TestRequest,
): Promise<readonly string[] | null> {
  const { options, positionals } = splitArguments(args, valued);
  const tests =
    positionals.length > 0
      ? expandFiles(positionals, files.paths, isPythonTest)
      : files.paths.filter(isPythonTest);
  if (paths.every(isForPeople)) return null;
  if (tests === null || tests.length === 0) return rawWords(args);
  const affected = await affectedPythonTests(tests, paths, files);
  if (affected.kind === "all" || affected.files.length === tests.length) return rawWords(args);
  return affected.files.length === 0 ? null : [...rawWords(options), ...pathWords(affected.files)];
}

/** Whether a file of settings asks pytest-cov for coverage: with a part of the tests its thresholds would fail. */
async function settingsMeasure({ files }: TestRequest): Promise<boolean> {
  for (const path of ["pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"]) {
    if (/^\s{0,9}(?:addopts\b|["'-]).{0,500}--cov\b/m.test((await files.read(path)) ?? "")) return true;
  }
  return false;
}
