// Failing tests: reproduced, looked for, put right in the source, or, where a test is out of date, in the test.
import type { Standing } from "./aim.ts";
import { consult } from "./consult.ts";
import type { Ended } from "./end.ts";
import { reproduce } from "./reproduce.ts";
import type { Needing, Reproduction } from "./reproduce.ts";
import { search } from "./search.ts";
import type { Found, Tools } from "./search.ts";
import { settled } from "./select.ts";
import type { TestsProblem } from "./judge-tests.ts";
import { sourceAim, standingText, startOf, testAim } from "./tests-aim.ts";
import type { FixPorts, FixProblem } from "./types.ts";
import {
  besideWords,
  commandWords,
  count,
  doWords,
  flakyWords,
  greenWords,
  redOnBaseWords,
  reproducedWords,
} from "./words.ts";

/** Throws the signal's reason; everything else that is expected is an ending. */
export async function fixFailing(problem: FixProblem, ports: FixPorts, tools: Tools): Promise<Ended> {
  const { suite } = tools.budget;
  const reproduction = await reproduce(problem, suite);
  tools.journal.note("reproduce", reproducedStep(reproduction));
  if (reproduction.kind === "not-run")
    return { ending: "not-run", words: `The tests could not be run. ${reproduction.why}` };
  if (reproduction.kind === "green") {
    const { head } = reproduction;
    const proof = { head, base: null, flaky: [], result: null };
    return { ending: "not-reproduced", words: greenWords(problem, suite.commands, reproduction), proof };
  }
  return fixReproduced({ problem, ports, reproduced: reproduction.reproduced, tools }, reproduction);
}

function reproducedStep(reproduction: Reproduction): string {
  const runs = count(reproduction.runs, "run");
  if (reproduction.kind === "not-run") return `${runs}: ${reproduction.why}`;
  if (reproduction.kind === "green")
    return `${runs}: ${count(reproduction.head.tests.length, "test")} on the head, none to look into.`;
  const { failing, redOnBase, flaky } = reproduction.reproduced;
  const found = [
    doWords(failing.length, "fails each time", "fail each time"),
    doWords(redOnBase.length, "fails on the base too", "fail on the base too"),
    doWords(flaky.length, "is flaky", "are flaky"),
  ];
  return `${runs}: ${found.filter((one) => one !== "").join(", ")}. ${reproduction.trouble}`;
}

async function fixReproduced(
  known: TestsProblem,
  { needing, trouble }: Extract<Reproduction, { readonly kind: "red" }>,
): Promise<Ended> {
  const { reproduced, tools } = known;
  const proof = { ...reproduced, result: null };
  const { failing, flaky, redOnBase } = reproduced;
  if (failing.length === 0 && redOnBase.length === 0)
    return {
      ending: "flaky",
      words: `${flakyWords(flaky)} Nothing was changed: run the check again, and make ${flaky.length === 1 ? "this test" : "these tests"} steady.`,
      proof,
    };
  if (failing.length === 0) {
    const beside = besideWords({ flaky, redOnBase: [] }, needing);
    return { ending: "red-on-base", words: `${redOnBaseWords(reproduced)} ${beside}`, proof };
  }
  tools.budget.begin(reproduced.head.wallMs);
  const start = await startOf(known);
  const aim = sourceAim(known);
  const searched = await search(aim, start, tools);
  const found =
    searched.accepted.length > 0
      ? searched
      : await consult(searched, aim, standingText(known, searched.standing), tools);
  const fixed = await fixedEnd(found, known, needing);
  if (fixed !== null) return fixed;
  return (await staleEnd(found, known, start)) ?? unfixedEnd(found, known, { needing, trouble });
}

async function fixedEnd(
  found: Found,
  { reproduced, tools }: TestsProblem,
  needing: Needing,
): Promise<Ended | null> {
  const best = await settled(found.accepted, tools.models);
  if (best === null) return null;
  const { edits, doubts, run } = best;
  const paths = edits.map(({ path }) => path);
  const words = [
    reproducedWords(reproduced),
    `With a change to ${paths.join(", ")} ${passedWords(run?.tests ?? [], tools)}`,
    doubts.length > 0 ? `What speaks against it: ${doubts.join(" ")}` : "",
    besideWords(reproduced, needing),
  ];
  return {
    ending: doubts.length > 0 ? "doubtful" : "fixed",
    words: words.filter((one) => one !== "").join(" "),
    edits,
    editsClass: "source",
    doubts,
    places: found.places.toSorted((a, b) => Number(paths.includes(b.path)) - Number(paths.includes(a.path))),
    tried: found.tried,
    proof: { ...reproduced, result: run },
  };
}

function passedWords(tests: readonly { readonly status: string }[], { budget }: Tools): string {
  const many = (wanted: string) => tests.filter(({ status }) => status === wanted).length;
  const [passed, failed, skipped] = [many("passed"), many("failed"), many("skipped")];
  const rest = [doWords(failed, "still fails", "still fail"), doWords(skipped, "is skipped", "are skipped")];
  const said = [
    `${count(passed, "test")} of ${commandWords(budget.suite.commands)} ${passed === 1 ? "passes" : "pass"}`,
    ...rest.filter((one) => one !== ""),
  ];
  return `${said.join(", ")}.`;
}

/** Where the source was changed on purpose and the test was not: a test edit, which is proposed and never pushed unasked. */
async function staleEnd(found: Found, known: TestsProblem, start: Standing): Promise<Ended | null> {
  const { problem, reproduced, tools } = known;
  const exercised = found.places.some(({ path }) => problem.changed.includes(path));
  if (!found.saysStale && !exercised) return null;
  const why = found.saysStale
    ? "a model says that the test is out of date"
    : "the pull request changed what the test exercises";
  tools.journal.note(
    "stale",
    `No edit of the source was accepted, and ${why}: an edit of the test is looked for.`,
  );
  const stale = await search(testAim(known, found.places), start, tools);
  const best = await settled(stale.accepted, tools.models);
  if (best === null) return null;
  const paths = best.edits.map(({ path }) => path).join(", ");
  const words = `${reproducedWords(reproduced)} No change of the source makes it pass, and ${why}: a change to ${paths} brings it up to date. Look at whether the pull request means to change what the test demanded.`;
  return {
    ending: "test-edit",
    words,
    edits: best.edits,
    editsClass: "tests",
    doubts: best.doubts,
    places: [...found.places, ...stale.places],
    tried: found.tried + stale.tried,
    proof: { ...reproduced, result: best.run },
  };
}

function unfixedEnd(
  found: Found,
  { reproduced, tools }: TestsProblem,
  { needing, trouble }: { readonly needing: Needing; readonly trouble: string },
): Ended {
  const [likeliest] = found.places;
  const best = found.best?.judgement ?? null;
  const words = [
    reproducedWords(reproduced),
    trouble,
    likeliest === undefined
      ? ""
      : `The fault is probably in ${likeliest.path}${likeliest.span === null ? "" : `, ${likeliest.span.name}`}: ${likeliest.why}`,
    triedWords(found, tools),
    besideWords(reproduced, needing),
  ];
  return {
    ending: "unfixed",
    words: words.filter((one) => one !== "").join(" "),
    best: best?.edits ?? found.standing.edits,
    places: found.places,
    tried: found.tried,
    proof: { ...reproduced, result: best?.run?.status === "reported" ? best.run : null },
  };
}

function triedWords({ tried, best, gaveUp, ended }: Found, { budget }: Tools): string {
  const nobody = budget.ended("small") !== null && tried === 0 && gaveUp.length === 0;
  if (nobody && ended !== null) return `Nothing was proposed: ${closed(ended)}`;
  const said =
    tried === 0
      ? `No candidate could be judged${gaveUp.length === 0 ? ", for no answer was of the asked form" : ""}`
      : `${count(tried, "candidate")} ${tried === 1 ? "was" : "were"} tried and refused`;
  const because =
    best === null ? "" : `${tried === 1 ? ":" : "; the best of them because:"} ${best.judgement.why}`;
  const up = gaveUp[0] === undefined ? "" : ` A model gave up: ${gaveUp[0]}`;
  const early = ended === null ? "" : ` It ended because ${closed(ended)}`;
  return `${closed(`${said}${because}`)}${up}${early}`;
}

/** Ends a sentence once: what others say may have its full stop already. */
const closed = (text: string): string => (text.endsWith(".") ? text : `${text}.`);
