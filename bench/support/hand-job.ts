// One merge by hand: the calls that the app made, with git's work where the app did its own. Timed to the push and to the last call.
import { rm } from "node:fs/promises";
import { isPush, repeatCall } from "./bare-calls.ts";
import type { BareClient, FirstNames, Names, RecordedCall } from "./bare-calls.ts";
import { bareGit, cloneBlobless, fetchCommits, mergeByHand } from "./bare-git.ts";
import type { Merged } from "./bare-git.ts";

/** Milliseconds from the start: to the branch having the commit, and to the last call. */
export interface Timing {
  readonly toPush: number;
  readonly toEnd: number;
}

/** Plain data: it goes to another process. */
export interface HandJob {
  readonly client: BareClient;
  readonly calls: readonly RecordedCall[];
  readonly first: FirstNames & { readonly tree: string; readonly blobs: readonly string[] };
  readonly names: Names;
  readonly git: {
    readonly directory: string;
    readonly warm: boolean;
    readonly url: string;
    readonly token: string;
    readonly head: string;
    readonly base: string;
  };
  /** The merged text of each conflicted path. */
  readonly results: ReadonlyMap<string, string>;
}

export async function workByHand(job: HandJob): Promise<Timing & { readonly tree: string }> {
  const { client, calls, first, names, git } = job;
  if (!git.warm) await rm(git.directory, { recursive: true, force: true });
  const began = performance.now();
  let toPush = NaN;
  let merged: Merged | null = null;
  for (const call of calls) {
    if (call.kind === "api") await repeatCall(client, call, names, first);
    else if (!merged) {
      merged = await gitByHand(job);
      names.set(first.tree, merged.tree);
      for (const [index, oid] of merged.blobs.entries()) names.set(first.blobs[index] ?? "", oid);
    }
    if (isPush(call)) toPush = performance.now() - began;
  }
  return { toPush, toEnd: performance.now() - began, tree: merged?.tree ?? "" };
}

async function gitByHand({
  git: { directory, warm, head, base, ...remote },
  results,
}: HandJob): Promise<Merged> {
  const { url } = remote;
  const git = bareGit(directory, remote);
  if (warm) await fetchCommits(git, url, [head, base]);
  else await cloneBlobless(directory, url, bareGit("/", remote));
  return mergeByHand(git, { url, head, base }, results);
}
