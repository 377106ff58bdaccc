// Logged questions asked again of another model, word for word, and held against what people kept. What the old model answered is never the truth.
import type { ModelCall } from "../../core/ledger.ts";
import { sameLines } from "../../core/same-lines.ts";
import { readSaid } from "./answers.ts";
import { allCalls, shadowRunId } from "./ports.ts";
import type { LedgerPorts } from "./ports.ts";
import { agreedText, questionsOf, saidBy } from "./questions.ts";
import type { Question, TextCall } from "./questions.ts";
import { evidenceOf, noteOf } from "./verdicts.ts";
import type { Answered, Evidence, Verdict } from "./verdicts.ts";

/** What came of asking one logged prompt again. */
interface Replayed {
  /** `null`: no answer, as the model refused or wrote nothing usable; with a `why`, as nobody could be asked. */
  readonly text: string | null;
  /** Rows of the ledger that it took. */
  readonly callIds: readonly string[];
  readonly why: string | null;
}

/** Asks the prompt of `call` again, within the operator's limits; `subject` and `runId` are what the new rows say. */
export type AskLogged = (
  call: TextCall,
  replay: { readonly runId: string; readonly subject: string },
) => Promise<Replayed>;

export interface ShadowOptions {
  /** "provider:model@endpoint". */
  readonly model: string;
  readonly slot?: string | undefined;
  /** Questions at most, newest first. */
  readonly max: number;
}

export interface SlotShadow extends Evidence {
  /** Who answered these questions before. */
  readonly incumbents: readonly string[];
  /** Of the questions that both answered, how many alike. */
  readonly agreement: { readonly n: number; readonly same: number };
  /** Millionths of a dollar for these questions; `null` where a call has no price. */
  readonly micros: number | null;
  readonly incumbentMicros: number | null;
}

export interface Shadow {
  readonly model: string;
  /** `null`: there was nothing to ask. */
  readonly runId: string | null;
  readonly slots: readonly SlotShadow[];
  /** Questions left out, by the reason. */
  readonly left: {
    /** What people kept is not known, or was taken back. */
    readonly noTruth: number;
    /** The candidate itself answered them. */
    readonly own: number;
    readonly beyondMax: number;
    /** Nobody could be asked. */
    readonly unasked: number;
  };
  /** Why it could not go on; `null` where it came to its end. */
  readonly stopped: string | null;
}

interface Known extends Question {
  readonly kept: string;
}

interface Compared {
  readonly question: Known;
  readonly verdict: Verdict;
  /** `null` unless both answered. */
  readonly alike: boolean | null;
  readonly callIds: readonly string[];
}

/** So many questions in a row that nobody answers, and it is the server or the money, not the question. */
const patience = 3;

const judged = (text: string | null, kept: string): Answered =>
  text === null ? "abstained" : sameLines(text, kept) ? "right" : "wrong";

async function askAgain(question: Known, runId: string, askLogged: AskLogged): Promise<Compared | string> {
  const texts: (string | null)[] = [];
  const callIds: string[] = [];
  for (const call of question.calls) {
    const replayed = await askLogged(call, { runId, subject: question.id });
    callIds.push(...replayed.callIds);
    if (replayed.why !== null) return replayed.why;
    const { agent, slot, contents } = call;
    const asked = { agent, slot, user: contents.user };
    const said = replayed.text === null ? null : readSaid({ ...asked, answer: replayed.text });
    texts.push(said?.text ?? null);
  }
  const said = agreedText(question.slot, texts);
  const before = agreedText(question.slot, question.calls.map(saidBy));
  const { agent, slot, kept } = question;
  return {
    question,
    verdict: { agent, slot, candidate: judged(said, kept), incumbent: judged(before, kept) },
    alike: said === null || before === null ? null : sameLines(said, before),
    callIds,
  };
}

/** Asks, notes at the new rows what came of it, and reckons. Never rejects for what a model or its server does. */
export async function shadow(
  { model, slot, max }: ShadowOptions,
  { ledger, now, tell }: LedgerPorts,
  askLogged: AskLogged,
): Promise<Shadow> {
  const calls: ModelCall[] = [];
  for await (const call of allCalls(ledger)) calls.push(call);
  const logged = questionsOf(calls).filter((question) => slot === undefined || question.slot === slot);
  const known = logged.flatMap((question) =>
    question.kept === null ? [] : [{ ...question, kept: question.kept }],
  );
  const others = known.filter((question) => question.model !== model);
  const asked = others.toReversed().slice(0, max);
  const runId = shadowRunId(now());

  const compared: Compared[] = [];
  let unasked = 0;
  let inARow = 0;
  let stopped: string | null = null;
  for (const [index, question] of asked.entries()) {
    const one = await askAgain(question, runId, askLogged);
    if (typeof one === "string") {
      unasked++;
      stopped = ++inARow >= patience ? one : null;
      if (stopped !== null) {
        unasked += asked.length - index - 1;
        break;
      }
      continue;
    }
    inARow = 0;
    compared.push(one);
    await ledger.noteCalls(one.callIds, { ...noteOf(one.verdict), outcomeAt: now() });
    if ((index + 1) % 10 === 0 || index + 1 === asked.length)
      tell(`${index + 1} of ${asked.length} questions asked\n`);
  }
  const left = {
    noTruth: logged.length - known.length,
    own: known.length - others.length,
    beyondMax: others.length - asked.length,
    unasked,
  };
  const slots = asked.length === 0 ? [] : await slotsOf(compared, runId, ledger);
  return { model, runId: asked.length === 0 ? null : runId, slots, left, stopped };
}

async function slotsOf(
  compared: readonly Compared[],
  runId: string,
  ledger: LedgerPorts["ledger"],
): Promise<SlotShadow[]> {
  const rows = new Map<string, ModelCall>();
  for await (const call of allCalls(ledger, { runId })) rows.set(call.id, call);
  return evidenceOf(compared.map(({ verdict }) => verdict)).map((evidence) => {
    const its = compared.filter(
      ({ question }) => question.agent === evidence.agent && question.slot === evidence.slot,
    );
    const both = its.filter(({ alike }) => alike !== null);
    return {
      ...evidence,
      incumbents: [...new Set(its.map(({ question }) => question.model))].sort(),
      agreement: { n: both.length, same: both.filter(({ alike }) => alike === true).length },
      micros: costOf(its.flatMap(({ callIds }) => callIds.flatMap((id) => rows.get(id) ?? []))),
      incumbentMicros: costOf(its.flatMap(({ question }) => question.calls)),
    };
  });
}

/** One call without a price makes the sum unknown: a part of it is no saving. */
const costOf = (calls: readonly ModelCall[]): number | null =>
  calls.every(({ priced }) => priced) ? calls.reduce((sum, { costMicros }) => sum + costMicros, 0) : null;
