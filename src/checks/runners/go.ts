// go test: given the packages of the changed files and those that import them.
import { affectedGoPackages } from "../affected/go-packages.ts";
import { folderOf } from "../affected/tree.ts";
import { quoteWord } from "../shell/quote.ts";
import { rawWords, splitArguments, without } from "./arguments.ts";
import { reportPath } from "./places.ts";
import type { Prepare } from "./types.ts";

const valued =
  "-run -bench -benchtime -count -coverpkg -cpu -fuzz -list -parallel -shuffle -skip -timeout -vet -exec -tags -ldflags -gcflags -asmflags -mod -modfile -p -o -overlay".split(
    " ",
  );

const unwanted = {
  flags: ["-json", "-cover", "-failfast", "-v"],
  valued: ["-coverprofile", "-coverpkg", "-covermode"],
};

export const prepareGo: Prepare = async (runner, request) => {
  const { options, positionals } = splitArguments(without(runner.arguments, unwanted), valued);
  const isWhole = positionals.some(({ text }) => text === "./..." || text === "...");
  const affected = await affectedGoPackages(request.paths, request.files);
  if (affected.kind === "files" && affected.files.length === 0) return null;
  const packages =
    affected.kind === "files" && isWhole ? packageWords(affected.files) : rawWords(positionals);
  const changed = [...new Set(request.paths.filter((path) => /(?<!_test)\.go$/.test(path)).map(folderOf))];
  return {
    words: [
      ...runner.launch,
      "-json",
      ...(changed.length === 0
        ? []
        : [`-coverprofile=${reportPath("cover.out")}`, `-coverpkg=${packageWords(changed).join(",")}`]),
      ...rawWords(options),
      ...packages,
    ],
    redirection: `> ${reportPath("tests.jsonl")}`,
    report: { name: "tests.jsonl", format: "go-json" },
    coverage: changed.length === 0 ? null : { name: "cover.out", format: "go-cover" },
  };
};

function packageWords(folders: readonly string[]): readonly string[] {
  return folders.map((folder) => quoteWord(folder === "" ? "." : `./${folder}`));
}
