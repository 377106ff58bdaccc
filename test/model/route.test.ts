// Who is asked: never anybody that the operator does not allow, and nobody in the place of a choice that is wrong.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { ModelRole } from "../../src/core/model.ts";
import type { ModelPolicy } from "../../src/core/policy.ts";
import { routeOf } from "../../src/model/route.ts";
import { large, settings, small, spare } from "./fixtures.ts";

const policyOf = (change: Partial<ModelPolicy> = {}): ModelPolicy => ({
  enabled: true,
  agents: {},
  budget: { run: null, pull: null },
  ...change,
});
const route = (change: Partial<ModelPolicy>, role: ModelRole = "small", agent = "conflict-resolver") =>
  routeOf(role, agent, policyOf(change), settings);

describe("routeOf", () => {
  it("is the operator's, by role, where the repository chooses nothing", () => {
    expect(route({})).toEqual({ names: [small], problems: [] });
    expect(route({}, "large")).toEqual({ names: [large], problems: [] });
  });

  it("is the repository's, in its order, role by role", () => {
    const small2 = { small: [spare, small] };
    expect(route(small2)).toEqual({ names: [spare, small], problems: [] });
    expect(route(small2, "large")).toEqual({ names: [large], problems: [] });
  });

  it("is what the repository chose for this agent first", () => {
    const change = { small: [spare], agents: { "conflict-resolver": { small: [large] } } };
    expect(route(change).names).toEqual([large]);
    expect(route(change, "small", "ci-fixer").names).toEqual([spare]);
    expect(route(change, "large").names).toEqual([large]);
    expect(route({ agents: { "conflict-resolver": { small: [] } } })).toEqual({ names: [], problems: [] });
  });

  it("takes no agent's name for what every object has", () => {
    for (const agent of ["__proto__", "constructor", "toString"])
      expect(route({ small: [spare] }, "small", agent).names).toEqual([spare]);
    const inherited = Object.create({ "conflict-resolver": { small: [large] } }) as ModelPolicy["agents"];
    expect(route({ small: [spare], agents: inherited }).names).toEqual([spare]);
  });

  it("leaves out what the operator does not allow, and says so by name, without telling what the operator has", () => {
    const { names, problems } = route({ small: ["openai:gpt-99", spare] });
    expect(names).toEqual([spare]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/openai:gpt-99, which is not among.*only the others of its list are asked/);
    for (const other of [small, spare, large]) expect(problems[0]).not.toContain(other);
  });

  it("asks nobody where no choice of the repository's is allowed", () => {
    const { names, problems } = route({ small: ["openai:gpt-99"] });
    expect(names).toEqual([]);
    expect(problems[0]).toContain("nobody is asked in its place");
  });

  it("asks nobody, and complains of nothing, where models are switched off", () => {
    const off = {
      enabled: false,
      small: ["openai:gpt-99"],
      agents: { "conflict-resolver": { small: [spare] } },
    };
    expect(route(off)).toEqual({ names: [], problems: [] });
  });

  it("never names anybody that the operator does not allow", () => {
    const name = fc.constantFrom(small, spare, large, "openai:gpt-99", "openai:small", `${small} `, "");
    const choice = fc.option(fc.array(name, { maxLength: 5 }), { nil: undefined });
    const role = fc.constantFrom("small" as const, "large" as const);
    fc.assert(
      fc.property(choice, choice, choice, role, (smalls, larges, own, asked) => {
        const agents = { "conflict-resolver": { [asked]: own } };
        const { names, problems } = route({ small: smalls, large: larges, agents }, asked);
        expect(names.filter((one) => !settings.allowed.includes(one))).toEqual([]);
        const chosen = own ?? (asked === "small" ? smalls : larges) ?? settings.roles[asked];
        expect(names.length + problems.length).toBe(chosen.length);
      }),
    );
  });
});
