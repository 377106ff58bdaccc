// The ledger of model calls, and the money that they may cost: reserved before a call, settled after it.
import { z } from "zod";
import type { LocalCounts } from "./memory.ts";
import { Usage } from "./model.ts";

/** Millionths of a dollar, always whole: money is never a fraction in binary. */
export type MicroDollars = number;

export const CallStatus = z.enum([
  /** Sent, or about to be: what it may cost at most is held back. */
  "reserved",
  "answered",
  /** An answer that stopped at the output limit. */
  "truncated",
  "refused",
  "empty",
  /** An answer that is not what was asked for: no such label, no code block. */
  "malformed",
  /** No answer: `failure` says why. */
  "failed",
  /** Its worker ended in the middle: whether the server was asked is not known, so what was reserved counts as spent. */
  "lost",
]);
export type CallStatus = z.infer<typeof CallStatus>;

/** What became of an answer, known later than the answer. */
export const CallOutcome = z.enum([
  /** In the branch as the model answered. */
  "accepted",
  /** A person made something else of it. */
  "edited",
  /** It was merged, and taken back. */
  "reverted",
  /** Checks failed on the commit that held it. */
  "ci-red",
  /** The model, or the rule of agreement, gave no answer. */
  "abstained",
]);
export type CallOutcome = z.infer<typeof CallOutcome>;

export const GateVerdict = z.object({ name: z.string(), passed: z.boolean() });
export type GateVerdict = z.infer<typeof GateVerdict>;

/** Texts of a call: kept only where the repository consents, redacted, never of forks. */
export const CallContents = z.object({
  system: z.string(),
  user: z.string(),
  answer: z.string(),
  /** What a person made of it in the end: the target to train on. `null` while that is not known. */
  target: z.string().nullable(),
  /** What the answer stood for: of a label, the text that it names. `null` where there is none. */
  meaning: z.string().nullable(),
});
export type CallContents = z.infer<typeof CallContents>;

/** One call of one model: a row of the ledger. */
export const ModelCall = z.object({
  id: z.string(),
  runId: z.string(),
  installationId: z.number().int().nonnegative(),
  owner: z.string(),
  repo: z.string(),
  /** The pull request; 0 where there is none. */
  number: z.number().int().nonnegative(),
  fromFork: z.boolean(),
  agent: z.string(),
  /** Which of the agent's questions: "pick", "generate", "consult". */
  slot: z.string(),
  /** "provider:model@endpoint". */
  model: z.string(),
  promptHash: z.string(),
  /** What the question was about, as the agent names it: for a hunk "path#index". */
  subject: z.string().nullable(),
  /** A word on its kind, by which calls are grouped: for a hunk its kind of file, "code". */
  kind: z.string().nullable(),
  /** Which of several samples of one question, from 0, and which try of that, from 1. */
  sample: z.number().int().nonnegative(),
  attempt: z.number().int().positive(),
  /** Milliseconds since 1970. */
  at: z.number().int(),
  status: CallStatus,
  /** Why there is no answer, in a word or two: "rate limited". */
  failure: z.string().nullable(),
  /** `null` where the server told none, or there is no answer. */
  usage: Usage.nullable(),
  /** `false`: no price is known of the model, so its cost counts as 0 and is shown as "unpriced". */
  priced: z.boolean(),
  /** Held back before the call: estimated input and all the output it may give, at list price. */
  reservedMicros: z.number().int().nonnegative(),
  /** What it cost; what was reserved, as long as that is not known. */
  costMicros: z.number().int().nonnegative(),
  /** Keys of the sums that it counts in. */
  scopes: z.array(z.string()),
  latencyMs: z.number().int().nonnegative().nullable(),
  gates: z.array(GateVerdict),
  /** Whether its answer settled what was asked; `null` while that is open. */
  accepted: z.boolean().nullable(),
  outcome: CallOutcome.nullable(),
  outcomeAt: z.number().int().nullable(),
  contents: CallContents.nullable(),
});
export type ModelCall = z.infer<typeof ModelCall>;

/** The class of what a model settles, in the precision table: each model for itself, by kind of question. Names of models may hold "/", classes use it. */
export function modelClass(model: string, kind: string | null): string {
  return `${model.replaceAll("/", "_")}/${kind ?? "any"}`;
}

/** A sum of money that has a limit: "run:…", "pull:…", "day:…", "installation:…". */
export interface SpendScope {
  readonly name: "run" | "pull" | "day" | "installation";
  readonly key: string;
  readonly limitMicros: MicroDollars;
  /** When the sum may be forgotten, in milliseconds since 1970. */
  readonly expiresAt: number;
}

type Reservation =
  | { readonly granted: true }
  /** The first scope that it does not fit into, and what is spent or held back there. */
  | { readonly granted: false; readonly scope: SpendScope; readonly spentMicros: MicroDollars };

/** What is known once the server has answered, or has not. */
export type SettledCall = Pick<
  ModelCall,
  "status" | "failure" | "usage" | "costMicros" | "latencyMs" | "contents"
>;

/** What is found out about calls later on; what is left out stays as it is. */
export interface CallNote {
  readonly gates?: readonly GateVerdict[];
  readonly accepted?: boolean;
  readonly status?: CallStatus;
  readonly outcome?: CallOutcome;
  readonly outcomeAt?: number;
  /** Kept only where the call has contents. */
  readonly target?: string;
  readonly meaning?: string;
}

export interface CallQuery {
  readonly runId?: string;
  /** `number` left out: every pull request. */
  readonly repository?: { readonly owner: string; readonly repo: string; readonly number?: number };
  /** Milliseconds since 1970: calls begun at or after. */
  readonly since?: number;
  /** Calls at most, and the id behind which to go on: rows come by `at`, then id. */
  readonly limit: number;
  readonly after?: string;
}

/** Where calls and sums are kept. Every method throws `AppError("store", retryable)` when it cannot be reached. */
export interface Ledger {
  /**
   * In one atomic step: if `call.reservedMicros` fits into every scope, adds it to each and inserts the call; else changes nothing. Safe with any number of
   * workers: the sums never pass their limits.
   */
  reserveCall(call: ModelCall, scopes: readonly SpendScope[]): Promise<Reservation>;
  /** In one atomic step: writes what is known and corrects every sum. `false`, and nothing changed, when the call is not `reserved` (any more). */
  settleCall(id: string, settled: SettledCall): Promise<boolean>;
  /** Unknown ids are passed over. */
  noteCalls(ids: readonly string[], note: CallNote): Promise<void>;
  /** Oldest first. */
  listCalls(query: CallQuery): Promise<readonly ModelCall[]>;
  /** What is spent or held back under each key, in their order; 0 for an unknown one. */
  spent(keys: readonly string[]): Promise<readonly MicroDollars[]>;
  /** Calls reserved before `before` (milliseconds since 1970) and never settled become `lost`. Returns how many. */
  giveUpCalls(before: number): Promise<number>;
  /**
   * How often the conflict resolver's answers that settled something were kept by people, in one repository: by slot (the tier) and `modelClass`. Of the calls about one subject of one
   * pull request the newest `accepted` one with an outcome counts, once: right when that is "accepted", wrong when "edited", "reverted" or "ci-red". One pull request
   * brings five right ones of a class at most: their hunks are much alike, and one yes covers them all.
   */
  outcomeCounts(repository: { readonly owner: string; readonly repo: string }): Promise<LocalCounts>;
  /** Forgets contents, or whole rows, of calls begun before `before`. Sums stay. Returns how many. */
  purgeCalls(before: number, what: "contents" | "rows"): Promise<number>;
  /** What was found out about a model on its endpoint, until it expires; `null` when unknown. JSON text. */
  loadCapabilities(model: string): Promise<string | null>;
  saveCapabilities(model: string, capabilities: string, expiresAt: number): Promise<void>;
}
