// What is said against edits that pass: a pull request that judges itself, and what could not be tried.
import { describe, expect, it } from "@jest/globals";
import { fenced } from "./models.ts";
import { broken, fix, rightMax } from "./support.ts";
import { worldOf } from "./world.ts";

const script = { small: () => fenced(rightMax) };

describe("a pull request that changes what its tests are run with", () => {
  it("has its fix proposed, with the files that decide: it is judged by what it brought itself", async () => {
    const { report, edits } = await fix(broken, {
      changed: ["src/list.js", "jest.config.js", "test/conftest.py"],
      script,
    });
    expect(report.ending).toBe("doubtful");
    expect(report.doubts).toEqual([expect.stringContaining("jest.config.js")]);
    expect(report.doubts[0]).toContain("test/conftest.py");
    expect(edits.size).toBe(1);
  });

  it("is none where it changes source and tests alone", async () => {
    const { report } = await fix(broken, { changed: ["src/list.js", "test/list.test.js"], script });
    expect(report).toMatchObject({ ending: "fixed", doubts: [] });
  });
});

describe("a test that must fail", () => {
  const canaryNotes = (steps: readonly { readonly name: string; readonly detail: string }[]) =>
    steps.filter(({ name }) => name === "canary").map(({ detail }) => detail);

  it("is said not to have been planted where nobody knows the runner", async () => {
    const { trees, suite } = worldOf(broken);
    const commands = suite.commands.map((command) => ({ ...command, runner: null }));
    const { report, world } = await fix(broken, { script, ports: { trees, suite: { ...suite, commands } } });
    expect(report.ending).toBe("fixed");
    expect(canaryNotes(report.steps)).toEqual([expect.stringContaining("could be planted")]);
    expect(world.requests).toEqual([]);
  });

  it("is nothing to speak of where it was planted", async () => {
    const { report } = await fix(broken, { script });
    expect(canaryNotes(report.steps)).toEqual([]);
  });
});
