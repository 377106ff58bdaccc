// uv.lock: both sides' packages by name; a name with several versions on a side comes from one side whole.
import type { Sides } from "../../json/merge.ts";
import { sameLines, type Lines } from "../lock-text.ts";
import { mergeRoughly } from "./prefer.ts";

interface Text {
  readonly head: Lines;
  /** Name to the lines of its packages. */
  readonly packages: ReadonlyMap<string, Lines>;
}

export function roughUv(texts: Sides<string>): string | null {
  const [base, ours, theirs] = [texts.base, texts.ours, texts.theirs].map(readBlocks);
  if (!ours || !theirs) return null;
  const packages = mergeRoughly(
    { base: base?.packages ?? new Map<string, Lines>(), ours: ours.packages, theirs: theirs.packages },
    { same: sameLines, versionOf },
  );
  const head = base && sameLines(base.head, ours.head) ? theirs.head : ours.head;
  const sorted = [...packages].sort(([one], [other]) => (one < other ? -1 : 1));
  return [...head, ...sorted.flatMap(([, lines]) => withoutLoose(lines, packages))].join("\n");
}

const nameForm = /^name = "([^"]+)"$/;
const versionForm = /^version = "([^"]+)"$/;

/** `null` for what is no lockfile with packages. */
function readBlocks(text: string): Text | null {
  const lines = text.split(/\r?\n/);
  const first = lines.indexOf("[[package]]");
  if (first < 0) return null;
  const packages = new Map<string, string[]>();
  let start = first;
  for (let at = first + 1; at <= lines.length; at++) {
    if (at < lines.length && lines[at] !== "[[package]]") continue;
    // The last block ends in the text's last line ending, the others in a blank line.
    const block =
      at === lines.length
        ? [...lines.slice(start, at), ...(lines.at(-1) === "" ? [] : [""])]
        : lines.slice(start, at);
    const name = block.flatMap((line) => nameForm.exec(line)?.[1] ?? [])[0];
    if (name === undefined) return null;
    const others = packages.get(name);
    if (others === undefined) packages.set(name, block);
    else for (const line of block) others.push(line);
    start = at;
  }
  return { head: lines.slice(0, first), packages };
}

/** The version of a name that has one. */
function versionOf(lines: Lines): string | undefined {
  const versions = lines.flatMap((line) => versionForm.exec(line)?.[1] ?? []);
  return versions.length === 1 ? versions[0] : undefined;
}

/** Without the dependencies on names that no package has any more: uv would not read the file. */
function withoutLoose(lines: Lines, packages: ReadonlyMap<string, Lines>): Lines {
  let isMetadata = false;
  return lines.filter((line) => {
    if (line.startsWith("[")) isMetadata = line.startsWith("[package.metadata");
    const name = /^ {4}\{ name = "([^"]+)"/.exec(line)?.[1];
    return isMetadata || name === undefined || packages.has(name);
  });
}
