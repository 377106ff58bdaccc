// A model that cannot say a cause and write code in one answer: the next question at the place asks for the code alone.
import { describe, expect, it } from "@jest/globals";
import { codeAlone } from "../../../src/agents/test-fixer/prompts/code-alone.ts";
import { consultPrompt } from "../../../src/agents/test-fixer/prompts/consult.ts";
import { writeFilePrompt } from "../../../src/agents/test-fixer/prompts/write-file.ts";
import { writeFunctionPrompt } from "../../../src/agents/test-fixer/prompts/write-function.ts";
import { writeTestPrompt } from "../../../src/agents/test-fixer/prompts/write-test.ts";
import { fenced } from "./models.ts";
import { broken, fix, repository, rightMax, wrongMax } from "./support.ts";

const prose = "The function compares the wrong way around, so that the smallest is found.";
const asksForCause = ({ user }: { readonly user: string }): boolean => user.includes("\nThe cause, and");
const alone = (code: string): string => fenced(code, "");

/** All that is shown, without the ids of the fences and without the demand at the end. */
const dataOf = ({ user }: { readonly user: string }): string =>
  user.replaceAll(/<(\/?)data \w{16}/g, "<$1data").slice(0, user.lastIndexOf("\n"));

describe("after an answer out of form", () => {
  it("the code alone is asked for, of the same data, as one of the answers that there are for a place", async () => {
    const { report, models, text } = await fix(broken, {
      script: { small: (asking) => (asksForCause(asking) ? prose : alone(rightMax)) },
    });
    expect(report.ending).toBe("fixed");
    expect(text("src/list.js")).toBe(repository(rightMax)["src/list.js"]);
    expect(models.asked.map(asksForCause)).toEqual([true, false, false]);
    const [first, second] = models.asked.map(dataOf);
    expect(second?.replace(/\n[^\n]*$/, "")).toBe(first?.replace(/\n[^\n]*$/, ""));
  });

  it("is asked again word for word, so that a server finds all of it in its cache", async () => {
    const { models } = await fix(broken, { script: { small: () => prose } });
    expect(models.asked).toHaveLength(3);
    expect(models.asked[2]?.user).toBe(models.asked[1]?.user);
  });

  it("what was wrong with the code itself is said", async () => {
    const { report, models } = await fix(broken, {
      script: {
        small: ({ index }) => (index === 0 ? fenced(`const one = 1;\n${rightMax}`) : alone(rightMax)),
      },
    });
    expect(report.ending).toBe("fixed");
    expect(models.asked.map(asksForCause)).toEqual([true, false, false]);
    expect(models.asked[1]?.user).toContain("the answer held other code: const one = 1;");
  });

  it("giving up counts as it does elsewhere, and the next place is asked from the beginning", async () => {
    const { models } = await fix(broken, {
      script: { small: (asking) => (asksForCause(asking) ? prose : "GIVE_UP: It is not here.") },
    });
    const firsts = models.asked.filter(({ subject }, index) => models.asked[index - 1]?.subject !== subject);
    expect(firsts.length).toBeGreaterThan(1);
    expect(firsts.every(asksForCause)).toBe(true);
    expect(models.notes.filter(({ outcome }) => outcome === "abstained").length).toBeGreaterThan(1);
  });

  it("only: who keeps to the form is asked for the cause each time", async () => {
    const { models } = await fix(broken, {
      script: {
        small: ({ subject, index }) =>
          subject === "src/list.js#max"
            ? fenced(wrongMax.replace("list[0]", `list[${index + 1}]`))
            : "GIVE_UP: It is not here.",
      },
    });
    expect(models.asked.length).toBeGreaterThan(3);
    expect(models.asked.every(asksForCause)).toBe(true);
  });
});

describe("the question for the code alone", () => {
  const placesIn = (user: string): readonly string[] =>
    [...user.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? "");

  it.each([writeFunctionPrompt, writeFilePrompt, writeTestPrompt])("shows what $name shows", (prompt) => {
    const short = codeAlone(prompt);
    expect(placesIn(short.user)).toEqual(placesIn(prompt.user));
    expect(short.name).toBe(prompt.name);
    expect(short.hash).not.toBe(prompt.hash);
    expect(short.system.length).toBeLessThan(prompt.system.length * 0.75);
    expect(short.system).toContain("GIVE_UP: <reason>");
    expect(short.system + short.user).not.toMatch(/cause/i);
  });

  it("is no other where nothing is written in one fence", () => {
    expect(codeAlone(consultPrompt)).toBe(consultPrompt);
  });
});
