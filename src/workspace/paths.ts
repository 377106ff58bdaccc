// Which paths may be written into a tree.

/** Characters HFS+ leaves out of file names: `.g\u200cit` is `.git` there. */
const ignoredOnHfs = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufeff]/g;

/** Whether a path may be a file of a tree: relative, no `.`, `..` or `.git` in any spelling a file system takes for it. */
export function isTreePath(path: string): boolean {
  if (path === "" || path.includes("\0") || Buffer.from(path, "utf8").toString("utf8") !== path) return false;
  return path
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && !isGitDirectory(part));
}

function isGitDirectory(part: string): boolean {
  const plain = part
    .replaceAll(ignoredOnHfs, "")
    // NTFS: what follows a colon is a stream, and trailing dots and spaces are dropped.
    .split(/[:\\]/)[0]
    ?.replace(/[. ]+$/, "")
    .toLowerCase();
  return plain === ".git" || plain === "git~1";
}
