// Logged calls as questions: the samples that were asked together, and what people kept in the end.
import { aboutOf, byTime } from "../../core/call-changes.ts";
import type { CallContents, ModelCall } from "../../core/ledger.ts";
import { sameLines } from "../../core/same-lines.ts";
import { isComparable, isLabelSlot, readSaid } from "./answers.ts";
import { isShadow } from "./ports.ts";

/** A call whose texts were kept. */
export type TextCall = ModelCall & { readonly contents: CallContents };

/** Whether a call may be used to teach or to measure: with texts, of no fork, and no replay itself. */
export function hasTexts(call: ModelCall): call is TextCall {
  return call.contents !== null && !call.fromFork && !isShadow(call);
}

export interface Question {
  /** The id of its newest call. */
  readonly id: string;
  readonly agent: string;
  readonly slot: string;
  /** Who was asked. */
  readonly model: string;
  /** One for each sample, in their order. */
  readonly calls: readonly TextCall[];
  /** Whole lines that people kept in the place that was asked about; `null` where that is not known, or answers cannot be held against it by their texts. */
  readonly kept: string | null;
  readonly outcome: ModelCall["outcome"];
}

const readAnswer = ({ agent, slot, contents: { user, answer } }: TextCall) =>
  readSaid({ agent, slot, user, answer });

/** The text that a call's answer stands for. */
export const saidBy = (call: TextCall): string | null => readAnswer(call)?.text ?? null;

/** The text that the model wrote out itself. */
export function writtenIn(call: TextCall): string | null {
  const said = readAnswer(call);
  return said?.written === true ? said.text : null;
}

/**
 * Calls about the same thing in the same slot as one question each; of several rounds the last one. Oldest question first. What people kept is looked for in
 * all rounds.
 */
export function questionsOf(calls: readonly ModelCall[]): Question[] {
  const groups = new Map<string, TextCall[]>();
  for (const call of calls.filter(hasTexts).toSorted(byTime)) {
    const key = JSON.stringify([call.subject === null ? call.id : aboutOf(call), call.slot]);
    const group = groups.get(key);
    if (group) group.push(call);
    else groups.set(key, [call]);
  }
  return [...groups.values()].flatMap((group) => {
    const newest = group.at(-1);
    if (newest === undefined) return [];
    const { id, agent, slot, model, promptHash } = newest;
    const round = group.filter((call) => call.model === model && call.promptHash === promptHash);
    const samples = [...new Map(round.map((call) => [call.sample, call])).values()];
    const { outcome } = newest;
    const kept = isComparable(newest) ? keptText(group) : null;
    return [{ id, agent, slot, model, calls: samples.toSorted(bySample), kept, outcome }];
  });
}

const bySample = (one: ModelCall, other: ModelCall): number => one.sample - other.sample;

/**
 * What a person made of it wins. Where they left the answer as it was, that is what they kept: the text of the calls that settled it. An answer that was taken
 * back, or broke a check, teaches only what is wrong: `null`.
 */
export function keptText(calls: readonly TextCall[]): string | null {
  if (calls.some(({ outcome }) => outcome === "reverted" || outcome === "ci-red")) return null;
  const target = calls.findLast(({ contents, outcome }) => outcome !== null && contents.target !== null)
    ?.contents.target;
  if (target !== undefined && target !== null) return target;
  const accepted = calls.filter((call) => call.outcome === "accepted" && call.accepted === true);
  const texts = accepted.map((call) => call.contents.meaning ?? saidBy(call));
  return sharedText(texts, Math.floor(texts.length / 2) + 1);
}

/** What the samples of a question say together, by the rule of its slot: a label counts when all say it, a text when two write it (or the only one does). */
export function agreedText(slot: string, texts: readonly (string | null)[]): string | null {
  return sharedText(texts, isLabelSlot(slot) ? texts.length : Math.min(2, texts.length));
}

/** The first text that at least `needed` of these are. */
function sharedText(texts: readonly (string | null)[], needed: number): string | null {
  const found = texts.find(
    (text) =>
      text !== null && texts.filter((other) => other !== null && sameLines(other, text)).length >= needed,
  );
  return found ?? null;
}
