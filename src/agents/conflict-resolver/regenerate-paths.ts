// Conflicted lockfiles, and files with a rule in agent.yml: written anew by their tool once everything it reads is settled.
import { preparer } from "../../checks/run/ground.ts";
import type { AgentContext } from "../../core/agent.ts";
import type { RegenerateRule } from "../../core/policy.ts";
import type { Sandbox } from "../../core/sandbox.ts";
import type { HunkReport } from "../../core/task.ts";
import type { Blob } from "../../core/workspace.ts";
import { settledTexts } from "../../merge/hunks.ts";
import { isOpen, labelsOf, mergedMode, settledBlobs } from "./path-state.ts";
import type { PathState, TextPath, WrittenPath } from "./path-state.ts";
import type { Regenerated, RegenerateContext, RuleContext } from "./regenerate/context.ts";
import { regenerateByRule, ruleFor } from "./regenerate/regenerate-by-rule.ts";
import { regenerateFile } from "./regenerate/regenerate-file.ts";
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
    now =
      context.sandbox.kind === "unavailable"
        ? explained(now, state, `${context.sandbox.why} ${context.sandbox.remedy}`)
        : await regenerated(state, way, now, { ...context, sandbox: context.sandbox.sandbox });
  }
  return now;
}

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
): Promise<readonly PathState[]> {
  const { workspace, merge, sandbox, signal, record } = context;
  const results = settledBlobs(states, labelsOf(workspace));
  const inputs: RegenerateContext = { workspace, merge, sandbox, results, signal, record };
  const made =
    way.kind === "lockfile"
      ? await regenerateFile(state.conflict, mergedText(state), inputs)
      : await regenerateByRule(state.conflict.path, way.rule, {
          ...inputs,
          installed: installedFor(context),
        });
  if (made.kind === "failed") return explained(states, state, made.why);
  return await withFiles(states, made, context);
}

/** What a rule's command finds installed: the same as the repository's checks. */
function installedFor(context: Ready): RuleContext["installed"] {
  const prepare = preparer({ ...context, setup: "" });
  return async (tree) => {
    const { cache, environment } = (await prepare(tree)).ground;
    return { cache, environment };
  };
}

/** The file merged entry by entry; `null` while a hunk of it is open. */
function mergedText(state: TextPath): string | null {
  if (isOpen(state)) return null;
  const texts = settledTexts(state.resolution);
  let at = 0;
  return state.file.segments
    .map((segment) => (segment.kind === "clean" ? segment.text : (texts[at++] ?? "")))
    .join("");
}

type Made = Extract<Regenerated, { kind: "written" }>;

/** Every conflicted path that came back is settled with it; what else a rule's command wrote goes with the first of them. */
async function withFiles(
  states: readonly PathState[],
  made: Made,
  { approved, workspace }: Ready,
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
    return { ...writtenPath(state, made, approved), blob, others: at === first ? others : new Map() };
  });
}

function writtenPath(
  { conflict }: TextPath,
  { class: name, fromNeither, lowered, summary }: Made,
  approved: boolean,
): Pick<WrittenPath, "kind" | "conflict" | "row"> {
  const row: HunkReport = {
    ...openPath(conflict, [summary, ...named(fromNeither), ...named(lowered)].join(" ")),
    tier: "regenerate",
    class: name,
    settled: true,
    // A lockfile that holds what its sides held is as good as they are; what is new in it a person or the tests have to have seen.
    aboveBar: approved || (fromNeither.length === 0 && lowered.length === 0),
  };
  return { kind: "written", conflict, row };
}

/** Packages that a sentence names. */
const mostNamed = 5;

function named(packages: readonly string[]): readonly string[] {
  if (packages.length === 0) return [];
  const more = packages.length - mostNamed;
  return [`${packages.slice(0, mostNamed).join(", ")}${more > 0 ? `, and ${more} more` : ""}.`];
}

/** The file as it was, every row with why its tool did not write it. */
function explained(
  states: readonly PathState[],
  { conflict }: TextPath,
  reason: string,
): readonly PathState[] {
  return states.map((state) => {
    if (state.kind !== "text" || state.conflict.path !== conflict.path) return state;
    const hunks = state.resolution.hunks.map((one) => ({ ...one, why: withReason(one.why, reason) }));
    return { ...state, resolution: { ...state.resolution, hunks } };
  });
}

const withReason = (why: string, reason: string): string => (why.includes(reason) ? why : `${why} ${reason}`);
