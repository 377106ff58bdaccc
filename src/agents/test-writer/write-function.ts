// The loop for one function: ask, run, show what failed and what nothing notices, ask again; keep the tests that bite.
import type { Asked } from "../../core/models.ts";
import type { PromptData, PromptTemplate } from "../../core/prompt.ts";
import type { SuiteRun } from "../../core/suite.ts";
import { readAnswer } from "./answer.ts";
import type { Refused } from "./answer.ts";
import { failureOf, isUnder, stateOf, whyUseless } from "./bench.ts";
import { drop, learnImports, noticed, testFile } from "./draft.ts";
import type { Work } from "./draft.ts";
import { mostRounds, mostSamples, question } from "./limits.ts";
import type { Mutant } from "./mutants/types.ts";
import { feedbackPrompt, writePrompt } from "./prompts/write.ts";
import type { Session } from "./session.ts";
import { findings, shownAnswer, shownFunction } from "./show.ts";
import { readTestFile, withoutTests } from "./test-file.ts";
import { grammarOf } from "../../syntax/index.ts";

/** What came of one answer. */
interface Tried {
  readonly answer: string;
  readonly passed: readonly string[];
  readonly failed: readonly { readonly title: string; readonly said: string }[];
  readonly refused: readonly Refused[];
}

/** Fills `work` with tests that pass and each notice a mutant. `share`: runs that it may take. */
export async function writeFunction(work: Work, session: Session, share: number): Promise<void> {
  const stop = session.bench.runsLeft() - share;
  const left = () => session.bench.runsLeft() - Math.max(0, stop);
  const taken = await takenTitles(work, session);
  let last = await firstTries(work, session, { left, taken });
  await judge(work, last?.passed ?? [], session, left);
  for (let round = 0; round < mostRounds && last !== null && left() > 0; round += 1) {
    const next = await feedBack(work, session, last, taken);
    if (next === null) break;
    last = next;
    await judge(work, next.passed, session, left);
  }
  await dropToothless(work);
}

/** Asks for what is missing; `null` where nothing is, or nobody answers. */
async function feedBack(
  work: Work,
  session: Session,
  last: Tried,
  taken: (title: string) => boolean,
): Promise<Tried | null> {
  const open = work.wanted.target.mutants.filter((mutant) => !noticed(work).has(mutant));
  if (last.failed.length === 0 && last.passed.length > 0 && open.length === 0) return null;
  const found = findings(
    last.failed,
    last.refused,
    open.map(({ words }) => words),
  );
  const data = { answer: shownAnswer(last.answer), findings: found };
  return await tryOnce(work, session, { taken, prompt: feedbackPrompt, data, sample: 0 });
}

const failedWhy = (said: string): string => {
  const line =
    said
      .split("\n")
      .find((one) => one.trim() !== "")
      ?.trim()
      .slice(0, 200) ?? "";
  return line === "" ? "it fails" : `it fails: ${line}`;
};

/** Samples until one holds a test that passes; the last of them. */
async function firstTries(
  work: Work,
  session: Session,
  { left, taken }: { readonly left: () => number; readonly taken: (title: string) => boolean },
): Promise<Tried | null> {
  let last: Tried | null = null;
  for (let sample = 0; sample < mostSamples && left() > 0; sample += 1) {
    const next = await tryOnce(work, session, { taken, prompt: writePrompt, data: {}, sample });
    if (next === null) break;
    last = next;
    if (next.passed.length > 0) break;
  }
  return last;
}

interface Try {
  readonly taken: (title: string) => boolean;
  readonly prompt: PromptTemplate;
  readonly data: PromptData;
  readonly sample: number;
}

/** `null`: nobody answers any more, or the calls or runs are spent. */
async function tryOnce(
  work: Work,
  session: Session,
  { taken, prompt, data, sample }: Try,
): Promise<Tried | null> {
  const { models, record } = session.ports;
  const { target } = work.wanted;
  if (!models.isAvailable("small", "test-writer") || !session.bench.takeCall()) return null;
  const titles = [...work.kills.keys()];
  const asked: Asked = await models.ask(
    {
      agent: "test-writer",
      slot: prompt === writePrompt ? "write" : "feedback",
      role: "small",
      subject: `${target.path}#${target.span.name}`,
      kind: grammarOf(target.path),
    },
    { prompt, data: { ...(await shownFunction(work, titles)), ...data }, ...question, sample },
  );
  if (asked.status !== "answered") {
    const ended = asked.status === "unavailable" || asked.status === "too-large";
    if (ended) work.dropped.push({ title: "(no answer)", why: asked.why });
    return ended
      ? null
      : { answer: "", passed: [], failed: [], refused: [{ title: "(the whole answer)", why: asked.why }] };
  }
  const tried = await runAnswer(asked.text, work, session, taken);
  if (tried === null) return null;
  work.dropped.push(...tried.refused);
  for (const { title, said: words } of tried.failed) work.dropped.push({ title, why: failedWhy(words) });
  record({
    step: "write",
    detail: `${target.path}: ${tried.passed.length} tests pass, ${tried.failed.length} fail, ${tried.refused.length} refused`,
  });
  // Whether a test of it is kept shows in the end.
  if (tried.passed.length > 0) work.answers.push({ callIds: asked.callIds, titles: tried.passed });
  else await models.note(asked.callIds, { accepted: false });
  return tried;
}

async function runAnswer(
  text: string,
  work: Work,
  session: Session,
  taken: (title: string) => boolean,
): Promise<Tried | null> {
  const { testPath } = work.place;
  const read = await readAnswer(testPath, text, (title) => taken(title) || work.kills.has(title));
  const { titles, refused } = read;
  if (titles.length === 0) return { answer: text, passed: [], failed: [], refused };
  const known = await learnImports(work, read.imports, session);
  const others = session.done.filter(({ place }) => place.testPath === testPath);
  const file = await testFile([...others, { ...work, known, more: read.added }]);
  if (file === null) {
    const why = "it does not fit into its file";
    return {
      answer: text,
      passed: [],
      failed: [],
      refused: [...refused, ...titles.map((title) => ({ title, why }))],
    };
  }
  const run = await session.bench.run(new Map([[testPath, file]]), alone(testPath));
  if (run === null) return null;
  const passed = titles.filter((title) => run.status === "reported" && stateOf(run, title) === "passed");
  const failed = titles
    .filter((title) => !passed.includes(title))
    .map((title) => ({ title, said: said(run, title) }));
  if (passed.length > 0) {
    const gone = new Set(failed.map(({ title }) => title));
    const added = await withoutTests(testPath, read.added, gone);
    work.added = [work.added, added.trim()].filter((part) => part !== "").join("\n\n");
    work.imports = [...work.imports, ...read.imports];
    work.known = known;
    for (const title of passed) work.kills.set(title, new Set());
  }
  return { answer: text, passed, failed, refused };
}

const alone = (path: string) => ({ tests: [path], seed: null, measure: [] });

function said(run: SuiteRun, title: string): string {
  const useless = run.status === "reported" ? null : whyUseless(run);
  const failure = failureOf(run, title);
  if (failure !== "") return failure;
  const state = stateOf(run, title);
  if (state === "skipped") return "It was skipped.";
  const file = run.tests.find(({ status }) => status === "failed");
  const words = file?.detail ?? file?.message ?? run.output.slice(-1_200);
  return `${useless ?? "The test was not run: its file could not be loaded."}\n${words.slice(0, 1_200)}`;
}

/** Runs mutants until each new test has noticed one and each mutant that nothing noticed has been shown to the new tests. */
async function judge(
  work: Work,
  fresh: readonly string[],
  session: Session,
  left: () => number,
): Promise<void> {
  const { mutants } = work.wanted.target;
  const { testPath } = work.place;
  const others = session.done.filter(({ place }) => place.testPath === testPath);
  const file = fresh.length === 0 ? null : await testFile([...others, work]);
  if (file === null) return;
  const before = noticed(work);
  const order = [...mutants.filter((one) => !before.has(one)), ...mutants.filter((one) => before.has(one))];
  for (const mutant of order) {
    if (left() <= 0) break;
    const toothless = fresh.some((title) => work.kills.get(title)?.size === 0);
    if (before.has(mutant) && !toothless) continue;
    const texts = new Map([
      [testPath, file],
      [mutant.path, mutant.text],
    ]);
    const run = await session.bench.run(texts, alone(testPath));
    if (run !== null) note(work, mutant, run);
  }
}

/** A run without any of the tests (the mutant does not compile), or that did not end, tells nothing. */
function note(work: Work, mutant: Mutant, run: SuiteRun): void {
  const titles = [...work.kills.keys()];
  const states = titles.map((title) => [title, stateOf(run, title)] as const);
  if (run.status !== "reported" || states.every(([, state]) => state === "absent")) return;
  work.judged.add(mutant);
  for (const [title, state] of states) if (state === "failed") work.kills.get(title)?.add(mutant);
}

async function dropToothless(work: Work): Promise<void> {
  const all = work.wanted.target.mutants.length;
  for (const [title, found] of [...work.kills]) {
    if (found.size > 0) continue;
    const why =
      work.judged.size === 0
        ? "nothing shows that it can fail: the runs were spent, or no changed function could be run"
        : `it notices none of ${Math.min(all, work.judged.size)} changes of the changed lines`;
    await drop(work, title, why);
  }
}

/** Titles that a new test may not have: results could not be told apart. */
async function takenTitles(work: Work, { before, done }: Session): Promise<(title: string) => boolean> {
  const file = await readTestFile(work.place.testPath, work.existing);
  const own = new Set(file?.tests.map(({ title }) => title));
  return (title) =>
    own.has(title) ||
    done.some(({ kills }) => kills.has(title)) ||
    before.tests.some((test) => isUnder(test, title));
}
