// The models as an agent is handed them: questions with bounded answers, samples, votes. Money, retries and the ledger are behind it.
import type { CallNote } from "./ledger.ts";
import type { ModelRole } from "./model.ts";
import type { Policy } from "./policy.ts";
import type { PromptData, PromptTemplate } from "./prompt.ts";
import type { PullRef } from "./pull.ts";
import type { ModelUse } from "./report.ts";
import type { HunkReport, ModelWork } from "./task.ts";

/** What a question is for: a row of the ledger says it. */
export interface CallPurpose {
  readonly agent: string;
  readonly slot: string;
  readonly role: ModelRole;
  readonly subject: string | null;
  readonly kind: string | null;
}

interface Question {
  readonly prompt: PromptTemplate;
  readonly data: PromptData;
  /** UTF-8 bytes of the whole prompt, above which nobody is asked. */
  readonly maxBytes: number;
  readonly maxOutputTokens: number;
}

/** Asked once. `sample`: which of several samples of one question, from 0; left out: 0. */
export type AskQuestion = Question & { readonly sample?: number };

/** Asked `samples` times, with the options in another order each time; the prompt's `{{options}}` is where they go. */
export interface ChooseQuestion extends Question {
  /** Two to 26 texts. */
  readonly options: readonly {
    readonly text: string;
    readonly maxBytes: number;
    readonly maxLines: number;
  }[];
  readonly samples: number;
  /** The same seed shuffles in the same way. */
  readonly seed: string;
}

/** Asked up to `samples` times for one block of text. */
export interface WriteQuestion extends Question {
  readonly samples: number;
  /** How many samples must say the same. */
  readonly needed: number;
  /** Texts with the same key say the same. */
  readonly keyOf: (text: string) => string;
}

interface Calls {
  /** The calls that it took, in order: ids in the ledger. */
  readonly callIds: readonly string[];
  /** "provider:model@endpoint" that answered; `null` when nobody did. */
  readonly model: string | null;
  /** One sentence for a person. */
  readonly why: string;
}

/** `unavailable`: no model, no money, or no server that answers; `too-large`: it does not fit, nobody was asked. */
type NoAnswer = "unavailable" | "too-large" | "refused" | "empty" | "malformed" | "truncated";

export type Asked = Calls &
  (
    | { readonly status: "answered"; readonly text: string }
    | { readonly status: NoAnswer; readonly text: null }
  );

/** A vote: the index of an option, NONE of them, or no valid label. */
export type Vote = number | "none" | "malformed";

export type Chosen = Calls & {
  readonly votes: readonly Vote[];
} & (
    | { readonly status: "agreed"; readonly index: number }
    | { readonly status: "none" | "disagreed" | NoAnswer; readonly index: null }
  );

export type Written = Calls & {
  /** Sizes of the groups of samples that say the same, largest first. */
  readonly votes: readonly number[];
} & (
    | { readonly status: "agreed"; readonly text: string }
    /** `declined`: the model said that it cannot tell. */
    | { readonly status: "declined" | "disagreed" | NoAnswer; readonly text: null }
  );

/** Never rejects but for an aborted run or a store that is gone: what goes wrong with a model is an answer, and a line in `problems`. */
export interface Models {
  /** Whether a model of this role may be asked now by this agent. Turns `false` when money or servers are at their end. */
  readonly isAvailable: (role: ModelRole, agent: string) => boolean;
  readonly ask: (purpose: CallPurpose, question: AskQuestion) => Promise<Asked>;
  readonly choose: (purpose: CallPurpose, question: ChooseQuestion) => Promise<Chosen>;
  readonly write: (purpose: CallPurpose, question: WriteQuestion) => Promise<Written>;
  /** What became of answers. Never rejects. */
  readonly note: (callIds: readonly string[], note: CallNote) => Promise<void>;
  /** One line for each thing that went wrong, for people: what, why, what to do. */
  readonly problems: () => readonly string[];
}

/** Whose questions they are: money is counted by it, and the ledger says it. */
export interface ModelRunFacts {
  readonly runId: string;
  readonly pull: PullRef;
  readonly fromFork: boolean;
  readonly policy: Policy;
  /** Milliseconds after its first question in which the run may still ask; left out: five minutes. */
  readonly askingMs?: number;
  readonly signal: AbortSignal;
}

export interface ModelRun {
  readonly models: Models;
  /** What the whole run has used, earlier attempts included; `null` where models had no part in it. */
  readonly use: (
    work: readonly ModelWork[],
    hunks: readonly Pick<HunkReport, "settled" | "tier">[],
  ) => Promise<ModelUse | null>;
}

/** The models for one run. */
export type ModelsFor = (run: ModelRunFacts) => ModelRun;

const unavailable: Calls & { status: "unavailable" } = {
  status: "unavailable",
  callIds: [],
  model: null,
  why: "No model is configured.",
};

/** For where no model is configured: everything deterministic still works. */
export const noModels: Models = {
  isAvailable: () => false,
  ask: () => Promise.resolve({ ...unavailable, text: null }),
  choose: () => Promise.resolve({ ...unavailable, votes: [], index: null }),
  write: () => Promise.resolve({ ...unavailable, votes: [], text: null }),
  note: () => Promise.resolve(),
  problems: () => [],
};

/** As `noModels`, for a whole run. */
export const noModelRun: ModelRun = { models: noModels, use: () => Promise.resolve(null) };
