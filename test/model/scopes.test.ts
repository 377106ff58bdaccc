// The sums that a call counts in: whose, until when, and up to how much.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { SpendScope } from "../../src/core/ledger.ts";
import { defaultPolicy } from "../../src/config/policy-defaults.ts";
import { scopesOf } from "../../src/model/scopes.ts";
import { run, settings } from "./fixtures.ts";

const noon = Date.UTC(2026, 10, 23, 12);
const day = 86_400_000;

function scopes(
  now = noon,
  budget: { readonly run: number | null; readonly pull: number | null } = { run: null, pull: null },
): Record<SpendScope["name"], SpendScope> {
  const policy = { ...defaultPolicy, models: { ...defaultPolicy.models, budget } };
  const [first, second, third, fourth, ...rest] = scopesOf({ ...run, policy }, settings, now);
  expect(rest).toEqual([]);
  if (!first || !second || !third || !fourth) throw new Error("there are four sums");
  expect([first, second, third, fourth].map(({ name }) => name)).toEqual([
    "run",
    "pull",
    "day",
    "installation",
  ]);
  return { run: first, pull: second, day: third, installation: fourth };
}

describe("scopesOf", () => {
  it("names run, pull request, day and the installation's month", () => {
    const { run: ofRun, pull, day: ofDay, installation } = scopes();
    expect([ofRun, pull, ofDay, installation].map(({ key }) => key)).toEqual([
      "run:run-1",
      "pull:acme/app#3",
      "day:2026-11-23",
      "installation:7:2026-11",
    ]);
    const { budget } = settings;
    expect([ofRun, pull, ofDay, installation].map(({ limitMicros }) => limitMicros)).toEqual([
      budget.run,
      budget.pull,
      budget.day,
      budget.installation,
    ]);
  });

  it("is the same pull request however GitHub spells it", () => {
    const spelt = { ...run, pull: { ...run.pull, owner: "ACME", repo: "App" } };
    expect(scopesOf(spelt, settings, noon)[1]?.key).toBe(scopes().pull.key);
  });

  it("begins a new day and a new month at midnight UTC", () => {
    const midnight = Date.UTC(2026, 11, 1);
    const [before, after] = [scopes(midnight - 1), scopes(midnight)];
    expect([before.day.key, after.day.key]).toEqual(["day:2026-11-30", "day:2026-12-01"]);
    expect([before.installation.key, after.installation.key]).toEqual([
      "installation:7:2026-11",
      "installation:7:2026-12",
    ]);
    expect(scopes(Date.UTC(2027, 0, 1) - 1).installation.key).toBe("installation:7:2026-12");
  });

  it("is remembered for longer than anything can be added to it", () => {
    const now = Date.UTC(2027, 0, 1);
    const { day: ofDay, installation, run: ofRun, pull } = scopes(now);
    expect(ofDay.expiresAt).toBeGreaterThan(now + day);
    expect(installation.expiresAt).toBeGreaterThan(now + 31 * day);
    expect(Math.min(ofRun.expiresAt, pull.expiresAt)).toBeGreaterThan(now + 7 * day);
  });

  it("lets a repository lower what a run and a pull request may cost, never raise it, and the others not at all", () => {
    const money = fc.option(fc.integer({ min: 0, max: 10_000_000 }), { nil: null });
    fc.assert(
      fc.property(money, money, (ofRun, ofPull) => {
        const found = scopes(noon, { run: ofRun, pull: ofPull });
        expect(found.run.limitMicros).toBe(Math.min(settings.budget.run, ofRun ?? Infinity));
        expect(found.pull.limitMicros).toBe(Math.min(settings.budget.pull, ofPull ?? Infinity));
        expect([found.day, found.installation]).toEqual([scopes().day, scopes().installation]);
      }),
    );
  });
});
