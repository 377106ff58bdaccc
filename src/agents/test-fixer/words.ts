// Sentences for people: how a run of the loop ended, and what to do.
import type { SuiteCommand } from "../../core/suite.ts";
import { needIn, needWords } from "./needs.ts";
import type { Needing } from "./reproduce.ts";
import type { FixProblem, Reproduced } from "./types.ts";

const mostNamed = 3;

/** "1 test", "3 tests". */
export const count = (many: number, thing: string): string => `${many} ${thing}${many === 1 ? "" : "s"}`;

/** "1 fails", "3 fail"; "" for none. */
export const doWords = (many: number, one: string, several: string): string =>
  many === 0 ? "" : `${many} ${many === 1 ? one : several}`;

/** The first few, and how many more there are. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The test commands, as a person would type them. */
export function commandWords(commands: readonly SuiteCommand[]): string {
  const lines = commands.filter(({ name }) => name === "test");
  const said = lines.map(({ line, folder }) => `\`${line}\`${folder === "" ? "" : ` in ${folder}`}`);
  return said.length === 0 ? "the tests" : said.join(", ");
}

export function flakyWords(flaky: Reproduced["flaky"]): string {
  const counts = flaky
    .slice(0, mostNamed)
    .map(
      ({ id, passed, failed }) => `"${id}" passed ${passed} and failed ${failed} of ${passed + failed} times`,
    );
  const more = flaky.length - counts.length;
  return `${counts.join("; ")}${more > 0 ? `; ${more} more did so too` : ""} on the same commit, so ${flaky.length === 1 ? "it is" : "they are"} flaky.`;
}

function needingWords(needing: Needing): string {
  const byNeed = new Map<string, string[]>();
  for (const { id, need } of needing)
    byNeed.set(needWords[need], [...(byNeed.get(needWords[need]) ?? []), id]);
  return [...byNeed]
    .map(
      ([need, ids]) =>
        `${listed(ids)} ${ids.length === 1 ? "needs" : "need"} ${need}, which the sandbox does not give.`,
    )
    .join(" ");
}

/** Why a failure elsewhere may not show here, by what its log says; "" where nothing does. */
function hintWords({ checks }: Pick<FixProblem, "checks">): string {
  const needs = checks.flatMap(({ log }) => (log === null ? [] : (needIn(log) ?? [])));
  const [need] = needs;
  return need === undefined
    ? "It may depend on what the sandbox does not have: a secret, the network, another version of a tool."
    : `The check's log speaks of ${needWords[need]}, which the sandbox does not give.`;
}

export function greenWords(
  problem: FixProblem,
  commands: readonly SuiteCommand[],
  { needing, runs }: { readonly needing: Needing; readonly runs: number },
): string {
  if (needing.length > 0)
    return `${needingWords(needing)} Nothing was proposed for ${needing.length === 1 ? "it" : "them"}.`;
  const ran = `${commandWords(commands)} ran ${runs} times on this commit, and no test failed.`;
  return problem.checks.length === 0
    ? `Nothing fails: ${ran}`
    : `Not reproduced: ${ran} ${hintWords(problem)}`;
}

export function redOnBaseWords({ redOnBase, times: runs }: Pick<Reproduced, "redOnBase" | "times">): string {
  const ids = redOnBase.map(({ id }) => id);
  const times = `in each of ${runs} runs`;
  return `${listed(ids)} ${ids.length === 1 ? "fails" : "fail"} on this commit ${times} and on its base too: this pull request did not break ${ids.length === 1 ? "it" : "them"}. The base has to be put right first.`;
}

/** What was reproduced, in one sentence. */
export function reproducedWords({
  failing,
  base,
  times,
}: Pick<Reproduced, "failing" | "base" | "times">): string {
  const ids = failing.map(({ id }) => id);
  const against = base === null ? "" : ", and not on its base";
  return `${listed(ids)} ${ids.length === 1 ? "fails" : "fail"} on this commit in each of ${times} runs${against}.`;
}

/** Flaky tests and tests with needs beside others that fail, in a sentence each. */
export function besideWords(
  { flaky, redOnBase }: Pick<Reproduced, "flaky" | "redOnBase">,
  needing: Needing,
): string {
  const parts = [
    flaky.length > 0 ? flakyWords(flaky) : "",
    redOnBase.length > 0
      ? `${count(redOnBase.length, "other test")} ${redOnBase.length === 1 ? "fails" : "fail"} on the base too.`
      : "",
    needing.length > 0 ? needingWords(needing) : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}
