// Hunks that rules leave open, settled by trial: their likeliest candidates together, one combination after the other, until the repository's own checks accept one.
import type { AgentContext } from "../../../core/agent.ts";
import type { HunkResolution, RankedCandidate } from "../../../core/conflict.ts";
import type { KeptSettlement } from "../../../core/task.ts";
import { settlementKey } from "../../../core/settlement-key.ts";
import { categoryOf } from "../../../merge/rank/features/path-kind.ts";
import { isOpen, settledText } from "../path-state.ts";
import type { PathState, TextPath } from "../path-state.ts";
import { likeliestCombinations } from "./combinations.ts";
import type { Prover, TreeJudgement } from "./prover.ts";

/** A hunk, and what may be put in its place: likeliest first, no text twice. */
interface Variable {
  /** Place of its path among the run's. */
  readonly path: number;
  /** Place among the hunks of the path. */
  readonly index: number;
  readonly options: readonly RankedCandidate[];
}

/** Combinations that are looked at, those that do not even parse among them: they cost no run, but time. */
const mostCombinations = 64;

/**
 * Settles the open hunks with the first combination of their candidates, in order of probability, that parses and with which everything passes that passed on
 * both sides; of those, the hunks whose lines ran in tests. The others stay open, and so do all where a path is left to people: half a merge has no
 * checks. What an earlier run on the same commits found is taken without a trial.
 */
export async function settleByTrial(
  states: readonly PathState[],
  prover: Prover,
  context: AgentContext,
): Promise<readonly PathState[]> {
  const known = states.map((state) => withKept(state, context));
  const variables = known.flatMap((state, path) => openVariables(state, path));
  const wholes = known.every((state) => !isOpen(state) || isVariable(state));
  if (context.approved || variables.length === 0 || !wholes) return known;
  if (variables.some(({ options }) => options.length === 0)) return known;
  if ((await prover.unavailable()) !== null) return known;
  const found = await tryOut({ states: known, variables, passedOver: () => false }, prover, context);
  if (found === null) return known;
  await keepFound(found, context);
  return found.states;
}

/**
 * Where a settled whole breaks what passed on both sides: the same with other candidates of the hunks that the ranker settled. `null` where none is better.
 */
export async function settleAnew(
  states: readonly PathState[],
  prover: Prover,
  context: AgentContext,
): Promise<Found | null> {
  const variables = states.flatMap((state, path) => rankedVariables(state, path));
  if (variables.length === 0) return null;
  const passedOver = (choice: readonly RankedCandidate[]): boolean =>
    choice.every(({ text }, at) => text === textNow(states, variables[at]));
  return await tryOut({ states, variables, passedOver }, prover, context);
}

/** What an earlier trial found stands above what the ranker finds likely: `apply` has to come to the same tree. */
function withKept(state: PathState, { settlements }: AgentContext): PathState {
  if (state.kind !== "text") return state;
  const kept = new Map(
    settlements.flatMap((one) => (one.tier === "proven" ? [[one.key, one] as const] : [])),
  );
  const known = state.resolution.hunks.flatMap(({ hunk, settlement }, index) => {
    const found = kept.get(settlementKey(state.file.path, hunk));
    const isOpenToIt = settlement === null || settlement.tier === "ranked";
    return found && isOpenToIt ? [{ index, settlement: found }] : [];
  });
  return known.reduce((next, { index, settlement: { class: name, text, why } }) => {
    return withSettled(next, index, { class: name, text, why });
  }, state);
}

const isVariable = (state: PathState): boolean =>
  state.kind === "text" && state.resolution.regeneration === null;

function openVariables(state: PathState, path: number): Variable[] {
  if (state.kind !== "text") return [];
  return state.resolution.openHunks
    .toSorted((one, other) => one - other)
    .map((index) => ({ path, index, options: optionsOf(state.resolution.hunks[index]) }));
}

function rankedVariables(state: PathState, path: number): Variable[] {
  if (state.kind !== "text") return [];
  return state.resolution.hunks.flatMap((hunk, index) => {
    const options = optionsOf(hunk);
    return hunk.settlement?.tier === "ranked" && options.length > 1 ? [{ path, index, options }] : [];
  });
}

function optionsOf(hunk: HunkResolution | undefined): readonly RankedCandidate[] {
  const sorted = (hunk?.candidates ?? []).toSorted((one, other) => other.probability - one.probability);
  return sorted.filter(({ text }, at) => sorted.findIndex((other) => other.text === text) === at);
}

function textNow(states: readonly PathState[], variable: Variable | undefined): string | null {
  const state = variable && states[variable.path];
  if (state?.kind !== "text") return null;
  return state.resolution.hunks[variable?.index ?? 0]?.settlement?.text ?? null;
}

interface Trial {
  readonly states: readonly PathState[];
  readonly variables: readonly Variable[];
  /** Combinations that need no trial: how they come out is known. */
  readonly passedOver: (choice: readonly RankedCandidate[]) => boolean;
}

/** What a trial came to. */
interface Found {
  readonly states: readonly PathState[];
  readonly settlements: readonly KeptSettlement[];
}

async function tryOut(trial: Trial, prover: Prover, context: AgentContext): Promise<Found | null> {
  let broken = 0;
  let looked = 0;
  const chances = trial.variables.map(({ options }) => options.map(({ probability }) => probability));
  for (const places of likeliestCombinations(chances)) {
    context.signal.throwIfAborted();
    if (++looked > mostCombinations) break;
    const choice = chosen(trial.variables, places);
    if (trial.passedOver(choice)) continue;
    const candidate = withChoice(trial, choice, "");
    if (!(await parse(candidate, trial, context))) continue;
    const judgement = await prover.judge(candidate);
    if (judgement === null || judgement.verdict === "unknown") break;
    context.record({ step: "prove", detail: `combination ${looked}: ${judgement.words}` });
    if (judgement.verdict === "broken") broken++;
    else return settled(trial, choice, { judgement, broken });
  }
  return null;
}

const chosen = (variables: readonly Variable[], places: readonly number[]): readonly RankedCandidate[] =>
  variables.flatMap(({ options }, at) => options[places[at] ?? 0] ?? []);

/** Every variable hunk settled with its candidate; all others as they are. */
function withChoice(
  { states, variables }: Trial,
  choice: readonly RankedCandidate[],
  proof: string,
): readonly PathState[] {
  return states.map((state, path) => {
    if (state.kind !== "text") return state;
    return variables.reduce((next, variable, at) => {
      const candidate = choice[at];
      if (variable.path !== path || candidate === undefined) return next;
      return withSettled(next, variable.index, settlementOf(state, candidate, proof));
    }, state);
  });
}

function settlementOf({ file }: TextPath, { text, why }: RankedCandidate, proof: string) {
  return { class: `proven/${categoryOf(file.path)}`, text, why: proof === "" ? why : `${why} ${proof}` };
}

/** Whether no file that is varied parses worse than its sides. */
async function parse(
  candidate: readonly PathState[],
  { variables }: Trial,
  { merge }: AgentContext,
): Promise<boolean> {
  const varied = new Set(variables.map(({ path }) => path));
  for (const [path, state] of candidate.entries()) {
    if (state.kind !== "text" || !varied.has(path)) continue;
    const { ours, theirs } = state.file;
    const result = settledText(state);
    if (result === null || (await merge.parseErrors(state.file.path, { ours, theirs, result })) !== null)
      return false;
  }
  return true;
}

/** Takes what the checks showed, hunk by hunk; a hunk that no test ran through is as open as before. */
function settled(
  trial: Trial,
  choice: readonly RankedCandidate[],
  { judgement, broken }: { readonly judgement: TreeJudgement; readonly broken: number },
): Found | null {
  const shown = trial.variables.map(({ path, index }) => {
    const state = trial.states[path];
    return state !== undefined && judgement.hunks.get(`${state.conflict.path}#${index + 1}`)?.proven === true;
  });
  if (!shown.includes(true)) return null;
  const proof = inWords(judgement.tests, broken);
  const kept = { ...trial, variables: trial.variables.filter((_, at) => shown[at]) };
  const keptChoice = choice.filter((_, at) => shown[at]);
  const after = withChoice(kept, keptChoice, proof);
  const settlements = kept.variables.flatMap(({ path, index }, at): KeptSettlement[] => {
    const state = trial.states[path];
    const candidate = keptChoice[at];
    const hunk = state?.kind === "text" ? state.resolution.hunks[index]?.hunk : undefined;
    if (state?.kind !== "text" || candidate === undefined || hunk === undefined) return [];
    const key = settlementKey(state.file.path, hunk);
    return [{ key, tier: "proven", ...settlementOf(state, candidate, proof) }];
  });
  return { states: after, settlements };
}

/** Keeps what is taken, for `apply` and later runs: what is not taken may not be, for they would come to another tree. */
export async function keepFound({ settlements }: Found, { keepSettlement }: AgentContext): Promise<void> {
  for (const settlement of settlements) await keepSettlement(settlement);
}

function inWords(tests: number, broken: number): string {
  const passed = `${tests} ${tests === 1 ? "test passes" : "tests pass"} with it`;
  if (broken === 0) return `${passed}.`;
  return `${passed}; ${broken} likelier ${broken === 1 ? "combination breaks" : "combinations break"} what passed on both sides.`;
}

/** The hunk at `index` settled by trial; the others stay open in their order. */
function withSettled(
  state: TextPath,
  index: number,
  settlement: { readonly class: string; readonly text: string; readonly why: string },
): TextPath {
  const hunks = state.resolution.hunks.map((one, at) =>
    at === index
      ? { ...one, why: settlement.why, settlement: { tier: "proven" as const, ...settlement } }
      : one,
  );
  const openHunks = state.resolution.openHunks.filter((open) => open !== index);
  return { ...state, resolution: { ...state.resolution, hunks, openHunks } };
}
