// A repository's policy from files as they are written, found, chained, and broken.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { parse } from "yaml";
import { matchesAnyGlob } from "../../src/core/glob.ts";
import { builtInProtectedPaths, defaultPolicy } from "../../src/config/policy-defaults.ts";
import { PolicyFile, policySchemaJson } from "../../src/config/policy-schema.ts";
import { loadPolicy } from "../../src/config/policy.ts";

const here = { owner: "Acme", repo: "widgets" };

/** Files by `owner/repo:path`; `.github/agent.yml` where no path is given. Owners and repositories ignore case, as on GitHub. */
function load(files: Record<string, string>, repository = here) {
  const texts = new Map(
    Object.entries(files).map(([name, text]) => {
      const [repo = "", path = ".github/agent.yml"] = name.split(":");
      return [`${repo.toLowerCase()}:${path}`, text];
    }),
  );
  const read: string[] = [];
  const policy = loadPolicy((owner, repo, path) => {
    read.push(`${owner}/${repo}:${path}`);
    return Promise.resolve(texts.get(`${owner}/${repo}`.toLowerCase() + `:${path}`) ?? null);
  }, repository);
  return policy.then((loaded) => ({ ...loaded, read }));
}

const ownFile = async (text: string) => load({ "acme/widgets": text });

describe("where a policy comes from", () => {
  it("needs no file", async () => {
    expect(await load({})).toEqual({
      policy: defaultPolicy,
      problems: [],
      sources: [],
      read: ["Acme/widgets:.github/agent.yml", "Acme/.github:.github/agent.yml"],
    });
  });

  it("takes the repository's own file and does not ask for the organisation's", async () => {
    const loaded = await load({ "acme/widgets": "push: {bar: 0.5}", "acme/.github": "push: {mode: never}" });
    expect(loaded.policy.push).toEqual({ mode: "asked", bar: 0.5 });
    expect(loaded.sources).toEqual(["Acme/widgets:.github/agent.yml"]);
    expect(loaded.read).toHaveLength(1);
  });

  it("falls back to the organisation's, and asks the organisation's repository only once for its own", async () => {
    const files = { "acme/.github": "push: {mode: never}" };
    expect((await load(files)).policy.push.mode).toBe("never");
    const own = await load(files, { owner: "acme", repo: ".github" });
    expect([own.policy.push.mode, own.read.length]).toEqual(["never", 1]);
    expect((await load({}, { owner: "acme", repo: ".github" })).read).toHaveLength(1);
  });

  it("lets an unreachable GitHub be the caller's to retry", async () => {
    await expect(loadPolicy(() => Promise.reject(new Error("502")), here)).rejects.toThrow("502");
  });
});

describe("_extends", () => {
  it("merges maps key by key, replaces lists, and lets the nearer file win", async () => {
    const { policy, sources, problems } = await load({
      "acme/widgets": "_extends: .github\npush: {bar: 0.8}\nconflicts: {ignore: [a/**]}",
      "acme/.github":
        "_extends: acme/base:policies/strict.yml\npush: {mode: proven, bar: 0.7}\ncommit: {prefix: 'x: '}",
      "acme/base:policies/strict.yml":
        "commit: {prefix: 'y: ', signOff: true}\nconflicts: {ignore: [b/**, c]}",
    });
    expect(problems).toEqual([]);
    expect(policy).toMatchObject({
      push: { mode: "proven", bar: 0.8 },
      commit: { prefix: "x: ", signOff: true },
      conflicts: { ignore: ["a/**"] },
    });
    expect(sources).toEqual([
      "Acme/widgets:.github/agent.yml",
      "Acme/.github:.github/agent.yml",
      "Acme/base:policies/strict.yml",
    ]);
  });

  it.each([
    ["another owner", "evil/base", /must stay with Acme/],
    ["nothing there", "gone", /not there or not open/],
    ["a circle", "Widgets", /comes back to Acme\/Widgets/],
    ["a way out of the repository", "base:../../x.yml", /inside the repository/],
    ["an absolute path", "base:/etc/x.yml", /inside the repository/],
    ["dots for a repository", "..", /must be repo/],
    ["spaces", "base and more", /must be repo/],
    ["three parts", "a/b/c", /must be repo/],
  ])("to %s is one problem at its line, and the rest of the file counts", async (_, link, message) => {
    const { policy, problems } = await ownFile(`push:\n  bar: 0.5\n_extends: "${link}"\n`);
    expect(policy.push.bar).toBe(0.5);
    expect(problems).toEqual([
      {
        file: "Acme/widgets:.github/agent.yml",
        key: "_extends",
        message: expect.stringMatching(message) as unknown,
        line: 3,
      },
    ]);
  });

  it("is not followed without end", async () => {
    const chain = Array.from({ length: 9 }, (_, at) => [
      `acme/r${at}`,
      `_extends: r${at + 1}\ncommit: {prefix: '${at}'}`,
    ]);
    const { problems, sources } = await load(
      Object.fromEntries([...chain, ["acme/widgets", "_extends: r0"]]) as Record<string, string>,
    );
    expect(sources).toHaveLength(5);
    expect(problems).toMatchObject([{ file: "Acme/r3:.github/agent.yml", key: "_extends", line: 1 }]);
  });
});

describe("a broken file", () => {
  it("gives defaults for the bad parts, keeps the good ones, and names each bad key with its line", async () => {
    const { policy, problems } = await ownFile(
      [
        "push:",
        "  mod: never",
        "  bar: 1.5",
        "commit:",
        "  signOff: 'yes'",
        "  prefix: 'chore: '",
        "conflicts:",
        "  ignore:",
        "    - docs/**",
        "    - 7",
        "    - '{a,b}'",
        "    - vendor/**",
        "protectedPath: [x]",
      ].join("\n"),
    );
    expect(policy).toEqual({
      ...defaultPolicy,
      commit: { prefix: "chore: ", signOff: false },
      conflicts: { ignore: ["docs/**", "vendor/**"] },
    });
    expect(problems.map(({ key, line, message }) => [key, line, message])).toEqual(
      expect.arrayContaining([
        ["push.mod", 2, 'is not a setting; was "mode" meant?'],
        ["push.bar", 3, "must be a number from 0 to 1"],
        ["commit.signOff", 5, "must be true or false"],
        ["conflicts.ignore.1", 10, expect.stringContaining("must be a text")],
        ["conflicts.ignore.2", 11, expect.stringContaining("one pattern per line")],
        ["protectedPath", 13, 'is not a setting; was "protectedPaths" meant?'],
      ]),
    );
    expect(problems).toHaveLength(6);
  });

  it.each([
    ["no YAML", "push:\n  bar: [1\nx", /not valid YAML/],
    ["a list", "- push", /must be a map/],
    ["a text", "hello", /must be a map/],
    ["the same key twice", "push: {}\npush: {}", /not valid YAML/],
    ["two documents", "push: {}\n---\npush: {}", /not valid YAML/],
    ["too long", `# ${"x".repeat(70_000)}`, /longer than/],
    ["nested without end", "[".repeat(60_000), /YAML/],
    [
      "an alias bomb",
      [
        "a: &a [x, x, x, x, x, x, x, x, x]",
        ..."bcdefgh".split("").map((name, at) => {
          const below = `*${"abcdefg"[at] ?? ""}`;
          return `${name}: &${name} [${Array(9).fill(below).join(", ")}]`;
        }),
      ].join("\n"),
      /aliases/,
    ],
  ])("that is %s gives the defaults without models and automatic runs, and one problem", async (...row) => {
    const [, text, message] = row;
    const { policy, problems } = await ownFile(text);
    expect(policy).toEqual({
      ...defaultPolicy,
      models: { ...defaultPolicy.models, enabled: false },
      auto: { ...defaultPolicy.auto, checks: "off", conflicts: "off" },
    });
    expect(problems).toMatchObject([{ key: "", message: expect.stringMatching(message) as unknown }]);
  });

  it.each([
    ["nothing", ""],
    ["a comment", "# later"],
    ["an empty map", "push:\n"],
  ])("is none when it holds %s", async (_, text) => {
    expect((await ownFile(text)).policy).toEqual(defaultPolicy);
  });

  it("runs no tag and sets no prototype", async () => {
    const { policy, problems } = await ownFile(
      "push: !!js/function 'x'\n__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}",
    );
    expect(policy).toEqual(defaultPolicy);
    expect(problems.map(({ key }) => key).sort()).toEqual(["__proto__", "constructor", "push"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("of any kind never throws and always gives a policy that holds", async () => {
    const scalar = fc.oneof(
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constantFrom("never", "0.5", "*a", "&a", "!x", "- ", "{", "?"),
    );
    const line = fc.tuple(
      fc.constantFrom("", "  ", "    ", "- ", "  - "),
      fc.constantFrom(
        "push",
        "mode",
        "bar",
        "commit",
        "prefix",
        "signOff",
        "conflicts",
        "ignore",
        "protectedPaths",
        "models",
        "enabled",
        "small",
        "agents",
        "budget",
        "run",
        "ledger",
        "contents",
        "auto",
        "checks",
        "ignoreLabels",
        "drafts",
        "_extends",
        "x",
      ),
      scalar,
    );
    const text = fc
      .array(line)
      .map((lines) => lines.map(([indent, key, value]) => `${indent}${key}: ${String(value)}`).join("\n"));
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, fc.string({ unit: "binary" })), async (content) => {
        const { policy } = await ownFile(content);
        const { models, ledger, ...rest } = policy;
        expect(PolicyFile.safeParse(rest).success || policy.protectedPaths.length > 100).toBe(true);
        expect([typeof models.enabled, typeof ledger.contents]).toEqual(["boolean", "boolean"]);
        expect(policy.protectedPaths).toEqual(expect.arrayContaining([...builtInProtectedPaths]));
      }),
      { numRuns: 500 },
    );
  });
});

describe("protected paths", () => {
  it.each([
    ".github/workflows/ci.yml",
    ".GitHub/Workflows/deep/er/ci.yml",
    ".github/actions/setup/action.yml",
    "CODEOWNERS",
    ".github/codeowners",
    "docs/CODEOWNERS",
    ".gitmodules",
    "packages/a/.gitattributes",
    "packages/a/.npmrc",
    ".yarnrc.yml",
    ".husky/pre-commit",
    ".github/agent.yml",
    ".github/guidelines/naming.md",
    "AGENTS.md",
    "packages/a/Claude.md",
    ".claude/settings.json",
  ])("hold %s", async (path) => {
    expect(matchesAnyGlob((await load({})).policy.protectedPaths, path)).toBe(true);
  });

  it.each([
    "src/index.ts",
    "package.json",
    "package-lock.json",
    ".github/ISSUE_TEMPLATE/bug.md",
    "src/CODEOWNERS/x",
  ])("leave %s alone", async (path) => {
    expect(matchesAnyGlob((await load({})).policy.protectedPaths, path)).toBe(false);
  });

  it("are all in the manual", () => {
    const manual = readFileSync("docs/configuration.md", "utf8");
    expect(builtInProtectedPaths.filter((pattern) => !manual.includes(`\`${pattern}\``))).toEqual([]);
  });

  it("can be added to and not taken away", async () => {
    const { policy } = await ownFile("protectedPaths: [migrations/**]");
    expect(policy.protectedPaths).toEqual([...builtInProtectedPaths, "migrations/**"]);
    expect((await ownFile("protectedPaths: []")).policy.protectedPaths).toEqual(builtInProtectedPaths);
  });
});

describe("docs/agent.schema.json", () => {
  const schema = readFileSync("docs/agent.schema.json", "utf8");

  it("is what scripts/write-schema.ts would write", () => {
    expect(schema).toBe(policySchemaJson());
  });

  it("accepts the example of the manual and refuses what the loader would call a problem", () => {
    const validate = new Ajv2020({ strict: true }).compile(JSON.parse(schema) as object);
    const manual = readFileSync("docs/configuration.md", "utf8");
    const example = /```yaml\n(# \.github\/agent\.yml[^`]*)```/.exec(manual)?.[1] ?? "";
    expect(parse(example)).toMatchObject({ push: {} });
    expect([validate(parse(example)), validate.errors]).toEqual([true, null]);
    expect(PolicyFile.safeParse(parse(example)).success).toBe(true);
    expect(validate({ push: { mode: "always" } })).toBe(false);
    expect(validate({ pus: {} })).toBe(false);
  });
});
