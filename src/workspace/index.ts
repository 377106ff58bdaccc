// The workspace: merges as git objects in cached bare mirrors.
import { processVariables } from "../config/process-environment.ts";
import type { Log } from "../core/log.ts";
import type { FindResolutions, OpenWorkspace, PastMerges } from "../core/workspace.ts";
import { createMirrorSizes, evictMirrors, prepareCache, removeMirrors, sweepCache } from "./cache.ts";
import type { Identity } from "./history.ts";
import { defaultLimits } from "./limits.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { mirrorPast } from "./mirror-past.ts";
import { openWorkspace } from "./open.ts";
import { findResolutions } from "./resolutions.ts";
import { checkGitVersion } from "./version.ts";

export interface WorkspacesOptions {
  /** Holds the mirrors; may be shared by several processes. */
  readonly cacheDir: string;
  /** Disk allowance of all mirrors together; a mirror in use is never removed. */
  readonly maxCacheBytes: number;
  readonly limits?: Partial<WorkspaceLimits>;
  /** Author and committer of a commit that is pushed by git. */
  readonly identity?: Identity;
  /** By default the process's environment. Only the search path, proxies and certificates in it pass to git. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

export interface Workspaces {
  /**
   * Opens the merge of a base into a head. Throws `AppError`: `stale-head` when a commit is gone from the server, `permission` when the
   * server refuses, `input` for a URL or sha that is none, `workspace` for the rest.
   */
  readonly open: OpenWorkspace;
  /** The repository's past merges, made again in its mirror: what is over 1 MB a file or 2,000 files a merge is left out. */
  readonly pastMerges: PastMerges;
  /** What people made of each hunk of one merge; bounds as for `pastMerges`. */
  readonly findResolutions: FindResolutions;
  /** Removes what dead processes left and what is over the disk allowance. Called by `open` once, the first time. */
  readonly sweep: () => Promise<void>;
  /** Removes the mirrors of these clone URLs from this machine. */
  readonly forget: (cloneUrls: readonly string[]) => Promise<void>;
}

/** `.invalid` is no one's domain (RFC 2606). */
const defaultIdentity: Identity = { name: "errand", email: "errand@errand.invalid" };

/** Nothing is touched before the first `open`. */
export function createWorkspaces(options: WorkspacesOptions): Workspaces {
  const limits = { ...defaultLimits, ...options.limits };
  const environment = options.environment ?? processVariables();
  const identity = options.identity ?? defaultIdentity;
  const cache = {
    directory: options.cacheDir,
    maxBytes: options.maxCacheBytes,
    log: options.log,
    sizes: createMirrorSizes(),
  };
  const sweep = async () => {
    await prepareCache(cache.directory);
    await sweepCache(cache.directory);
    await evictMirrors(cache);
  };
  let ready: Promise<unknown> | null = null;
  const getReady = async () => {
    ready ??= Promise.all([checkGitVersion(environment), sweep()]);
    try {
      await ready;
    } catch (error) {
      // A repaired installation works without a restart.
      ready = null;
      throw error;
    }
  };
  const setup = { cache, limits, identity, environment };
  return {
    open: async (request) => {
      await getReady();
      return await openWorkspace(setup, request);
    },
    pastMerges: async function* (request) {
      await getReady();
      yield* mirrorPast(setup, request);
    },
    findResolutions: async (request) => {
      await getReady();
      return await findResolutions(setup, request);
    },
    sweep,
    forget: async (cloneUrls) => {
      await prepareCache(cache.directory);
      await removeMirrors(cache, cloneUrls);
    },
  };
}
