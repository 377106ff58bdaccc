// The records of `git diff-tree --raw -z`, read one at a time.

export interface RawChange {
  /** A: added, D: deleted, M: modified, T: changed type. */
  readonly status: string;
  readonly oldMode: string;
  readonly oldOid: string;
  readonly newMode: string;
  readonly newOid: string;
  /** The path's bytes, one character per byte: any name can be told from any other. */
  readonly rawPath: string;
}

/** The record that begins at a place in git's output, and where the next one begins. */
export function changeAt(output: Buffer, at: number): { readonly change: RawChange; readonly next: number } {
  const headerEnd = endOf(output, at);
  const pathEnd = endOf(output, headerEnd + 1);
  const header = output.toString("latin1", at + 1, headerEnd);
  const [oldMode = "", newMode = "", oldOid = "", newOid = "", status = ""] = header.split(" ");
  const rawPath = output.toString("latin1", headerEnd + 1, pathEnd);
  return { change: { status, oldMode, oldOid, newMode, newOid, rawPath }, next: pathEnd + 1 };
}

function endOf(output: Buffer, from: number): number {
  const end = output.indexOf(0, from);
  return end < 0 ? output.length : end;
}
