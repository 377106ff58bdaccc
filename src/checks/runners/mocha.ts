// mocha: given the affected files, found by their imports.
import { folderOf } from "../affected/tree.ts";
import { without } from "./arguments.ts";
import { reportPath } from "./places.ts";
import { selectedWords } from "./script-selection.ts";
import { v8Coverage } from "./v8-coverage.ts";
import type { Prepare, TestRequest } from "./types.ts";

const valued =
  "-r --require -t --timeout --timeouts -s --slow -u --ui -g --grep -f --fgrep --config --opts --extension --watch-extensions --exclude --ignore --retries -j --jobs --compilers --loader --import --package --file --project -p --paths".split(
    " ",
  );

const unwanted = {
  flags: ["--watch", "-w", "--bail", "-b", "--parallel", "-p"],
  valued: ["--reporter", "-R", "--reporter-option", "--reporter-options", "-O"],
};

export const prepareMocha: Prepare = async (runner, request) => {
  const args = without(runner.arguments, unwanted);
  const recursive = args.some(({ raw }) => raw === "--recursive");
  const selected = await selectedWords(args, request, {
    valued,
    isTest: (path, folder) => isMochaTest(path, folder ?? "test", recursive),
    named: await namesFiles(request),
    takes: "paths",
    ordered: true,
  });
  if (selected === null) return null;
  const coverage = v8Coverage(request.paths);
  const old = isBefore(request.dependencies.get("mocha"), 9);
  return {
    words: [
      ...runner.launch,
      ...selected.words,
      "--reporter",
      "json",
      ...(old ? [] : ["--reporter-option", `output=${reportPath("tests.json")}`]),
    ],
    ...(old ? { redirection: `> ${reportPath("tests.json")}` } : {}),
    ...coverage,
    report: { name: "tests.json", format: "mocha-json" },
    shuffled: selected.shuffled,
  };
};

/** What mocha takes for tests: the scripts in a folder, and with `--recursive` below it. */
function isMochaTest(path: string, folder: string, recursive: boolean): boolean {
  const isThere = recursive ? path.startsWith(folder === "" ? "" : `${folder}/`) : folderOf(path) === folder;
  return isThere && /\.[cm]?[jt]sx?$/.test(path);
}

/** Files that a file of settings names are always run beside those in the arguments. */
async function namesFiles({ files }: TestRequest): Promise<boolean> {
  const settings = files.paths.filter((path) =>
    /^(?:\.mocharc\.(?:c?js|jsonc?|ya?ml)|test\/mocha\.opts)$/.test(path),
  );
  for (const path of settings) {
    if (/\bspec\b|\brecursive\b|^[^-\s]/m.test(settingsText(path, await files.read(path)))) return true;
  }
  const manifest = await files.read("package.json");
  return /"mocha"\s{0,9}:\s{0,9}\{[^}]{0,2000}"spec"/.test(manifest ?? "");
}

/** Of mocha.opts, a list of arguments, every line that is no option names files; of the others, only the words count. */
function settingsText(path: string, text: string | null): string {
  return path.endsWith(".opts") ? (text ?? "") : ` ${(text ?? "").replaceAll("\n", "\n ")}`;
}

/** Whether a range of versions begins below a major version: "^6.2.0" is before 9. Unknown is not. */
export function isBefore(range: string | undefined, major: number): boolean {
  const found = /^\D{0,3}(\d{1,4})(?:\.|$)/.exec(range ?? "")?.[1];
  return found !== undefined && Number(found) < major;
}
