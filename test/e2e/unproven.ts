// A conflict that rules settle in repositories with checks of many kinds, and what people see of it.
import { expect } from "@jest/globals";
import type { World } from "./harness.ts";
import { settled, settledKeys, sticky } from "./scenarios.ts";
import type { Scenario, Versions } from "./scenarios.ts";

export type Files = Readonly<Record<string, string>>;

/** A package.json with this test command. */
export const manifest = (test: string, more: object = {}): string =>
  JSON.stringify({ name: "shop", version: "1.0.0", type: "module", scripts: { test }, ...more });

/** A conflict that a rule settles, among these files. */
export const among = (files: Files): Versions => ({ ...settled, before: { ...settled.before, ...files } });

/** A test command that passes on both sides, and does this on the merge of both. */
export const onMerge = (script: string): Versions =>
  among({
    "package.json": manifest("sh check.sh"),
    "check.sh": `if grep -q '"m"' keys.json && grep -q '"n"' keys.json; then\n${script}\nfi\n`,
  });

const plain = (body: string): string => body.replaceAll(/[\\\u200B]/g, "");

/** All that a person sees: the comment, and the check run. */
export interface Seen {
  readonly comment: string;
  readonly check: string;
}

export async function fix(
  world: World,
  { app, pull }: Scenario,
  command = "/agent fix-conflicts",
): Promise<Seen> {
  await world.ask(pull, "ann", command);
  const check = world.github.checkRuns(app).at(-1);
  return { comment: plain(sticky(world, pull)), check: plain(check?.summary ?? "") };
}

/** What rules settled was pushed, and both places say this about the proof. */
export async function expectUnproven(
  world: World,
  scenario: Scenario,
  seen: Seen,
  sentence: RegExp | string,
) {
  expect(seen.comment).toContain("Conflicts resolved and pushed");
  for (const text of [seen.comment, seen.check]) expect(text).toMatch(sentence);
  expect(await keysOf(world, scenario)).toEqual(settledKeys);
}

export async function keysOf({ github }: World, { app }: Scenario): Promise<unknown> {
  return JSON.parse((await github.git(app).read("feature", "keys.json")) ?? "");
}
