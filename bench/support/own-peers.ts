// Ours among its peers: the same functions that the product calls.
import { answersOf, contextOf, hunkOf } from "../../src/cli/bench/measure-hunks.ts";
import { shippedFiles, shippedHunks } from "../../src/cli/bench/resolver.ts";
import type { HunkCase } from "../../src/cli/bench/cases.ts";
import { renderFile, settledTexts } from "../../src/merge/hunks.ts";
import { splitThreeFiles } from "../../src/workspace/three-files.ts";
import { oneByOne } from "./peer.ts";
import type { Conflict, Peer } from "./peer.ts";

/** A hunk in its context, as every tool is given it, and the case it was made from. */
export interface HunkConflict extends Conflict {
  readonly one: HunkCase;
}

/** Hunks: what is settled, and the first answer, however unlikely. */
export function ownHunkPeers(conflicts: readonly HunkConflict[]): Peer[] {
  const resolver = shippedHunks();
  const cases = new Map<Conflict, HunkCase>(conflicts.map((conflict) => [conflict, conflict.one]));
  const resolved = async (conflict: Conflict) => {
    const one = cases.get(conflict);
    if (one === undefined) return null;
    const resolve = await resolver.prepare(one.path);
    return { one, resolution: resolve(hunkOf(one), contextOf(one), []) };
  };
  const whole = ({ before, after }: HunkCase, text: string | undefined) =>
    text === undefined ? null : before + text + after;
  const how =
    "in this process; the shipped ranker was trained on the development cases, so on those it flatters itself";
  return [
    oneByOne(
      { name: "errand: what it settles", how },
      {
        applies: () => true,
        merge: async (conflict) => {
          const found = await resolved(conflict);
          return found && whole(found.one, found.resolution.settlement?.text);
        },
      },
    ),
    oneByOne(
      { name: "errand: first answer", how },
      {
        applies: () => true,
        merge: async (conflict) => {
          const found = await resolved(conflict);
          return found && whole(found.one, answersOf(found.resolution)[0]);
        },
      },
    ),
  ];
}

/** Files: as `errand resolve` merges them; settled when every hunk is. */
export function ownFilePeer(): Peer {
  const signal = new AbortController().signal;
  return oneByOne(
    { name: "errand resolve", how: "one process of git a file" },
    {
      applies: () => true,
      merge: async ({ path, base, ours, theirs }) => {
        const stages = { base: Buffer.from(base), ours: Buffer.from(ours), theirs: Buffer.from(theirs) };
        const split = await splitThreeFiles(path, stages, { environment: process.env, signal });
        if (!split) return null;
        const resolution = await shippedFiles(split.file);
        if (resolution.hunks.some(({ settlement }) => settlement === null)) return null;
        const labels = { ours: "", base: "", theirs: "" };
        return renderFile(split.file, settledTexts(resolution), { labels, markerSize: 7 });
      },
    },
  );
}
