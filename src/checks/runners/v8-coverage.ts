// Coverage of runners that are plain programs of node: by node itself (NODE_V8_COVERAGE), packed into one file.
import { scriptFile } from "../affected/relevance.ts";
import { quoteWord } from "../shell/quote.ts";
import { coverageFolder, reportPath } from "./places.ts";
import type { Prepared } from "./types.ts";

/**
 * Every process writes a document of all scripts that it ran. Kept of each are the changed scripts and what says that they were compiled on the way, a document
 * a line. They are read one after the other, for they can be many and large.
 */
const packer = `
const fs = require("node:fs"), path = require("node:path"), url = require("node:url");
const [folder, out, ...wanted] = process.argv.slice(1);
const urls = new Set(wanted.map((file) => url.pathToFileURL(path.resolve(file)).href));
const isWanted = (address) => urls.has(address.replace(/[?#].*$/, ""));
fs.writeFileSync(out, "");
for (const name of fs.readdirSync(folder)) {
  try {
    const all = JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"));
    const maps = Object.entries(all["source-map-cache"] ?? {}).filter(([address]) => isWanted(address));
    const result = all.result.filter((script) => isWanted(script.url));
    const kept = { result, "source-map-cache": Object.fromEntries(maps.map(([address]) => [address, {}])) };
    fs.appendFileSync(out, JSON.stringify(kept) + "\\n");
  } catch {}
}
`;

/** What a prepared command needs beside its words to have the lines of the changed scripts measured. */
export function v8Coverage(
  paths: readonly string[],
): Pick<Prepared, "assignments" | "last" | "coverage"> & { readonly assignments: readonly string[] } {
  const measured = paths.filter((path) => scriptFile.test(path));
  if (measured.length === 0) return { assignments: [], last: [], coverage: null };
  const words = [coverageFolder, reportPath("coverage.json"), ...measured.map(quoteWord)];
  return {
    assignments: [`NODE_V8_COVERAGE=${coverageFolder}`],
    last: [`node -e ${quoteWord(packer)} -- ${words.join(" ")} 2>/dev/null`],
    coverage: { name: "coverage.json", format: "v8" },
  };
}
