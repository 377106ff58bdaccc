// go test: given the packages of the changed files and those that import them.
import { affectedGoPackages } from "../affected/go-packages.ts";
import { folderOf } from "../affected/tree.ts";
import { quoteWord } from "../shell/quote.ts";
import { rawWords, splitArguments, without } from "./arguments.ts";
import { affectedTests, runnerSeed } from "./selection.ts";
import { reportPath } from "./places.ts";
import type { Argument, Prepare, TestRequest } from "./types.ts";

const valued =
  "-run -bench -benchtime -count -coverpkg -cpu -fuzz -list -parallel -shuffle -skip -timeout -vet -exec -tags -ldflags -gcflags -asmflags -mod -modfile -p -o -overlay".split(
    " ",
  );

const unwanted = {
  flags: ["-json", "-cover", "-failfast", "-v"],
  valued: ["-coverprofile", "-coverpkg", "-covermode"],
};
const orderless = { ...unwanted, valued: [...unwanted.valued, "-shuffle"] };

export const prepareGo: Prepare = async (runner, request) => {
  const { seed } = request;
  const args = without(runner.arguments, seed === undefined ? unwanted : orderless);
  const { options, positionals } = splitArguments(args, valued);
  const packages = await packagesOf(positionals, request);
  if (packages === null) return null;
  const changed = [...new Set(request.paths.filter((path) => /(?<!_test)\.go$/.test(path)).map(folderOf))];
  return {
    words: [
      ...runner.launch,
      "-json",
      ...(changed.length === 0
        ? []
        : [`-coverprofile=${reportPath("cover.out")}`, `-coverpkg=${packageWords(changed).join(",")}`]),
      ...(seed === undefined ? [] : [`-shuffle=${runnerSeed(seed)}`]),
      ...rawWords(options),
      ...packages,
    ],
    redirection: `> ${reportPath("tests.jsonl")}`,
    report: { name: "tests.jsonl", format: "go-json" },
    coverage: changed.length === 0 ? null : { name: "cover.out", format: "go-cover" },
    shuffled: seed !== undefined,
  };
};

/** `null` where none is affected. A package is the least that go runs. */
async function packagesOf(
  positionals: readonly Argument[],
  { paths, files, selection = affectedTests }: TestRequest,
): Promise<readonly string[] | null> {
  if (selection.kind === "files") return packageWords([...new Set(selection.files.map(folderOf))]);
  if (selection.kind === "all") return rawWords(positionals);
  const isWhole = positionals.some(({ text }) => text === "./..." || text === "...");
  const affected = await affectedGoPackages(paths, files);
  if (affected.kind === "files" && affected.files.length === 0) return null;
  return affected.kind === "files" && isWhole ? packageWords(affected.files) : rawWords(positionals);
}

function packageWords(folders: readonly string[]): readonly string[] {
  return folders.map((folder) => quoteWord(folder === "" ? "." : `./${folder}`));
}
