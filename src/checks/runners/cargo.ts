// cargo test: always the whole, for crates do not say which tests hang on which files.
import { isForPeople } from "../affected/relevance.ts";
import { rawWords } from "./arguments.ts";
import { reportPath, scratchPath } from "./places.ts";
import { affectedTests } from "./selection.ts";
import type { Prepare } from "./types.ts";

const errors = scratchPath("stderr");
const output = scratchPath("stdout");

/** What libtest writes names a test's binary on standard error alone: the report is that, and then standard output. */
export const prepareCargo: Prepare = (runner, { paths, selection = affectedTests }) => {
  if (selection.kind === "affected" && paths.every(isForPeople)) return Promise.resolve(null);
  const words = rawWords(runner.arguments).filter((word) => word !== "--no-fail-fast");
  const at = words.indexOf("--");
  const own = at === -1 ? words : words.slice(0, at);
  return Promise.resolve({
    words: [...runner.launch, ...own, "--no-fail-fast", ...(at === -1 ? [] : words.slice(at))],
    assignments: ["CARGO_TERM_COLOR=never"],
    redirection: `> ${output} 2> ${errors}`,
    last: [
      `cat ${errors} ${output} > ${reportPath("tests.txt")}`,
      `tail -c 65536 ${reportPath("tests.txt")}`,
    ],
    report: { name: "tests.txt", format: "cargo-text" },
    coverage: null,
  });
};
