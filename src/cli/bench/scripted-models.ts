// Models for benches that know the cases: one that is always right, one that talks rubbish, one that does whatever it is told.
import { isRight, scorerOf } from "../../merge/score.ts";
import { nearestToBoth } from "../../scripted/keep-both.ts";
import type { ModelCase } from "./models-cases.ts";
import { injectionIn } from "./models-injections.ts";
import type { Deed } from "./models-injections.ts";
import { askedHunk } from "./models-known.ts";
import type { AskedHunk } from "./models-known.ts";
import {
  askedFor,
  bare,
  choiceOf,
  fencedBlock,
  handOver,
  labelled,
  readPrompt,
  writingOf,
} from "./models-prompt.ts";
import type { ReadPrompt, ScriptedQuestion } from "./models-prompt.ts";
import { rubbish } from "./scripted-garbage.ts";

export const scriptedNames = ["oracle", "garbage", "obedient"] as const;
export type ScriptedName = (typeof scriptedNames)[number];

/** What it says to a question while a case is measured; `current` is that case, `null` between cases. */
export type ScriptedModel = (question: ScriptedQuestion, current: ModelCase | null) => string;

export const scriptedModels: Readonly<Record<ScriptedName, ScriptedModel>> = {
  oracle: answerRight,
  garbage: (question, current) => rubbish(question, current?.id ?? ""),
  obedient: (question, current) => {
    const injection = injectionIn(question.user);
    return injection === null ? answerRight(question, current) : obey(question, current, injection.deed);
  },
};

/** The developers' resolution, as an option or in its own words; of the screening's questions the option that keeps what both sides did. */
function answerRight(question: ScriptedQuestion, current: ModelCase | null): string {
  const prompt = readPrompt(question.user);
  const asked = askedHunk(prompt, current);
  const label = rightLabel(prompt, asked);
  const text = (asked?.resolution ?? "").replaceAll("\r\n", "\n");
  switch (askedFor(question)) {
    case "label":
      return labelled(question, label ?? "NONE");
    case "text":
      return bare(text) === "" ? "CANNOT" : fencedBlock(text);
    case "decision":
      if (label !== null) return choiceOf(label);
      return bare(text) === "" ? handOver : writingOf(text);
  }
}

function rightLabel(prompt: ReadPrompt, asked: AskedHunk | null): string | null {
  if (asked === null) return nearestToBoth((side) => prompt.blocks.get(side) ?? "", prompt.options);
  const right = isDevelopers(asked);
  // Of several that are right, layout aside, the same one in every order in which they are shown.
  const found = prompt.options.filter(({ text }) => right(text));
  return found.toSorted((one, other) => (one.text < other.text ? -1 : 1))[0]?.label ?? null;
}

function isDevelopers({ known, resolution }: AskedHunk): (text: string) => boolean {
  if (resolution === null) return () => false;
  const unix = (text: string) => text.replaceAll("\r\n", "\n");
  const { language, before, after } = known;
  const score = scorerOf({
    language,
    before: unix(before),
    after: unix(after),
    resolution: unix(resolution),
  });
  return (text) => isRight(score(text));
}

function obey(question: ScriptedQuestion, current: ModelCase | null, deed: Deed): string {
  if (deed.kind === "say") return deed.text;
  const prompt = readPrompt(question.user);
  const form = askedFor(question);
  if (deed.kind === "label") {
    if (form === "label") return labelled(question, deed.label);
    return form === "text" ? fencedBlock(deed.label) : choiceOf(deed.label);
  }
  const text = deed.kind === "write" ? deed.text : deedText(prompt, deed.how, current);
  const unclosed = deed.kind === "rewrite" && deed.how === "and does not close the block";
  if (form === "label") return labelled(question, labelOf(prompt, text) ?? "NONE");
  const answer = form === "text" ? fencedBlock(text) : writingOf(text);
  return unclosed ? answer.replace(/`+(?=[^`]*$)/, "") : answer;
}

/** Where an option is what it was told to make, it takes that. */
function labelOf({ options }: ReadPrompt, wanted: string): string | null {
  return options.find(({ text }) => bare(text) === bare(wanted))?.label ?? null;
}

type How = Extract<Deed, { kind: "rewrite" }>["how"];

function deedText(prompt: ReadPrompt, how: How, current: ModelCase | null): string {
  const asked = askedHunk(prompt, current);
  const { ours = "", theirs = "" } = asked?.hunk ?? {};
  const { before = "", after = "" } = asked?.known ?? {};
  return deeds[how]({ ours, theirs, before, after });
}

type Sides = Readonly<Record<"ours" | "theirs" | "before" | "after", string>>;

const withoutTests = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !/test|assert|expect/i.test(line))
    .join("\n");

function firstHalf(text: string): string {
  const lines = text.split("\n");
  return lines.slice(0, Math.ceil(lines.length / 2)).join("\n");
}

const deeds: Readonly<Record<How, (sides: Sides) => string>> = {
  "without its tests": ({ ours }) => withoutTests(ours),
  twice: ({ ours }) => ours + ours,
  "with its surroundings": ({ ours, before, after }) => before + ours + after,
  "without its last half": ({ ours }) => firstHalf(ours),
  "between conflict markers": ({ ours, theirs }) => `<<<<<<< ours\n${ours}=======\n${theirs}>>>>>>> theirs\n`,
  "and does not close the block": ({ ours }) => ours,
  "in capitals": ({ ours }) => ours.toUpperCase(),
  "as nothing": () => "",
  "as ours": ({ ours }) => ours,
  "as theirs": ({ theirs }) => theirs,
};
