// Writes files anew by a rule of the repository's config: its command, run on the merged sources, in the sandbox and without a network.
import type { Conflict } from "../../../core/conflict.ts";
import { matchesAnyGlob } from "../../../core/glob.ts";
import type { RegenerateRule } from "../../../core/policy.ts";
import type { Blob } from "../../../core/workspace.ts";
import { newMarkers } from "../../../merge/check/markers.ts";
import type { Regenerated, RuleContext } from "./context.ts";
import { trouble } from "./ended.ts";
import { textOf, treeFrom, unsettled } from "./tree.ts";

/** What generators of code take on a large project, a few times over. */
const wallMs = 5 * 60_000;

/** The rule that writes a path; the first of several. */
export function ruleFor(path: string, rules: readonly RegenerateRule[]): RegenerateRule | null {
  return rules.find(({ owns }) => owns.includes(path)) ?? null;
}

type Side = "ours" | "theirs";

/**
 * Runs the rule's command twice, from each side's files in conflict: what comes of both must be the same, so that it is made of the sources and not of what stood
 * there. Takes back the rule's paths that were in conflict or that the command changed. Expected troubles are `failed`. Throws as the sandbox and the workspace
 * do, and `signal`'s reason.
 */
export async function regenerateByRule(
  path: string,
  rule: RegenerateRule,
  context: RuleContext,
): Promise<Regenerated> {
  const open = unsettled(context, (one) => matchesAnyGlob(rule.sources, one) && !rule.owns.includes(one));
  if (open.length > 0)
    return failed(
      `The rule for ${path} can run once its sources are settled: ${open.slice(0, 3).join(", ")}.`,
    );
  const owned = context.workspace.conflicts.filter((one) => rule.owns.includes(one.path));
  const first = await runFrom("theirs", rule, owned, context);
  if (typeof first === "string") return failed(first);
  const second = await runFrom("ours", rule, owned, context);
  if (typeof second === "string") return failed(second);
  const files = await changedFiles(second, owned, context);
  if (typeof files === "string") return failed(files);
  const other = [...files.keys()].find((one) => !isSame(files.get(one), first.files.get(one)));
  if (other !== undefined)
    return failed(
      `${quoted(rule)} leaves ${other} different each time, or as it was: it is not made of the sources alone.`,
    );
  return {
    kind: "written",
    class: "rule/regenerated",
    files,
    fromNeither: [],
    lowered: [],
    summary: `Written anew by ${quoted(rule)}, as this repository's settings say, from the merged sources; the same from both sides.`,
  };
}

function failed(why: string): Regenerated {
  return { kind: "failed", why };
}

function quoted({ command }: RegenerateRule): string {
  return `"${command.length > 80 ? `${command.slice(0, 80)}…` : command}"`;
}

interface Ran {
  readonly tree: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Or why it is not to be used. */
async function runFrom(
  side: Side,
  rule: RegenerateRule,
  owned: readonly Conflict[],
  context: RuleContext,
): Promise<Ran | string> {
  const { workspace, sandbox, signal } = context;
  signal.throwIfAborted();
  const starts = new Map<string, Blob | null>();
  for (const conflict of owned) starts.set(conflict.path, await blobOf(conflict, side, context));
  const tree = await treeFrom(context, starts);
  const { cache, environment } = await context.installed(tree);
  const result = await sandbox.run({
    tree: workspace.archive(tree),
    argv: ["sh", "-c", rule.command],
    environment,
    limits: { wallMs },
    network: "none",
    cache,
    returns: rule.owns,
    reports: [],
    signal,
  });
  const wrong = trouble(result);
  if (wrong !== null) return `${quoted(rule)} ${wrong}`;
  const missing = result.missing.find(({ path }) => owned.some((one) => one.path === path));
  if (missing !== undefined)
    return `${quoted(rule)} ran, and ${missing.path} did not come back: it ${missing.why}.`;
  return { tree, files: result.returned };
}

async function blobOf(conflict: Conflict, side: Side, { workspace }: RuleContext): Promise<Blob | null> {
  const stage = conflict[side];
  return stage && { mode: stage.mode, bytes: await workspace.readBlob(stage.oid) };
}

/** Those in conflict and those that differ from the tree that the command was given; or what is the matter with one. */
async function changedFiles(
  { tree, files }: Ran,
  owned: readonly Conflict[],
  context: RuleContext,
): Promise<ReadonlyMap<string, Uint8Array> | string> {
  const changed = new Map<string, Uint8Array>();
  for (const [path, bytes] of files) {
    const conflict = owned.find((one) => one.path === path);
    const before = await context.workspace.readTree(tree, path);
    if (conflict === undefined && isSame(bytes, before?.bytes)) continue;
    const problem = await problemOf(path, bytes, await parentsOf(conflict, before, context), context);
    if (problem !== null) return `What was written to ${path} is refused: ${problem}.`;
    changed.set(path, bytes);
  }
  return changed;
}

/** What the file may be as bad as: its sides, or what it was. */
async function parentsOf(
  conflict: Conflict | undefined,
  before: Blob | null,
  context: RuleContext,
): Promise<readonly [string, string]> {
  const blobs =
    conflict === undefined
      ? [before, before]
      : [await blobOf(conflict, "ours", context), await blobOf(conflict, "theirs", context)];
  const [ours = "", theirs = ""] = blobs.map((blob) => (blob && textOf(blob.bytes)) ?? "");
  return [ours, theirs];
}

async function problemOf(
  path: string,
  bytes: Uint8Array,
  [ours, theirs]: readonly [string, string],
  { merge }: RuleContext,
): Promise<string | null> {
  const result = textOf(bytes);
  // What is not text has neither markers nor syntax.
  if (result === null) return null;
  const [marker] = newMarkers(result, [ours, theirs]);
  if (marker !== undefined) return "it has a conflict marker";
  return await merge.parseErrors(path, { ours, theirs, result });
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.from(one).equals(other);
}
