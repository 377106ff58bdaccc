// A merge of two branches in a real workspace, of which one file is written anew.
import { regenerateFile } from "../../../src/agents/conflict-resolver/regenerate/regenerate-file.ts";
import type { RegenerateContext } from "../../../src/agents/conflict-resolver/regenerate/context.ts";
import type { Blob, Workspace } from "../../../src/core/workspace.ts";
import { renderFile, settledTexts } from "../../../src/merge/hunks.ts";
import { mergeRules } from "../../../src/merge/thread/merge-rules.ts";
import { sides } from "../../workspace/fixture.ts";
import type { Fixture } from "../../workspace/fixture.ts";

export type Files = Readonly<Record<string, string>>;

export interface Merge {
  readonly base: Files;
  readonly ours: Files;
  readonly theirs: Files;
  /** What the conflicted files but the lockfile are settled to. */
  readonly settled: Files;
}

const opened = new WeakMap<Merge, Promise<Workspace>>();
let merges = 0;

/** One workspace for a merge, however often it is asked for: nothing here writes to it. */
function open(fixture: Fixture, merge: Merge): Promise<Workspace> {
  const known = opened.get(merge);
  if (known !== undefined) return known;
  const name = `merge-${++merges}`;
  const shas = fixture.repository(name, sides(merge.base, merge.ours, merge.theirs));
  const workspace = fixture.open(name, shas["ours"] ?? "", shas["theirs"] ?? "");
  opened.set(merge, workspace);
  return workspace;
}

/** Regenerates the lockfile of this merge. `entries`: from the merge entry by entry too, where the rules settle all of it. */
export async function regenerate(
  { sandbox, fixture }: { readonly sandbox: RegenerateContext["sandbox"]; readonly fixture: Fixture },
  path: string,
  merge: Merge,
  { entries = false, changed = {} }: { entries?: boolean; changed?: Partial<RegenerateContext> } = {},
) {
  const workspace = await open(fixture, merge);
  const conflict = workspace.conflicts.find((one) => one.path === path);
  if (conflict === undefined)
    throw new Error(`${path} is not in conflict: ${JSON.stringify(workspace.conflicts)}`);
  const file = (await workspace.conflictedFile(conflict))?.file;
  if (file === undefined) throw new Error(`${path} is not text.`);
  const resolution = await mergeRules.resolve(file);
  const isWhole = entries && resolution.openHunks.length === 0;
  const labels = { ours: "ours", base: "base", theirs: "theirs" };
  const merged = isWhole ? renderFile(file, settledTexts(resolution), { labels, markerSize: 7 }) : null;
  const results = new Map<string, Blob | null>(
    Object.entries(merge.settled).map(([one, text]) => [one, { mode: "100644", bytes: Buffer.from(text) }]),
  );
  const steps: string[] = [];
  const result = await regenerateFile(conflict, merged, {
    sandbox,
    workspace,
    results,
    merge: mergeRules,
    signal: new AbortController().signal,
    record: ({ detail }) => steps.push(detail),
    ...changed,
  });
  const text = result.kind === "written" ? Buffer.from(result.files.get(path) ?? []).toString() : "";
  return { result, text, steps, merged };
}
