// What a scan of a tree may read, and how much of it.

/** A tree's files by path, or those under one folder of it by their paths in that. */
export interface TreeFiles {
  readonly paths: readonly string[];
  /** A file as text; `null` where there is none. */
  readonly read: (path: string) => Promise<string | null>;
}

/** Files and characters that one scan reads: some seconds of reading from git. A larger tree is tested as a whole. */
export const scanLimits = { files: 4000, characters: 32 * 1024 * 1024 } as const;

/** What a change of some files can affect: everything, or some tests. */
export type Affected =
  { readonly kind: "all" } | { readonly kind: "files"; readonly files: readonly string[] };

export const everything: Affected = { kind: "all" };

/** Reads within `scanLimits`; `spent` says when they are passed, and then everything reads as absent. */
export function boundedReader(read: TreeFiles["read"]): {
  readonly read: TreeFiles["read"];
  readonly spent: () => boolean;
} {
  let files = 0;
  let characters = 0;
  const spent = () => files > scanLimits.files || characters > scanLimits.characters;
  return {
    read: async (path) => {
      files += 1;
      if (spent()) return null;
      const text = await read(path);
      characters += text?.length ?? 0;
      return text;
    },
    spent,
  };
}

/** "a/b" of "a/b/c.ts"; "" at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** A path from a folder, dots resolved; `null` where it leads out of the tree. */
export function joinPath(folder: string, relative: string): string | null {
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (parts.pop() === undefined) return null;
    } else {
      parts.push(part);
    }
  }
  return parts.join("/");
}

export function isUnder(path: string, folder: string): boolean {
  return folder === "" || path.startsWith(`${folder}/`);
}

/** The files under a folder, by their paths in it. */
export function filesUnder(files: TreeFiles, folder: string): TreeFiles {
  if (folder === "") return files;
  return {
    paths: files.paths.filter((path) => isUnder(path, folder)).map((path) => path.slice(folder.length + 1)),
    read: (path) => files.read(`${folder}/${path}`),
  };
}
