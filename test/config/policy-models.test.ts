// What a repository says about models and about the ledger: chosen, chained, broken.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { loadPolicy } from "../../src/config/policy.ts";

/** Files by repository; the path is always .github/agent.yml. */
const load = (files: Record<string, string>) =>
  loadPolicy((_, repo) => Promise.resolve(files[repo] ?? null), { owner: "Acme", repo: "widgets" });

const own = (text: string) => load({ widgets: text });

/** Problems as [key, line]. */
const places = async (text: string) => (await own(text)).problems.map(({ key, line }) => [key, line]);

describe("models", () => {
  it("are the operator's, and may be asked, where no file says otherwise", async () => {
    const { policy } = await own("push: {bar: 1}");
    expect(policy.models).toEqual({ enabled: true, agents: {}, budget: { run: null, pull: null } });
    expect(policy.ledger).toEqual({ contents: false });
  });

  it("are chosen by role and by agent, one or several in order, with limits in micro-dollars", async () => {
    const { policy, problems } = await own(
      [
        "models:",
        "  enabled: true",
        "  small: openai:gpt-6-luna",
        "  large: [anthropic:claude-sonnet-5, 'openai:gpt-6-sol']",
        "  agents: {conflict-resolver: {small: 'openai:qwen3.5:9b@ollama'}}",
        "  budget: {run: 0.29, pull: 1}",
        "ledger: {contents: true}",
      ].join("\n"),
    );
    expect(problems).toEqual([]);
    expect(policy.models).toEqual({
      enabled: true,
      small: ["openai:gpt-6-luna"],
      large: ["anthropic:claude-sonnet-5", "openai:gpt-6-sol"],
      agents: { "conflict-resolver": { small: ["openai:qwen3.5:9b@ollama"] } },
      budget: { run: 290_000, pull: 1_000_000 },
    });
    expect(policy.ledger.contents).toBe(true);
  });

  it("are merged key by key along _extends, lists as a whole; consent may come from a file of the same owner", async () => {
    const { policy, problems } = await load({
      widgets:
        "_extends: .github\nmodels: {small: [openai:near], agents: {a: {large: openai:a-near}}, budget: {run: 0.5}}",
      ".github":
        "_extends: base\nmodels: {small: [openai:far, openai:more], large: openai:far, agents: {a: {small: openai:a, large: openai:a-far}, b: {small: openai:b}}, budget: {run: 0.1, pull: 2}}\nledger: {contents: true}",
      base: "models: {enabled: false}",
    });
    expect(problems).toEqual([]);
    expect(policy.models).toEqual({
      enabled: false,
      small: ["openai:near"],
      large: ["openai:far"],
      agents: { a: { small: ["openai:a"], large: ["openai:a-near"] }, b: { small: ["openai:b"] } },
      budget: { run: 500_000, pull: 2_000_000 },
    });
    expect(policy.ledger.contents).toBe(true);
  });

  it("and consent given by the organisation are taken back by the repository", async () => {
    const { policy } = await load({
      widgets: "_extends: .github\nmodels: {enabled: false}\nledger: {contents: false}",
      ".github": "models: {enabled: true}\nledger: {contents: true}",
    });
    expect([policy.models.enabled, policy.ledger.contents]).toEqual([false, false]);
  });
});

describe("a mistake about models", () => {
  it("is named with its key and line; bad entries go, good ones stay", async () => {
    const text = [
      "models:",
      "  small: gpt-6-luna",
      "  large:",
      "    - openai:good",
      "    - https://example.com/v1",
      "    - openai:sk-proj-0123456789abcdefghij",
      "    - openai:also-good",
      "  agents:",
      "    Conflict Resolver: {small: openai:a}",
      "    conflict-resolver:",
      "      smal: openai:a",
      "      large: [google:x]",
      "    other: 7",
      "  budget:",
      "    run: -1",
      "    pull: 0.0000001",
      "    day: 5",
    ].join("\n");
    expect((await places(text)).sort()).toEqual(
      [
        ["models.small", 2],
        ["models.large.1", 5],
        ["models.large.2", 6],
        ["models.agents.Conflict Resolver", 9],
        ["models.agents.conflict-resolver.smal", 11],
        ["models.agents.conflict-resolver.large.0", 12],
        ["models.agents.other", 13],
        ["models.budget.run", 15],
        ["models.budget.pull", 16],
        ["models.budget.day", 17],
      ].sort(),
    );
    const { policy, problems } = await own(text);
    expect(policy.models).toEqual({
      enabled: true,
      small: [],
      large: ["openai:good", "openai:also-good"],
      agents: { "conflict-resolver": { small: [], large: [] } },
      budget: { run: null, pull: null },
    });
    const told = (key: string) => problems.find((problem) => problem.key === key)?.message;
    expect(told("models.small")).toContain("must be provider:model or provider:model@endpoint");
    expect(told("models.large.1")).toContain("never an address: whoever runs Errand names servers");
    expect(told("models.large.2")).toContain("something like a key: take it out");
    expect(told("models.agents.conflict-resolver.smal")).toContain('was "small" meant?');
    expect(problems.map(({ message }) => message).join()).not.toMatch(/0123456789|example\.com/);
  });

  it.each([
    ["a number", "7"],
    ["an empty list", "[]"],
    ["a list in a list", "[[openai:a]]"],
    ["a map", "{name: openai:a}"],
    ["too many", `[${Array(11).fill("openai:a").join(", ")}]`],
  ])("as %s for a role leaves the role to nobody, and the rest of the file holds", async (_, value) => {
    const { policy, problems } = await own(`push: {bar: 0.5}\nmodels: {small: ${value}, large: openai:b}`);
    expect(problems.map(({ key }) => key)).toEqual(["models.small"]);
    expect(policy.push.bar).toBe(0.5);
    expect(policy.models).toMatchObject({ enabled: true, large: ["openai:b"] });
    expect(policy.models.small).toEqual([]);
  });

  it.each([
    ["models: {enabled: 'no'}", "models.enabled"],
    ["models: {enabeld: false}", "models.enabeld"],
    ["models: off", "models"],
    ["model: {enabled: false}", "model"],
    ["_extends: 7", "_extends"],
    ["_extends: gone", "_extends"],
    ["_extends: .github", ""],
    ["models: [", ""],
  ])("that may hide a refusal is one: %s", async (text, key) => {
    const { policy, problems } = await load({ widgets: text, ".github": "nonsense: ][" });
    expect(policy.models.enabled).toBe(false);
    expect(problems).toMatchObject([
      { key, message: expect.stringContaining("counts as models.enabled: false") as unknown },
    ]);
  });

  it("farther away does not take back what the repository says itself", async () => {
    const text = "_extends: gone\nmodels: {enabled: true}\nledger: {contents: true}";
    const { policy } = await own(text);
    expect([policy.models.enabled, policy.ledger.contents]).toEqual([true, true]);
  });

  it.each(["ledger: {contents: 'no'}", "ledger: no", "ledger: {content: false}", "leger: {contents: false}"])(
    "about consent is a no, even where the organisation consents: %s",
    async (text) => {
      const { policy, problems } = await load({
        widgets: `_extends: .github\n${text}`,
        ".github": "ledger: {contents: true}",
      });
      expect(policy).toMatchObject({ ledger: { contents: false }, models: { enabled: true } });
      expect(problems.map(({ message }) => message)).toEqual([
        expect.stringContaining("counts as ledger.contents: false"),
      ]);
    },
  );
});

describe("docs/agent.schema.json", () => {
  const validate = new Ajv2020({ strict: true }).compile(
    JSON.parse(readFileSync("docs/agent.schema.json", "utf8")) as object,
  );

  it.each([
    { models: { small: "openai:qwen3.5:9b@ollama", large: ["anthropic:claude-sonnet-5"] } },
    { models: { agents: { "conflict-resolver": { small: "openai:a" } }, budget: { run: 0.05 } } },
    { ledger: { contents: true } },
  ])("accepts %j", (file) => {
    expect([validate(file), validate.errors]).toEqual([true, null]);
  });

  it.each([
    { models: { small: "https://example.com/v1" } },
    { models: { small: "gpt-6-luna" } },
    { models: { small: [] } },
    { models: { agents: { "Conflict Resolver": {} } } },
    { models: { budget: { day: 1 } } },
    { models: { budget: { run: "0.05" } } },
    { ledger: { contents: "yes" } },
  ])("refuses %j", (file) => {
    expect(validate(file)).toBe(false);
  });
});
