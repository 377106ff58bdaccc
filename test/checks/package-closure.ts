// Which installed packages one of them needs: what has to be copied for it to run elsewhere.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

const manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/** Names of folders right under `node_modules` of `root` that the package, and all that it depends on, lies in. */
export async function packageClosure(name: string, root: string): Promise<readonly string[]> {
  const found = new Set<string>();
  const waiting = [{ name, from: root }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const folder = resolvePackage(next.name, next.from, root);
    if (folder === null || found.has(folder)) continue;
    found.add(folder);
    const { dependencies, optionalDependencies } = manifest.parse(
      JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")),
    );
    for (const one of Object.keys({ ...dependencies, ...optionalDependencies }))
      waiting.push({ name: one, from: folder });
  }
  const tops = [...found].map((folder) => path.relative(path.join(root, "node_modules"), folder));
  return [...new Set(tops.map((top) => /^(?:@[^/]+\/)?[^/]+/.exec(top)?.[0] ?? top))];
}

/** As Node looks for it: in the nearest `node_modules`, from the folder up to the root. */
function resolvePackage(name: string, from: string, root: string): string | null {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, "node_modules", name);
    if (existsSync(path.join(candidate, "package.json"))) return candidate;
    if (folder === root) return null;
  }
}
