// Models that go out of service are named before they do.
import { describe, expect, it } from "@jest/globals";
import { parseModelName } from "../../../src/core/model.ts";
import { retirementOf, retirementWarning } from "../../../src/model/prices/retired.ts";

const at = (text: string, day: string): ReturnType<typeof retirementOf> => {
  const name = parseModelName(text);
  return name && retirementOf(name, new Date(day));
};

describe("retirementOf", () => {
  it("tells what will go from what is gone, to the day in UTC", () => {
    expect(at("openai:gpt-5-mini", "2026-12-10T23:59:59Z")).toEqual({ on: "2026-12-11", gone: false });
    expect(at("openai:gpt-5-mini", "2026-12-11T00:00:00Z")).toEqual({ on: "2026-12-11", gone: true });
    expect(at("openai:gpt-4.1-nano", "2026-11-23")).toEqual({ on: "2026-10-23", gone: true });
  });

  it("knows nothing of other models, other providers, and servers of one's own", () => {
    for (const name of ["openai:gpt-6-luna", "anthropic:gpt-5", "openai:gpt-5@local", "openai:gpt-5.4-mini"])
      expect(at(name, "2028-01-01")).toBeNull();
  });

  it("warns in words with what to do", () => {
    const name = { provider: "anthropic", model: "claude-sonnet-4-5", endpoint: null } as const;
    expect(retirementWarning(name, new Date("2026-11-23"))).toBe(
      "anthropic:claude-sonnet-4-5 is retired by its provider on 2026-11-30: calls of it will fail from then on. Name another model in its place (docs/models.md).",
    );
    expect(retirementWarning(name, new Date("2026-12-24"))).toMatch(
      /was retired by its provider on 2026-11-30/,
    );
    expect(retirementWarning({ ...name, model: "claude-haiku-5-5" }, new Date("2026-11-23"))).toBeNull();
  });
});
