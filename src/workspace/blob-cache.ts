// File contents in memory by object name: each is read once while it stays within a bound, and readers at the same time share a reading.

/** Reads blobs, one answer per name: the bytes, or the reason why there are none. */
export type LoadBlobs = (oids: readonly string[]) => Promise<readonly (Uint8Array | Error)[]>;

/** Contents are shared between all who read them: nobody changes them. */
export interface BlobCache {
  /** The blobs in order; throws the first reason that one cannot be read. Failures are not remembered. */
  readonly read: (oids: readonly string[]) => Promise<Uint8Array[]>;
  /** Remembers contents that are known without reading; a copy, so that the caller may go on using its bytes. */
  readonly add: (oid: string, bytes: Uint8Array) => void;
  readonly clear: () => void;
}

/** What an entry costs beside its contents, in bytes: without it no number of empty files would be too many. */
const entryBytes = 256;

const nothing = new Uint8Array();

/** `maxBytes` bounds what is kept; the contents read longest ago go first. */
export function createBlobCache(load: LoadBlobs, maxBytes: number): BlobCache {
  const kept = new Map<string, Uint8Array>();
  const loading = new Map<string, Promise<Uint8Array>>();
  let total = 0;

  const drop = (oid: string): Uint8Array | undefined => {
    const bytes = kept.get(oid);
    if (bytes !== undefined) total -= bytes.length + entryBytes;
    kept.delete(oid);
    return bytes;
  };
  const keep = (oid: string, bytes: Uint8Array) => {
    drop(oid);
    kept.set(oid, bytes);
    total += bytes.length + entryBytes;
    for (const [oldest] of kept) {
      if (total <= maxBytes) break;
      drop(oldest);
    }
  };
  const start = (oids: readonly string[]) => {
    const answers = load(oids);
    for (const [index, oid] of oids.entries()) {
      const one = answers.then((found) => copied(found[index]));
      loading.set(oid, one);
      const forget = () => loading.delete(oid);
      // Whoever asked sees a failure; here it only ends the sharing.
      one.then((bytes) => {
        forget();
        keep(oid, bytes);
      }, forget);
    }
  };
  const current = async (oid: string): Promise<Uint8Array> => {
    const bytes = kept.get(oid);
    if (bytes === undefined) return (await loading.get(oid)) ?? nothing;
    keep(oid, bytes);
    return bytes;
  };
  return {
    read: async (oids) => {
      const absent = [...new Set(oids)].filter((oid) => !kept.has(oid) && !loading.has(oid));
      if (absent.length > 0) start(absent);
      return await Promise.all(oids.map(current));
    },
    add: (oid, bytes) => {
      keep(oid, copied(bytes));
    },
    clear: () => {
      kept.clear();
      total = 0;
    },
  };
}

/** A copy of its own: a part of a larger output would keep all of that in memory. */
function copied(answer: Uint8Array | Error | undefined): Uint8Array {
  if (!(answer instanceof Uint8Array)) throw answer ?? new Error("A reading gave no answer.");
  const copy = Buffer.allocUnsafeSlow(answer.length);
  copy.set(answer);
  return copy;
}
