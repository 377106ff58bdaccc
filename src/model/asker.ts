// Asking through trouble: the next model where one cannot answer, another try where a server is busy, and a plain word on everything that went wrong.
import { setTimeout as sleepFor } from "node:timers/promises";
import { AppError } from "../core/errors.ts";
import { parseModelName } from "../core/model.ts";
import type { ModelAnswer, ModelName, ModelRequest, ModelRole } from "../core/model.ts";
import type { CallPurpose, ModelRunFacts } from "../core/models.ts";
import { askMetered } from "./meter.ts";
import type { AnswerStatus, Metered, MeterParts } from "./meter.ts";
import { dollars } from "../core/money.ts";
import { routeOf } from "./route.ts";
import type { Screen, Screened } from "./screen.ts";

export interface AskerParts extends MeterParts {
  /** Whether a model may be asked about anybody's code; asks it first where that is not known. */
  readonly screen: Screen;
  /** Milliseconds after its first question in which a run may still ask; left out: five minutes. A replay that a person waits for has no such end. */
  readonly askingMs?: number;
  /** Waits; a test passes its own. Rejects when the signal is aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What one sample of a question came to. */
export type Sample =
  | {
      readonly answered: true;
      readonly callIds: readonly string[];
      readonly model: string;
      readonly status: AnswerStatus;
      readonly answer: ModelAnswer;
    }
  | { readonly answered: false; readonly callIds: readonly string[]; readonly why: string };

export interface Asker {
  readonly isAvailable: (role: ModelRole, agent: string) => boolean;
  readonly sample: (
    purpose: CallPurpose,
    request: ModelRequest,
    isWellFormed: (text: string) => boolean,
  ) => Promise<Sample>;
  readonly problems: () => readonly string[];
}

/** Tries of one sample on one model, the first included. */
const mostAttempts = 3;
/** Milliseconds before a second and third try, where the server names no time. */
const pauses = [500, 2_000] as const;
/** Milliseconds that a run waits for servers in all: a pull request is not held up for longer by a model that is not there. */
const patienceMs = 60_000;

/** 20 hunks on a slow server must not hold a worker for hours. */
const defaultAskingMs = 5 * 60_000;

const noModel = "No model is configured for this.";

/** One for each run: what turned out not to answer is not asked again in it. */
export function createAsker(run: ModelRunFacts, parts: AskerParts): Asker {
  const routes = createRoutes(run, parts);
  const pause = createPatience(run, parts);

  const attempts = async (
    name: ModelName,
    purpose: CallPurpose,
    { request, isWellFormed, callIds }: Pending,
  ): Promise<Metered> => {
    for (let attempt = 1; ; attempt++) {
      const asked = { run, purpose, name, request, isWellFormed, attempt };
      const metered = await askMetered(asked, parts);
      if ("callId" in metered) callIds.push(metered.callId);
      const again = metered.kind === "failed" && metered.error.retryable;
      if (!again || !(await pause(attempt, metered.error))) return metered;
    }
  };
  /** Screening asks as any question is asked, and is told of trouble as an error. */
  const screened = (name: ModelName): Promise<Screened> =>
    parts.screen(name, async (purpose, request) => {
      const metered = await attempts(name, purpose, { request, isWellFormed: () => true, callIds: [] });
      if (metered.kind === "answered") return metered.answer;
      if (metered.kind === "failed") throw metered.error;
      throw new AppError("model", whyNot(metered), { retryable: false, remedy: "" });
    });
  /** `null`: not this one. */
  const sampleOf = async (name: string, purpose: CallPurpose, pending: Pending): Promise<Sample | null> => {
    run.signal.throwIfAborted();
    const parsed = parseModelName(name);
    if (parsed === null) return null;
    const screening = await screened(parsed);
    if (!screening.passed) return routes.giveUp(name, screening.why);
    // Screening happens once a month: its ten calls are not the run's own.
    routes.begin();
    const { request, callIds } = pending;
    if (bytesOf(request) > screening.maxBytes) return routes.passOver(name, shortContext);
    const fitting = screening.schema ? request : { ...request, schema: null };
    const metered = await attempts(parsed, purpose, { ...pending, request: fitting });
    if (metered.kind !== "answered") return routes.giveUp(name, whyNot(metered));
    const { status, answer } = metered;
    return { answered: true, callIds, model: name, status, answer };
  };

  return {
    isAvailable: (role, agent) => routes.of(role, agent).length > 0,
    sample: async ({ role, agent, ...purpose }, request, isWellFormed) => {
      const callIds: string[] = [];
      for (const name of routes.of(role, agent)) {
        const sample = await sampleOf(name, { role, agent, ...purpose }, { request, isWellFormed, callIds });
        if (sample !== null) return sample;
      }
      return { answered: false, callIds, why: routes.whyNot(role, agent) };
    },
    problems: routes.problems,
  };
}

interface Routes {
  readonly of: (role: ModelRole, agent: string) => readonly string[];
  /** A question is asked now. */
  readonly begin: () => void;
  /** This model answers nothing any more in this run. */
  readonly giveUp: (name: string, why: string) => null;
  /** It does not answer this question. */
  readonly passOver: (name: string, why: string) => null;
  /** Why none of a role's models answers, or answered. */
  readonly whyNot: (role: ModelRole, agent: string) => string;
  readonly problems: () => readonly string[];
}

function createRoutes(
  run: ModelRunFacts,
  { settings, now, ...parts }: Pick<AskerParts, "settings" | "now" | "askingMs">,
): Routes {
  const askingMs = parts.askingMs ?? run.askingMs ?? defaultAskingMs;
  const out = new Set<string>();
  const problems = new Set<string>();
  const reasons = new Map<string, string>();
  let askedFirst: number | null = null;
  const isOver = (): boolean => askedFirst !== null && now() - askedFirst > askingMs;
  const passOver = (name: string, why: string): null => {
    const line = why.startsWith(`${name} `) || why.startsWith(`${name}:`) ? why : `${name}: ${why}`;
    reasons.set(name, line);
    problems.add(line);
    return null;
  };
  return {
    of: (role, agent) => {
      const { names, problems: wrong } = routeOf(role, agent, run.policy.models, settings);
      for (const line of wrong) problems.add(line);
      if (isOver() && names.length > 0) problems.add(outOfTime);
      return isOver() ? [] : names.filter((name) => !out.has(name));
    },
    begin: () => {
      askedFirst ??= now();
    },
    giveUp: (name, why) => {
      out.add(name);
      return passOver(name, why);
    },
    passOver,
    whyNot: (role, agent) => {
      const { names } = routeOf(role, agent, run.policy.models, settings);
      if (isOver() && names.length > 0) return outOfTime;
      return names.flatMap((name) => reasons.get(name) ?? []).at(-1) ?? noModel;
    },
    problems: () => [...problems],
  };
}

/** Waits before another try; `false` where there is to be none. */
function createPatience(
  run: ModelRunFacts,
  { sleep = sleepUntil }: Pick<AskerParts, "sleep">,
): (attempt: number, error: AppError) => Promise<boolean> {
  let waitedMs = 0;
  return async (attempt, { retryAfterMs }) => {
    const ms = retryAfterMs ?? pauses[attempt - 1] ?? pauses[1];
    if (attempt >= mostAttempts || waitedMs + ms > patienceMs) return false;
    waitedMs += ms;
    await sleep(ms, run.signal);
    return true;
  };
}

const outOfTime =
  "The time that models have in a run is over: what is left is for a person. A faster model or server would have got further.";

const shortContext =
  "it is served with so short a context that some questions do not fit. Raise it at its server (docs/models.md).";

interface Pending {
  readonly request: ModelRequest;
  readonly isWellFormed: (text: string) => boolean;
  readonly callIds: string[];
}

const bytesOf = ({ prompt }: ModelRequest): number =>
  Buffer.byteLength(prompt.system) + Buffer.byteLength(prompt.user);

function whyNot(metered: Exclude<Metered, { kind: "answered" }>): string {
  switch (metered.kind) {
    case "failed":
      return `${metered.error.message} ${metered.error.remedy}`;
    case "unpriced":
      return "its price is not known, so it was not asked. Set its price in ERRAND_PRICES, or ERRAND_ALLOW_UNPRICED=on.";
    case "no-money": {
      const { scope, spentMicros } = metered;
      // Sums of a day or an installation are made of other people's pull requests too: this is read in public.
      const isOwn = scope.name === "run" || scope.name === "pull";
      const sums = isOwn
        ? ` is ${dollars(scope.limitMicros)}, of which ${dollars(spentMicros)} is spent or held back`
        : " is used up";
      return `${words[scope.name]}${sums}: nothing more is asked. ${remedies[scope.name]}`;
    }
  }
}

const words = {
  run: "the budget of a run",
  pull: "the budget of this pull request",
  day: "the budget of a day",
  installation: "this installation's budget of a month",
} as const;

const remedies = {
  run: "Raise ERRAND_BUDGET_RUN (or models.budget.run in agent.yml).",
  pull: "Raise ERRAND_BUDGET_PULL (or models.budget.pull in agent.yml).",
  day: "Raise ERRAND_BUDGET_DAY, or wait for the next day (UTC).",
  installation: "Raise ERRAND_BUDGET_INSTALLATION, or wait for the next month (UTC).",
} as const;

async function sleepUntil(ms: number, signal: AbortSignal): Promise<void> {
  await sleepFor(ms, undefined, { signal });
}
