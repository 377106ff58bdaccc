// Where the search goes next: what was given up, said again, helped in part or helped nothing.
import { describe, expect, it } from "@jest/globals";
import { noReportId } from "../../../src/core/suite.ts";
import type { Suite } from "../../../src/core/suite.ts";
import { fenced } from "./models.ts";
import { fix, repository, rightMax, wrongMax } from "./support.ts";
import { worldOf } from "./world.ts";

const giveUp = "GIVE_UP: It is not here.";

const times = (asked: readonly { readonly subject: string | null }[], name: string): number =>
  asked.filter(({ subject }) => subject?.endsWith(`#${name}`) === true).length;

/** Functions that call one another, the fault in the last: nothing but the calls leads to it. */
const chain = (fault: string): Readonly<Record<string, string>> => {
  const names = ["first", "second", "third", "fourth", "fifth"];
  const functions = names.map((name, index) => {
    const next = names[index + 1];
    return `function ${name}(n) {\n  const given = n;\n  return ${next === undefined ? fault : `${next}(given)`};\n}\n`;
  });
  return {
    "src/chain.js": `${functions.join("\n")}\nmodule.exports = { first };\n`,
    "test/chain.test.js": `const { first } = require("../src/chain");\ntest("goes through", () => {\n  expect(first(70)).toBe(71);\n});\n`,
  };
};

describe("the places that are asked about", () => {
  it("go on behind the third where the model gives the first ones up, which is asked for twice each", async () => {
    const { report, text, models } = await fix(
      { base: chain("given + 1"), head: chain("given - 1") },
      {
        script: {
          small: ({ subject }) =>
            subject === "src/chain.js#fifth"
              ? fenced("function fifth(n) {\n  const given = n;\n  return given + 1;\n}")
              : giveUp,
        },
      },
    );
    expect(report.ending).toBe("fixed");
    expect(text("src/chain.js")).toContain("given + 1");
    expect(new Set(models.asked.map(({ subject }) => subject)).size).toBeGreaterThan(3);
    expect(times(models.asked, "first")).toBe(2);
    expect(report.places).toHaveLength(3);
    expect(report.places[0]).toMatchObject({ name: "fifth" });
  });

  it("are left where the model writes the same again and again, and end after three that were written for", async () => {
    const { report, models } = await fix(
      { base: chain("given + 1"), head: chain("given - 1") },
      {
        script: {
          small: ({ subject }) => {
            const name = subject?.split("#")[1] ?? "";
            return fenced(`function ${name}(n) {\n  return n + 0;\n}`);
          },
        },
      },
    );
    expect(report.ending).toBe("unfixed");
    const asked = [...new Set(models.asked.map(({ subject }) => subject?.split("#")[1] ?? ""))];
    expect(asked).toHaveLength(3);
    for (const name of asked) expect(times(models.asked, name)).toBe(3);
  });

  it("come last where nothing was gained, once another candidate has helped in part", async () => {
    const both = (a: string, b: string): Readonly<Record<string, string>> => ({
      "src/sides.js": `function left(n) {\n  const side = n;\n  return side ${a} 1;\n}\n\nfunction right(n) {\n  const side = n;\n  return side ${b} 2;\n}\n\nfunction sides(n) {\n  const all = [left(n), right(n)];\n  return all;\n}\n\nmodule.exports = { sides };\n`,
      "test/sides.test.js": `const { sides } = require("../src/sides");\ntest("sides of it", () => {\n  expect(sides(70)[0]).toBe(71);\n});\ntest("sides of that", () => {\n  expect(sides(70)[1]).toBe(140);\n});\n`,
    });
    const answers: Readonly<Record<string, string>> = {
      left: "function left(n) {\n  const side = n;\n  return side + 1;\n}",
      right: "function right(n) {\n  const side = n;\n  return side * 2;\n}",
      sides: "function sides(n) {\n  return [left(n), right(n)];\n}",
    };
    const { report, models } = await fix(
      { base: both("+", "*"), head: both("-", "/") },
      { script: { small: ({ subject }) => fenced(answers[subject?.split("#")[1] ?? ""] ?? "") } },
    );
    expect(report.ending).toBe("fixed");
    expect(models.asked[0]?.subject).toBe("src/sides.js#sides");
    expect(times(models.asked, "sides")).toBe(3);
  });
});

describe("the large model", () => {
  it("may say again what stands already, beside what is missing", async () => {
    const two = (max: string, sum: string) => {
      const files = repository(max);
      return { ...files, "src/list.js": (files["src/list.js"] ?? "").replace("a + b", sum) };
    };
    const block = (search: string, replace: string) =>
      `src/list.js\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
    const forMax = block(
      "  for (const one of list) if (one < best) best = one;",
      "  for (const one of list) if (one > best) best = one;",
    );
    const forSum = block(
      "  return list.reduce((a, b) => a - b, 0);",
      "  return list.reduce((a, b) => a + b, 0);",
    );
    const { report, text } = await fix(
      { base: two(rightMax, "a + b"), head: two(wrongMax, "a - b") },
      {
        script: {
          small: ({ subject }) => (subject === "src/list.js#max" ? fenced(rightMax) : giveUp),
          large: () => `Both are wrong.\n\n${forMax}\n${forSum}`,
        },
      },
    );
    expect(report.ending).toBe("fixed");
    expect(text("src/list.js")).toBe(two(rightMax, "a + b")["src/list.js"]);
  });
});

describe("a run that breaks off", () => {
  it("is put right once a run ends: what stood for the tests that did not come needs no successor", async () => {
    const more = Array.from({ length: 4 }, (_, index) => `test("later ${index}", () => {});\n`).join("");
    const withMore = (max: string) => repository(max, { "test/more.test.js": more });
    const options = { base: withMore(rightMax), head: withMore(wrongMax) };
    const { trees, suite } = worldOf(options);
    const standIns = ["(end of the run)", noReportId("tape")].map((id) => ({
      id,
      status: "failed" as const,
      message: "It broke off.",
    }));
    const breaking: Suite["run"] = async (request) => {
      const run = await suite.run(request);
      const failing = run.tests.findIndex(({ status }) => status === "failed");
      if (failing < 0 || request.tree !== "head") return run;
      return { ...run, status: "unreadable", tests: [...run.tests.slice(0, failing + 1), ...standIns] };
    };
    const { report } = await fix(options, {
      changed: ["src/list.js"],
      script: { small: () => fenced(rightMax) },
      ports: { trees, suite: { ...suite, run: breaking } },
    });
    expect(report.ending).toBe("fixed");
  });
});
