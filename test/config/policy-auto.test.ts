// What starts by itself, as files say it: chosen, merged, misspelt.
import { describe, expect, it } from "@jest/globals";
import { loadPolicy } from "../../src/config/policy.ts";
import { defaultPolicy } from "../../src/config/policy-defaults.ts";

const here = { owner: "acme", repo: "widgets" };

/** The files of the repository and of its organisation. */
async function load(own: string, organisation: string | null = null) {
  const texts: Record<string, string | null> = { widgets: own, ".github": organisation };
  const { policy, problems } = await loadPolicy((_, repo) => Promise.resolve(texts[repo] ?? null), here);
  return { auto: policy.auto, problems };
}

const problem = (key: string, line: number, message: string) => ({
  file: "acme/widgets:.github/agent.yml",
  key,
  line,
  message: expect.stringContaining(message) as unknown,
});

describe("auto", () => {
  it("proposes fixes of checks, leaves conflicts and drafts alone, unless a file says otherwise", async () => {
    expect(defaultPolicy.auto).toEqual({
      checks: "propose",
      conflicts: "off",
      ignoreLabels: ["agent: ignore"],
      ignoreBranches: ["renovate/**", "dependabot/**"],
      drafts: false,
    });
    expect(await load("push: {bar: 0.5}")).toEqual({ auto: defaultPolicy.auto, problems: [] });
  });

  it("is read as it is written", async () => {
    const text = [
      "auto:",
      "  checks: push",
      "  conflicts: propose",
      "  ignoreLabels: [wip]",
      "  ignoreBranches: [release/**, main]",
      "  drafts: true",
    ];
    expect(await load(text.join("\n"))).toEqual({
      auto: {
        checks: "push",
        conflicts: "propose",
        ignoreLabels: ["wip"],
        ignoreBranches: ["release/**", "main"],
        drafts: true,
      },
      problems: [],
    });
  });

  it.each([
    ["off", ""],
    ['"off"', ""],
    ["false", ""],
    ["off", "%YAML 1.1\n---\n"],
  ])("takes %s for off (behind %j)", async (word, head) => {
    const { auto, problems } = await load(`${head}auto:\n  checks: ${word}\n`);
    expect([auto.checks, problems]).toEqual(["off", []]);
  });

  it("lets a repository choose freely, key by key, over what its organisation says", async () => {
    const organisation = "auto: {checks: 'off', conflicts: propose, ignoreLabels: [frozen]}";
    const { auto } = await load("_extends: .github\nauto: {checks: push, ignoreBranches: []}", organisation);
    expect(auto).toEqual({
      ...{
        checks: "push",
        conflicts: "propose",
        ignoreLabels: ["frozen"],
        ignoreBranches: [],
        drafts: false,
      },
    });
  });

  it.each([
    [
      "a mode that is none",
      "auto:\n  drafts: true\n  checks: on\n",
      "auto.checks",
      3,
      "must be one of off, propose, push; until this is mended it counts as auto.checks: off",
    ],
    ["true for a mode", "auto:\n  checks: true\n", "auto.checks", 2, "must be one of off, propose, push"],
    [
      "a misspelt key",
      "auto:\n  cheks: propose\n",
      "auto.cheks",
      2,
      'was "checks" meant?; until this is mended it counts as auto.checks: off',
    ],
    [
      "another shape",
      "auto: push\n",
      "auto",
      1,
      "must be a map of settings; until this is mended nothing starts",
    ],
    ["a list", "auto: [checks]\n", "auto", 1, "must be a map of settings"],
  ])("with %s starts nothing on checks, although the organisation would, and says so", async (...row) => {
    const [, text, key, line, message] = row;
    const { auto, problems } = await load(`${text}_extends: .github\n`, "auto: {checks: push}");
    expect(auto.checks).toBe("off");
    expect(problems).toEqual([problem(key, line, message)]);
  });

  it.each([
    ["ignoreLabels", "7", "must be a text: the name of a label"],
    ["ignoreLabels", "''", "must not be empty"],
    ["ignoreBranches", "'{a,b}/**'", "one pattern per line"],
  ])("with a bad entry of %s starts nothing: it may have been an exception", async (key, entry, message) => {
    const text = `auto:\n  checks: push\n  conflicts: push\n  ${key}:\n    - fine\n    - ${entry}\n`;
    const { auto, problems } = await load(text);
    expect([auto.checks, auto.conflicts, auto[key as "ignoreLabels"]]).toEqual(["off", "off", ["fine"]]);
    expect(problems).toEqual([problem(`auto.${key}.1`, 6, message)]);
  });

  it("keeps conflicts as chosen where only checks are misspelt, and drafts' mistake takes nothing away", async () => {
    expect((await load("auto: {checks: yes, conflicts: push}")).auto).toMatchObject({
      checks: "off",
      conflicts: "push",
    });
    const { auto, problems } = await load("auto: {checks: push, drafts: 1}");
    expect(auto).toMatchObject({ checks: "push", drafts: false });
    expect(problems).toEqual([problem("auto.drafts", 1, "must be true or false")]);
  });

  it("starts nothing where the extended file cannot be read, unless the nearer one says so itself", async () => {
    expect((await load("_extends: .github")).auto).toMatchObject({ checks: "off", conflicts: "off" });
    expect((await load("_extends: .github\nauto: {checks: propose}")).auto).toMatchObject({
      checks: "propose",
      conflicts: "off",
    });
  });
});
