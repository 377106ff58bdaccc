// Writes a conflicted lockfile anew: by its own tool, in the sandbox, from the merged manifests; and believes it only after a check of its own.
import type { Conflict } from "../../../core/conflict.ts";
import type { LockSides, LockfileVerdict } from "../../../core/lockfile.ts";
import type { Regenerated, RegenerateContext } from "./context.ts";
import { trouble } from "./ended.ts";
import { startText } from "./start-text.ts";
import type { StartTexts } from "./start-text.ts";
import { toolFor } from "./tools.ts";
import type { StartFrom, ToolPlan } from "./tools.ts";
import { textOf, treeFrom, unsettled } from "./tree.ts";

/** What is read, where nothing is run. */
type Unrun = Omit<RegenerateContext, "sandbox">;

/** Longer than the install of a large project's metadata takes over a slow line. */
const wallMs = 5 * 60_000;
/** Manifests of the largest monorepos, a few times over; their texts are read into memory. */
const mostManifests = 2_000;

/**
 * `merged`: the file merged entry by entry, where the rules left no hunk of it open; else `null`. Expected troubles (a tool that is missing, fails or hangs, a
 * registry that cannot be reached, a result that is refused) are `failed`, and then the entry-wise merge stands, or the file is left. Throws as the sandbox and the
 * workspace do, and `signal`'s reason.
 */
export async function regenerateFile(
  conflict: Conflict,
  merged: string | null,
  context: RegenerateContext,
): Promise<Regenerated> {
  const text = await context.workspace.conflictedFile(conflict);
  if (text === null) return { kind: "failed", why: "At least one side of this lockfile is not text." };
  const { base, ours, theirs } = text.file;
  const plan = await planFor(conflict.path, ours, context);
  if (plan === null) return { kind: "failed", why: "No tool that Errand runs writes this file." };
  const below = plan.folder === "" ? "" : `${plan.folder}/`;
  const open = unsettled(context, (path) => plan.reads.has(nameOf(path)) && isInReach(path, below));
  if (open.length > 0)
    return {
      kind: "failed",
      why: `${plan.tool} can write this file anew once ${open.slice(0, 3).join(", ")} ${open.length === 1 ? "is" : "are"} settled.`,
    };
  return await tryStarts(conflict, plan, { sides: { base, ours, theirs }, merged }, { ...context, below });
}

/** A file below the lockfile's folder, or in one of the folders above, whose settings count too. */
function isInReach(path: string, below: string): boolean {
  return path.startsWith(below) || below.startsWith(path.slice(0, path.lastIndexOf("/") + 1));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

async function planFor(path: string, lock: string, context: Unrun): Promise<ToolPlan | null> {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const [manifest, yarn, classic] = await Promise.all(
    ["package.json", ".yarnrc.yml", ".yarnrc"].map((name) => mergedText(`${folder}${name}`, context)),
  );
  return toolFor(path, { lock, manifest: manifest ?? "", settings: yarn ?? classic ?? "" });
}

async function mergedText(path: string, { workspace, results }: Unrun): Promise<string | null> {
  const settled = results.get(path);
  const blob =
    settled ?? (workspace.gitTree === null ? null : await workspace.readTree(workspace.gitTree, path));
  return settled === null || blob === null ? null : textOf(blob.bytes);
}

interface Attempt extends RegenerateContext {
  /** The lockfile's folder with a "/", or "". */
  readonly below: string;
}

async function tryStarts(
  conflict: Conflict,
  plan: ToolPlan,
  texts: StartTexts,
  context: Attempt,
): Promise<Regenerated> {
  let last: Regenerated = {
    kind: "failed",
    why: `Neither side of this lockfile reads as ${plan.tool} writes it, or reading them took too long.`,
  };
  for (const from of plan.startFrom) {
    const start = await startText(conflict.path, from, texts, context);
    if (start === null) continue;
    context.signal.throwIfAborted();
    const { made, isLast } = await tryOnce(conflict, { plan, from, start, sides: texts.sides }, context);
    last = made;
    context.record({
      step: "regenerate",
      detail: `${conflict.path}: ${plan.tool} from ${from}, ${last.kind}`,
    });
    if (isLast) return last;
  }
  return last;
}

interface Start {
  readonly plan: ToolPlan;
  readonly from: StartFrom;
  readonly start: string;
  readonly sides: LockSides;
}

interface Tried {
  readonly made: Regenerated;
  /** Another start would come to no more. */
  readonly isLast: boolean;
}

const again = (made: Regenerated): Tried => ({ made, isLast: false });

async function tryOnce(conflict: Conflict, attempt: Start, context: Attempt): Promise<Tried> {
  const { path, ours } = conflict;
  const { plan, from, start, sides } = attempt;
  const tree = await treeFrom(
    context,
    new Map([[path, { mode: ours?.mode ?? "100644", bytes: Buffer.from(start) }]]),
  );
  const ran = await runTool(tree, plan, context);
  if ("wrong" in ran) return { made: failed(plan, ran.wrong), isLast: ran.isRefused };
  const text = textOf(ran.bytes);
  if (text === null) return again(failed(plan, "wrote a lockfile that is not text."));
  const manifests = await manifestsOf(tree, plan, context);
  if (manifests === null)
    return { made: failed(plan, `has more than ${mostManifests} manifests to read here.`), isLast: true };
  const verdict = await context.merge.verifyLockfile({ path, text, manifests, sides });
  // What takes too long from one start does so from the next, at the cost of everything else that waits for the rules.
  if (verdict === null)
    return {
      made: failed(plan, "wrote a lockfile that takes too long to check, so it is not used."),
      isLast: true,
    };
  if (!verdict.ok)
    return again(failed(plan, `wrote a lockfile that is refused: ${verdict.findings.slice(0, 3).join(" ")}`));
  const isConfirmed = from === "merged" && text === start;
  return { made: written(plan, { path, bytes: ran.bytes, verdict, isConfirmed }), isLast: true };
}

type Ran =
  | { readonly bytes: Uint8Array }
  /** What went wrong, behind the tool's name; and whether it was refused a registry, as it will be again. */
  | { readonly wrong: string; readonly isRefused: boolean };

async function runTool(tree: string, plan: ToolPlan, context: Attempt): Promise<Ran> {
  const [path] = plan.returns;
  const result = await context.sandbox.run({
    tree: context.workspace.archive(tree),
    argv: ["sh", "-c", plan.line],
    folder: plan.folder,
    environment: plan.environment,
    limits: { wallMs },
    network: "install",
    cache: null,
    returns: plan.returns,
    reports: [],
    signal: context.signal,
  });
  const wrong = trouble(result);
  if (wrong !== null) return { wrong, isRefused: (result.troubles ?? []).length > 0 };
  const bytes = result.returned.get(path);
  if (bytes !== undefined) return { bytes };
  const why = result.missing.find((one) => one.path === path)?.why ?? "is not there";
  return { wrong: `ran, and its lockfile did not come back: it ${why}.`, isRefused: false };
}

/**
 * What is the matter with a lockfile that was merged entry by entry and that no tool has seen, as a sentence; `null` where nothing is found, or it cannot be told.
 */
export async function doubtOfMerged(
  conflict: Conflict,
  merged: string,
  context: Unrun,
): Promise<string | null> {
  const text = await context.workspace.conflictedFile(conflict);
  if (text === null) return null;
  const { base, ours, theirs } = text.file;
  const plan = await planFor(conflict.path, ours, context);
  if (plan === null) return null;
  const below = plan.folder === "" ? "" : `${plan.folder}/`;
  const tree = await treeFrom(context, new Map());
  const manifests = await manifestsOf(tree, plan, { ...context, below });
  if (manifests === null) return null;
  const request = { path: conflict.path, text: merged, manifests, sides: { base, ours, theirs } };
  const verdict = await context.merge.verifyLockfile(request);
  if (verdict === null || verdict.ok) return null;
  return `Merged entry by entry it does not hold together: ${verdict.findings.slice(0, 3).join(" ")}`;
}

function failed({ tool }: ToolPlan, what: string): Regenerated {
  return { kind: "failed", why: `${tool} ${what}` };
}

interface Believed {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly verdict: LockfileVerdict;
  /** The tool found nothing to change in the merge entry by entry. */
  readonly isConfirmed: boolean;
}

function written({ tool }: ToolPlan, { path, bytes, verdict, isConfirmed }: Believed): Regenerated {
  const { fromNeither, lowered } = verdict;
  const how = isConfirmed
    ? `${tool} took the merge of both sides' entries as it is`
    : `${tool} wrote it anew from the merged manifests and both sides' versions`;
  const strangers = `; ${count(fromNeither, "package")} in versions that neither side has`;
  const lower = `; ${count(lowered, "package")} lower than a side raised ${lowered.length === 1 ? "it" : "them"}`;
  return {
    kind: "written",
    class: `lockfile/${tool}/regenerated`,
    files: new Map([[path, bytes]]),
    fromNeither,
    lowered,
    summary: `${how}${fromNeither.length > 0 ? strangers : ""}${lowered.length > 0 ? lower : ""}; every dependency is locked with its checksum.`,
  };
}

function count(all: readonly string[], noun: string): string {
  return `${all.length} ${noun}${all.length === 1 ? "" : "s"}`;
}

/** Path to text of every manifest at or below the lockfile; `null` where there are too many. One that is not text counts as empty. */
async function manifestsOf(
  tree: string,
  { manifests }: ToolPlan,
  { workspace, below }: Pick<Attempt, "workspace" | "below">,
): Promise<ReadonlyMap<string, string> | null> {
  const paths = (await workspace.listTree(tree)).filter(
    (path) => path.startsWith(below) && manifests.has(nameOf(path)) && !path.includes("node_modules/"),
  );
  if (paths.length > mostManifests) return null;
  const texts = new Map<string, string>();
  for (const path of paths) {
    const blob = await workspace.readTree(tree, path);
    texts.set(path, (blob && textOf(blob.bytes)) ?? "");
  }
  return texts;
}
