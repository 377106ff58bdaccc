// Rows of the ledger as examples to train and to test a model on: what was shown, and what people kept.
import { aboutOf } from "../../core/call-changes.ts";
import type { CallOutcome, ModelCall } from "../../core/ledger.ts";
import { parseModelName } from "../../core/model.ts";
import type { Provider } from "../../core/model.ts";
import { sameLines } from "../../core/same-lines.ts";
import { answerSaying } from "./answers.ts";
import { redact } from "../../model/redact.ts";
import { hasTexts, keptText, writtenIn } from "./questions.ts";
import type { TextCall } from "./questions.ts";
import { splitRows } from "./split.ts";

/** One line of the file: chat messages as trainers read them, and where they come from. */
interface ExportRow {
  readonly messages: readonly { readonly role: "system" | "user" | "assistant"; readonly content: string }[];
  /** Whose model was asked; of a text that a model wrote, whose model wrote it. `null` where its name says none. */
  readonly provider: Provider | null;
  readonly model: string;
  readonly slot: string;
  readonly outcome: CallOutcome;
  /** Whether the assistant's text was written by a model, and kept by people. */
  readonly modelOutput: boolean;
  readonly split: "train" | "holdout";
}

export interface ExportOptions {
  readonly slot?: string | undefined;
  readonly includeModelOutputs: boolean;
  /** Share of rows to hold out, 0 to below 1. */
  readonly holdout: number;
}

export interface Exported {
  readonly rows: readonly ExportRow[];
  readonly train: number;
  readonly holdout: number;
  /** Milliseconds since 1970: rows begun later are held out. */
  readonly cut: number | null;
  /** Rows left out, by the reason. */
  readonly left: {
    /** Calls of which no texts were kept, those about forks and replays among them. */
    readonly noTexts: number;
    /** What people kept is not known, or was taken back. */
    readonly noTarget: number;
    /** Pick: the prompt shows what people kept under no label. */
    readonly noLabel: number;
    readonly modelOutput: number;
    /** The very same messages are in another row. */
    readonly repeated: number;
    /** A row that is held out is about the same, or was shown the same. */
    readonly leaking: number;
  };
}

interface Draft {
  readonly call: TextCall;
  readonly answer: string;
  readonly outcome: CallOutcome;
  readonly writtenBy: string | null;
  readonly repository: string;
  readonly at: number;
  readonly about: string;
  readonly user: string;
}

/** Pure. Rows come as the ledger has them, oldest first. */
export function exportRows(calls: readonly ModelCall[], options: ExportOptions): Exported {
  const left = { noTexts: 0, noTarget: 0, noLabel: 0, modelOutput: 0, repeated: 0, leaking: 0 };
  const groups = groupsOf(calls.filter(hasTexts));
  const seen = new Set<string>();
  const drafts = calls
    .filter(({ slot }) => options.slot === undefined || slot === options.slot)
    .flatMap((call): Draft[] => {
      const draft = draftOf(call, groups);
      if (typeof draft === "string") {
        left[draft]++;
        return [];
      }
      if (draft.writtenBy !== null && !options.includeModelOutputs) {
        left.modelOutput++;
        return [];
      }
      const same = JSON.stringify([draft.call.contents.system, draft.user, draft.answer]);
      if (seen.has(same)) {
        left.repeated++;
        return [];
      }
      seen.add(same);
      return [draft];
    });
  const { train, holdout, leaking, cut } = splitRows(drafts, options.holdout);
  const held = new Set(holdout);
  const kept = new Set([...train, ...holdout]);
  const rows = drafts
    .filter((draft) => kept.has(draft))
    .map((draft) => rowOf(draft, held.has(draft) ? "holdout" : "train"));
  return { rows, train: train.length, holdout: holdout.length, cut, left: { ...left, leaking } };
}

interface Group {
  /** Of one slot. */
  readonly slots: Map<string, TextCall[]>;
  /** Texts that models wrote about it, in any slot, and who wrote them. */
  readonly written: { readonly text: string; readonly model: string }[];
}

const keyOf = (call: ModelCall): string => (call.subject === null ? call.id : aboutOf(call));

function groupsOf(calls: readonly TextCall[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const call of calls) {
    const group = groups.get(keyOf(call)) ?? { slots: new Map<string, TextCall[]>(), written: [] };
    groups.set(keyOf(call), group);
    group.slots.set(call.slot, [...(group.slots.get(call.slot) ?? []), call]);
    const text = writtenIn(call);
    if (text !== null) group.written.push({ text, model: call.model });
  }
  return groups;
}

/** The row, or why there is none. */
function draftOf(
  call: ModelCall,
  groups: ReadonlyMap<string, Group>,
): Draft | "noTexts" | "noTarget" | "noLabel" {
  if (!hasTexts(call)) return "noTexts";
  const { agent, slot, outcome, contents } = call;
  const group = groups.get(keyOf(call));
  const kept = keptText(group?.slots.get(slot) ?? []);
  if (kept === null || outcome === null) return "noTarget";
  const given = answerSaying(kept, { agent, slot, user: contents.user });
  if (given === null) return "noLabel";
  // A label says which of the texts shown people kept: no model's words. A text may be a model's, also that of a later and larger one.
  const writer = given.spelt ? group?.written.findLast(({ text }) => sameLines(text, kept)) : undefined;
  return {
    call,
    // What people committed was never redacted before.
    answer: given.spelt ? redact(given.answer) : given.answer,
    outcome,
    writtenBy: writer?.model ?? null,
    repository: `${call.owner}/${call.repo}`,
    at: call.at,
    about: keyOf(call),
    user: contents.user,
  };
}

function rowOf({ call, answer, outcome, writtenBy }: Draft, split: ExportRow["split"]): ExportRow {
  const { contents, model, slot } = call;
  return {
    messages: [
      { role: "system", content: contents.system },
      { role: "user", content: contents.user },
      { role: "assistant", content: answer },
    ],
    provider: parseModelName(writtenBy ?? model)?.provider ?? null,
    model: writtenBy ?? model,
    slot,
    outcome,
    modelOutput: writtenBy !== null,
    split,
  };
}
