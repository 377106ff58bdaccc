// Names of paths: folders, names without endings, and ways from one file to another.

/** "a/b" of "a/b/c.ts"; "" at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("/");
}

/** "add" of "src/add.test.ts", "test/test_add.py" and "add_test.go": what a test file is about, by its name. */
export function stemOf(path: string): string {
  return nameOf(path)
    .replace(/\.[cm]?[jt]sx?$|\.py$|\.go$/, "")
    .replace(/(?:[._-](?:tests?|spec))$/, "")
    .replace(/^test_/, "");
}

/** Folders, without those that only say that there are sources or tests. */
export function meaningfulFolders(path: string): readonly string[] {
  return folderOf(path)
    .split("/")
    .filter((part) => part !== "" && !/^(?:src|lib|source|tests?|__tests__|specs?|unit)$/.test(part));
}

/** "../src/add.js" from the folder "test" to "src/add.js". */
export function relativePath(folder: string, target: string): string {
  const from = folder === "" ? [] : folder.split("/");
  const to = target.split("/");
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same += 1;
  const up = "../".repeat(from.length - same);
  return `${up === "" ? "./" : up}${to.slice(same).join("/")}`;
}

/** A path from a folder, dots resolved; `null` where it leads out of the tree. */
export function resolved(folder: string, relative: string): string | null {
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}
