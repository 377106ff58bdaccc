// Conflicted lockfiles, and files with a rule in agent.yml: written anew by their tool once everything it reads is settled.
import { preparer } from "../../checks/run/ground.ts";
import type { AgentContext } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { RegenerateRule } from "../../core/policy.ts";
import type { Sandbox } from "../../core/sandbox.ts";
import type { HunkReport } from "../../core/task.ts";
import type { Blob } from "../../core/workspace.ts";
import { labelsOf, mergedMode, settledBlobs, settledText } from "./path-state.ts";
import type { PathState, TextPath, WrittenPath } from "./path-state.ts";
import type { Regenerated, RegenerateContext, RuleContext } from "./regenerate/context.ts";
import { regenerateByRule, ruleFor } from "./regenerate/regenerate-by-rule.ts";
import { doubtOfMerged, regenerateFile } from "./regenerate/regenerate-file.ts";
import { toolFor } from "./regenerate/tools.ts";
import { openPath } from "./rows.ts";

/**
 * Writes anew what has a tool and is not written yet. Where that fails, the merge entry by entry stands, or the file stays open, and its rows say why. A lockfile
 * that waited for a manifest gets its turn when this is asked again.
 */
export async function regeneratePaths(
  states: readonly PathState[],
  context: AgentContext,
): Promise<readonly PathState[]> {
  let now = states;
  for (const at of states.keys()) {
    context.signal.throwIfAborted();
    const state = now[at];
    const settled = settledBlobs(now, labelsOf(context.workspace)).size;
    if (state?.kind !== "text" || state.regenerateTried === settled) continue;
    const way = wayFor(state, context);
    if (way === null) continue;
    now = now.with(at, { ...state, regenerateTried: settled });
    now = await afterTrying(state, way, now, context);
  }
  return now;
}

async function afterTrying(
  state: TextPath,
  way: Way,
  states: readonly PathState[],
  context: AgentContext,
): Promise<readonly PathState[]> {
  const made: Regenerated =
    context.sandbox.kind === "unavailable"
      ? { kind: "failed", why: noSandbox }
      : await regenerated(state, way, states, { ...context, sandbox: context.sandbox.sandbox }).catch(
          failedBy,
        );
  if (made.kind === "written") return await withFiles(states, made, context);
  const merged = settledText(state);
  const results = settledBlobs(states, labelsOf(context.workspace));
  const doubt =
    way.kind === "lockfile" && merged !== null
      ? await doubtOfMerged(state.conflict, merged, { ...context, results })
      : null;
  return explained(states, state, { reason: made.why, doubt });
}

/** A sandbox or a tree that cannot be had costs the tool's answer, not the rules'. */
function failedBy(error: unknown): Regenerated {
  if (!(error instanceof AppError) || !["sandbox", "workspace"].includes(error.code)) throw error;
  return { kind: "failed", why: `${error.message} ${error.remedy}` };
}

/** Why there is none, and what to do, is told once, of the whole merge. */
const noSandbox = "Its tool was not run, for want of a sandbox.";

type Way = { readonly kind: "rule"; readonly rule: RegenerateRule } | { readonly kind: "lockfile" };

function wayFor({ conflict: { path } }: TextPath, { policy }: AgentContext): Way | null {
  const rule = ruleFor(path, policy.regenerate);
  if (rule !== null) return { kind: "rule", rule };
  return toolFor(path, { lock: "", manifest: "", settings: "" }) === null ? null : { kind: "lockfile" };
}

type Ready = Omit<AgentContext, "sandbox"> & { readonly sandbox: Sandbox };

async function regenerated(
  state: TextPath,
  way: Way,
  states: readonly PathState[],
  context: Ready,
): Promise<Regenerated> {
  const { workspace, merge, sandbox, signal, record } = context;
  const results = settledBlobs(states, labelsOf(workspace));
  const inputs: RegenerateContext = { workspace, merge, sandbox, results, signal, record };
  if (way.kind === "lockfile") return await regenerateFile(state.conflict, settledText(state), inputs);
  const installed = installedFor(context);
  return await regenerateByRule(state.conflict.path, way.rule, { ...inputs, installed });
}

/** What a rule's command finds installed: the same as the repository's checks. */
function installedFor(context: Ready): RuleContext["installed"] {
  const prepare = preparer({ ...context, setup: "" });
  return async (tree) => {
    const { cache, environment } = (await prepare(tree)).ground;
    return { cache, environment };
  };
}

type Made = Extract<Regenerated, { kind: "written" }>;

/** Every conflicted path that came back is settled with it; what else a rule's command wrote goes with the first of them. */
async function withFiles(
  states: readonly PathState[],
  made: Made,
  { approved, workspace }: AgentContext,
): Promise<readonly PathState[]> {
  const conflicted = new Set(states.map(({ conflict }) => conflict.path));
  const others = new Map<string, Blob>();
  for (const [path, bytes] of made.files) {
    if (conflicted.has(path)) continue;
    const before = workspace.gitTree === null ? null : await workspace.readTree(workspace.gitTree, path);
    others.set(path, { mode: before?.mode ?? "100644", bytes });
  }
  const first = states.findIndex(({ conflict }) => made.files.has(conflict.path));
  return states.map((state, at): PathState => {
    const bytes = made.files.get(state.conflict.path);
    if (state.kind !== "text" || bytes === undefined) return state;
    const blob = { mode: mergedMode(state.conflict), bytes };
    const own = at === first ? others : new Map<string, Blob>();
    return { ...writtenPath(state, made, { approved, others: own }), blob, others: own };
  });
}

function writtenPath(
  { conflict }: TextPath,
  { class: name, fromNeither, lowered, summary }: Made,
  { approved, others }: { readonly approved: boolean; readonly others: ReadonlyMap<string, Blob> },
): Pick<WrittenPath, "kind" | "conflict" | "row"> {
  const row: HunkReport = {
    ...openPath(
      conflict,
      [summary, ...named(fromNeither), ...named(lowered), ...alsoWritten(others)].join(" "),
    ),
    tier: "regenerate",
    class: name,
    settled: true,
    // A lockfile that holds what its sides held is as good as they are; what is new in it a person or the tests have to have seen.
    aboveBar: approved || (fromNeither.length === 0 && lowered.length === 0),
  };
  return { kind: "written", conflict, row };
}

/** What is pushed with it has no row of its own. */
function alsoWritten(others: ReadonlyMap<string, Blob>): readonly string[] {
  return named([...others.keys()]).map((paths) => `Written with it: ${paths}`);
}

/** Packages, or paths, that a sentence names. */
const mostNamed = 5;

function named(packages: readonly string[]): readonly string[] {
  if (packages.length === 0) return [];
  const more = packages.length - mostNamed;
  return [`${packages.slice(0, mostNamed).join(", ")}${more > 0 ? `, and ${more} more` : ""}.`];
}

interface Left {
  /** Why its tool did not write it. */
  readonly reason: string;
  /** What is the matter with the merge that stands instead; `null` where nothing is found. */
  readonly doubt: string | null;
}

/** The file as it was, with what there is to say: once, in the row of its first open hunk, or of its first. */
function explained(
  states: readonly PathState[],
  { conflict }: TextPath,
  { reason, doubt }: Left,
): readonly PathState[] {
  const said = doubt === null ? reason : `${doubt} ${reason}`;
  return states.map((state) => {
    if (state.kind !== "text" || state.conflict.path !== conflict.path) return state;
    const { hunks, openHunks } = state.resolution;
    const told = openHunks.length === 0 ? 0 : Math.min(...openHunks);
    const reasoned = hunks.map((one, at) => (at === told ? { ...one, why: withReason(one.why, said) } : one));
    return { ...state, isDoubted: doubt !== null, resolution: { ...state.resolution, hunks: reasoned } };
  });
}

const withReason = (why: string, reason: string): string => (why.includes(reason) ? why : `${why} ${reason}`);
