// Go's cover profiles: "example.com/shop/calc/calc.go:4.24,5.12 1 1" is a block, its statements, and how often it ran.
import { linesOf } from "./paint.ts";

const block = /^(.+):(\d{1,9})\.\d+,(\d{1,9})\.\d+ \d+ (\d+)$/;
/** Lines that the blocks of a profile may have together: a second's worth. */
const mostLines = 20_000_000;

/** A path that is not in the profile was not measured: only the packages under test are, and of them no test. */
export function readGoCover(
  text: string,
  sources: ReadonlyMap<string, string>,
  modules: ReadonlyMap<string, string>,
): Map<string, Set<number>> | null {
  const [mode, ...lines] = text.split(/\r?\n/);
  if (mode?.startsWith("mode: ") !== true) return null;
  const covered = new Map<string, Set<number>>();
  let left = mostLines;
  const lengths = new Map([...sources].map(([path, source]) => [path, linesOf(source).length]));
  for (const line of lines) {
    const [, file = "", first, last, count] = block.exec(line) ?? [];
    const path = repositoryPath(file, modules) ?? "";
    const length = lengths.get(path);
    if (length === undefined) continue;
    const ran = covered.get(path) ?? new Set();
    covered.set(path, ran);
    if (Number(count) === 0) continue;
    // No report makes more lines than the file has.
    const end = Math.min(Number(last), length);
    left -= Math.max(0, end - Number(first) + 1);
    if (left < 0) return null;
    for (let each = Number(first); each <= end; each++) ran.add(each);
  }
  return covered;
}

/** The module whose name is the longest that the file's begins with. */
function repositoryPath(file: string, modules: ReadonlyMap<string, string>): string | null {
  const inside = [...modules.keys()].filter((module) => file.startsWith(`${module}/`));
  const module = inside.sort((one, other) => other.length - one.length)[0];
  if (module === undefined) return null;
  const folder = modules.get(module) ?? "";
  return `${folder === "" ? "" : `${folder}/`}${file.slice(module.length + 1)}`;
}
