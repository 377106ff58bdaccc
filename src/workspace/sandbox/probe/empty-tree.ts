// A tree without a file: the programs of the probe come as arguments.
import type { TreeArchive } from "../../../core/sandbox.ts";

/** A tar stream ends with two blocks of 512 zeros; this one begins with them. */
export const emptyTree: TreeArchive = async function* () {
  yield await Promise.resolve(new Uint8Array(1024));
};
