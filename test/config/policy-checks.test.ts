// What a repository says about its commands and about files that a command writes.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { loadPolicy } from "../../src/config/policy.ts";
import { matchesAnyGlob } from "../../src/core/glob.ts";

/** Files by repository; the path is always .github/agent.yml. */
const load = (files: Record<string, string>) =>
  loadPolicy((_, repo) => Promise.resolve(files[repo] ?? null), { owner: "Acme", repo: "widgets" });

const own = (text: string) => load({ widgets: text });

const rule = { sources: ["schema/**"], command: "npm run codegen", owns: ["src/generated/schema.ts"] };
const withRules = (...rules: unknown[]) => own(JSON.stringify({ regenerate: rules }));

describe("commands", () => {
  it("are detected where no file says anything", async () => {
    expect((await own("push: {bar: 1}")).policy).toMatchObject({ commands: {}, regenerate: [] });
  });

  it("are merged name by name along _extends, and turned off by an empty text", async () => {
    const { policy, problems } = await load({
      widgets: '_extends: .github\ncommands: {test: "", lint: npm run lint}',
      ".github": "commands: {test: make test, setup: make generate, format: make format}",
    });
    expect(problems).toEqual([]);
    expect(policy.commands).toEqual({
      setup: "make generate",
      test: "",
      lint: "npm run lint",
      format: "make format",
    });
  });

  it.each([
    ["a number", "7", /must be a command line/],
    ["blanks", '"  "', /must be a command line/],
    ["a list", "[npm, test]", /must be a command line/],
    ["two lines", '"npm test\\nnpm run evil"', /must be one line/],
    ["a line separator", '"npm test\\u2028x"', /must be one line/],
    ["a control character", '"npm test\\e[2J"', /must be one line/],
    ["too long", `"${"x".repeat(1001)}"`, /1000 characters at most/],
  ])("that are %s are told with their line, and the others hold", async (_, value, words) => {
    const { policy, problems } = await own(`commands:\n  lint: make lint\n  test: ${value}\n`);
    expect(policy.commands).toEqual({ lint: "make lint" });
    expect(problems).toMatchObject([{ key: "commands.test", line: 3 }]);
    expect(problems[0]?.message).toMatch(words);
  });

  it("of another name are told the nearest one", async () => {
    const { problems } = await own("commands: {tests: make test}");
    expect(problems).toMatchObject([
      { key: "commands.tests", message: 'is not a setting; was "test" meant?' },
    ]);
  });
});

describe("rules for regenerated files", () => {
  it("come as they are written, from the nearest file that has any", async () => {
    const { policy, problems } = await load({
      widgets: `_extends: .github\nregenerate: ${JSON.stringify([rule])}`,
      ".github": `regenerate: ${JSON.stringify([{ ...rule, command: "make" }, rule])}`,
    });
    expect([policy.regenerate, problems]).toEqual([[rule], []]);
  });

  it.each([
    ["without a command", { sources: rule.sources, owns: rule.owns }, "command", /must be a command line/],
    ["with an empty command", { ...rule, command: " " }, "command", /must not be empty/],
    ["with two lines", { ...rule, command: "a\nb" }, "command", /must be one line/],
    ["with no sources", { ...rule, sources: [] }, "sources", /must name patterns/],
    ["with one bad source of two", { ...rule, sources: ["a", "{b,c}"] }, "sources.1", /one pattern per line/],
    ["that own nothing", { ...rule, owns: [] }, "owns", /must name paths/],
    ["that own a pattern", { ...rule, owns: ["src/*.ts"] }, "owns.0", /must be a path and no pattern/],
    ["that own a way out", { ...rule, owns: ["a", "../x"] }, "owns.1", /inside the repository/],
    ["that own an absolute path", { ...rule, owns: ["/etc/passwd"] }, "owns.0", /inside the repository/],
    ["that own git's folder", { ...rule, owns: [".GIT/config"] }, "owns.0", /inside the repository/],
    ["that own two lines", { ...rule, owns: ["a\nb"] }, "owns.0", /must be one line/],
    ["with a setting too many", { ...rule, own: ["x"] }, "own", /was "owns" meant/],
    ["that are no map", "npm run codegen", "", /map with sources, command and owns/],
    ["that own too much", { ...rule, owns: Array(21).fill("a") }, "owns", /20 entries at most/],
  ])("%s go as a whole; those around them hold", async (_, bad, key, words) => {
    const first = { ...rule, command: "first" };
    const { policy, problems } = await withRules(first, bad, rule);
    expect(policy.regenerate).toEqual([first, rule]);
    expect(problems.map((problem) => problem.key)).toEqual([["regenerate.1", key].filter(Boolean).join(".")]);
    expect(problems[0]?.message).toMatch(words);
  });

  it.each([
    [".github/workflows/ci.yml", ".github/workflows/**"],
    ["packages/a/.npmrc", ".npmrc"],
    ["docs/codeowners", "docs/CODEOWNERS"],
    ["CLAUDE.md", "CLAUDE.md"],
    [".github/agent.yml", ".github/agent.yml"],
  ])("may not own %s, which is protected", async (path, pattern) => {
    const { policy, problems } = await withRules({ ...rule, owns: ["a.ts", path] });
    expect(policy.regenerate).toEqual([]);
    expect(problems).toMatchObject([{ key: "regenerate.0.owns.1", line: 1 }]);
    expect(problems[0]?.message).toContain(`must not be a protected path (${pattern})`);
  });

  it("may not own what the repository, or what it builds on, protects: told where the rules stand", async () => {
    const { policy, problems } = await load({
      widgets: "_extends: .github\nprotectedPaths: [migrations/**]",
      ".github": `push: {bar: 0.5}\nregenerate:\n  - ${JSON.stringify(rule)}\n  - ${JSON.stringify({ ...rule, owns: ["Migrations/1.sql"] })}`,
    });
    expect(policy.regenerate).toEqual([rule]);
    expect(problems).toEqual([
      {
        file: "Acme/.github:.github/agent.yml",
        key: "regenerate",
        line: 2,
        message: expect.stringContaining("protected path (migrations/**)") as unknown,
      },
    ]);
  });

  it("never own a protected path or one outside, whatever is written", async () => {
    const part = fc.constantFrom(
      ".github",
      "workflows",
      "..",
      ".",
      "",
      ".git",
      ".GITHUB",
      "a",
      "x.yml",
      ".npmrc",
      "*",
    );
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
    await fc.assert(
      fc.asyncProperty(fc.array(path, { maxLength: 3 }), async (owns) => {
        const { policy } = await withRules({ ...rule, owns }, rule);
        for (const owned of policy.regenerate.flatMap((kept) => kept.owns)) {
          expect(matchesAnyGlob(policy.protectedPaths, owned)).toBe(false);
          expect(`/${owned}/`).not.toMatch(/\/\.{0,2}\/|\/\.git\/|\*/i);
        }
        expect(policy.regenerate).toContainEqual(rule);
      }),
      { numRuns: 200 },
    );
  });
});
