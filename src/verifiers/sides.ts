// The three sides and the result of every path that an agent wrote, as text.
import type { Workspace } from "../core/workspace.ts";

export interface Sides {
  readonly path: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** `null` when the path was deleted. */
  readonly result: string | null;
}

/** Lossy on purpose: invalid UTF-8 becomes U+FFFD on every side alike, and a verifier only compares. */
const decode = (bytes: Uint8Array | null): string => (bytes ? new TextDecoder().decode(bytes) : "");

/** Reads what the verifiers compare. "" where a side does not have the path. */
export async function writtenSides(workspace: Workspace): Promise<Sides[]> {
  return Promise.all(
    workspace.written().map(async (path) => {
      const conflict = workspace.conflicts.find((candidate) => candidate.path === path);
      const stage = async (oid: string | undefined) => (oid ? decode(await workspace.readBlob(oid)) : "");
      const [base, ours, theirs, result] = await Promise.all([
        stage(conflict?.base?.oid),
        stage(conflict?.ours?.oid),
        stage(conflict?.theirs?.oid),
        workspace.readPath("result", path),
      ]);
      return { path, base, ours, theirs, result: result ? decode(result.bytes) : null };
    }),
  );
}
