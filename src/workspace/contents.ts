// The file contents of one merge: read once from the private repository or the mirror, fetched where they are in neither.
import type { Conflict, Stage } from "../core/conflict.ts";
import { createBlobCache } from "./blob-cache.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { contentsOf, fetchBlobs } from "./mirror.ts";
import { tooLarge, tryBlobsHere, unread, writeLooseBlob } from "./objects.ts";
import type { Session } from "./open.ts";

/** What is read is shared between readers: nobody changes it. */
export interface Contents {
  /** The blobs in order. Throws `AppError("workspace")` for one that the server does not give out or that is too large. */
  readonly read: (oids: readonly string[]) => Promise<Uint8Array[]>;
  /** A conflict's base, ours and theirs, where there are any; the other conflicts' are read along while they are few. */
  readonly readStages: (conflict: Conflict) => Promise<Record<"base" | "ours" | "theirs", Uint8Array | null>>;
  /** Writes a blob and returns its name. */
  readonly write: (bytes: Uint8Array) => Promise<string>;
  readonly clear: () => void;
}

interface ContentsOptions {
  readonly session: Session;
  readonly conflicts: readonly Conflict[];
  /** Blobs over the size limit: placeholders stand in their place. */
  readonly large: ReadonlySet<string>;
  /** Bytes of the blobs that the merge looked at; `null` for one that is not here. */
  readonly sizes: ReadonlyMap<string, number | null>;
  readonly limits: WorkspaceLimits;
}

/** Part of the memory that stages nobody asked for yet may take. */
const aheadShare = 0.25;

export function createContents(options: ContentsOptions): Contents {
  const { session, large, limits } = options;
  const cache = createBlobCache((oids) => load(options, oids), limits.memoryBytes);
  const read: Contents["read"] = async (oids) => {
    session.mirror.signal.throwIfAborted();
    for (const oid of oids) {
      if (!/^[0-9a-f]{40}$/.test(oid)) throw new Error("Not an object's full name.");
      // Large blobs are replaced by placeholders in the private repository: never read one for the other.
      if (large.has(oid)) throw tooLarge(oid, limits.blobBytes);
    }
    return await cache.read(oids);
  };
  let ahead: readonly string[] = stagesAhead(options);
  return {
    read,
    readStages: async ({ base, ours, theirs }) => {
      const own = oidsOf([base, ours, theirs]);
      const also = ahead;
      ahead = [];
      const found = await read([...own, ...also]);
      const bytesOf = (stage: Stage | null) =>
        stage === null ? null : (found[own.indexOf(stage.oid)] ?? null);
      return { base: bytesOf(base), ours: bytesOf(ours), theirs: bytesOf(theirs) };
    },
    write: async (bytes) => {
      session.mirror.signal.throwIfAborted();
      const oid = await writeLooseBlob(session.gitDir, bytes);
      cache.add(oid, bytes);
      return oid;
    },
    clear: cache.clear,
  };
}

/** Stages that will be read: of conflicts that are text, as far as they are here and together small enough. */
function stagesAhead({ conflicts, large, sizes, limits }: ContentsOptions): string[] {
  let left = limits.memoryBytes * aheadShare;
  const text = conflicts.filter(({ kind }) => kind === "content" || kind === "both-added");
  const oids = new Set(text.flatMap(({ base, ours, theirs }) => oidsOf([base, ours, theirs])));
  return [...oids].filter((oid) => {
    const size = sizes.get(oid) ?? Infinity;
    if (large.has(oid) || size > left) return false;
    left -= size;
    return true;
  });
}

function oidsOf(stages: readonly (Stage | null)[]): string[] {
  return stages.flatMap((stage) => (stage === null ? [] : [stage.oid]));
}

async function load(
  { session: { local, mirror }, limits: { blobBytes } }: ContentsOptions,
  oids: readonly string[],
): Promise<(Uint8Array | Error)[]> {
  const contents = await contentsOf(mirror);
  const readings = await tryBlobsHere(local, oids, blobBytes);
  const missing = oids.filter((_, index) => readings[index] === "missing");
  const absent = await fetchBlobs(mirror, missing, contents);
  const fetched = missing.filter((oid) => !absent.has(oid));
  const again = await tryBlobsHere(local, fetched, blobBytes);
  return oids.map((oid, index) => {
    const late = fetched.indexOf(oid);
    const reading = absent.has(oid)
      ? "too-large"
      : ((late < 0 ? readings : again)[late < 0 ? index : late] ?? "missing");
    return Buffer.isBuffer(reading) ? reading : unread(reading, oid, blobBytes);
  });
}
