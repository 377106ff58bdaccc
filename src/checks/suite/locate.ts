// Paths as a program named them, told as paths of the repository.
import type { TreeFiles } from "../affected/tree.ts";
import { projectPath } from "../reports/text.ts";

/** The path of the tree that a name stands for; `null` where it is none of the tree. */
export type Locate = (name: string) => string | null;

/** For what a program said in `folder`. A name can be relative to that, to the repository, or begin with the name of the folder's Go module. */
export async function locator(files: TreeFiles, folder: string): Promise<Locate> {
  const known = new Set(files.paths);
  const inside = (name: string) => (folder === "" ? name : `${folder}/${name}`);
  const module = /^module[ \t]+"?([^\s"]{1,300})/m.exec((await files.read(inside("go.mod"))) ?? "")?.[1];
  return (name) => {
    const path = projectPath(name);
    const names = [inside(path), path];
    if (module !== undefined && path.startsWith(`${module}/`)) {
      names.unshift(inside(path.slice(module.length + 1)));
    }
    return names.find((one) => known.has(one)) ?? null;
  };
}
