// A tree of texts in memory that remembers what was read of it.
import type { Trees } from "../../../../src/core/suite.ts";

export function treesOf(files: Readonly<Record<string, string>>): { trees: Trees; reads: string[] } {
  const reads: string[] = [];
  const refuse = () => {
    throw new Error("Only reading is expected.");
  };
  const trees: Trees = {
    listTree: () => Promise.resolve(Object.keys(files)),
    readTree: (_, path) => {
      reads.push(path);
      const text = files[path];
      return Promise.resolve(text === undefined ? null : { mode: "100644", bytes: Buffer.from(text) });
    },
    treeWith: refuse,
    archive: refuse,
  };
  return { trees, reads };
}
