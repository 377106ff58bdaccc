// Whatever a repository, a branch or a person is called: nothing but text comes out of it, and never too much.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { CommentView } from "../../src/core/render.ts";
import { Ending as EndingSchema } from "../../src/core/report.ts";
import { renderer } from "../../src/github/index.ts";
import { dangersIn, outsideCode } from "./markdown-scanner.ts";
import { hunk, pull, report, run, sha, view } from "./reports.ts";

describe("hostile text", () => {
  const nasty = fc.constantFrom(
    "![x](https://evil.example/x.png)",
    "[x](javascript:alert(1))",
    "<img src=x onerror=y>",
    "</details></summary>",
    "<!-- hidden -->",
    "-->",
    "@everyone",
    "@acme/team",
    "#1",
    "acme/app#12",
    "GH-5",
    "https://evil.example",
    "www.evil.example",
    "a@b.example",
    "&commat;name",
    "&#64;name",
    "|",
    "\\|",
    "\\",
    "`",
    "``",
    "````",
    "\n",
    "\r\n",
    "\n\n",
    "```\n",
    "~~~\n",
    "# heading",
    "1. item",
    "* item",
    "===\n",
    "\t",
    "    ",
    "\u202E",
    "\u200B",
    "\u0000",
    "\u{E0041}",
    "\uD800",
    "$x$",
    "_a_",
    "a",
    " ",
    "$(id)",
    "'",
  );
  const text = fc.oneof(
    fc.array(nasty, { maxLength: 8 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary", maxLength: 40 }),
  );
  const hunks = fc.array(
    fc.record({
      path: text,
      index: fc.nat({ max: 3 }),
      tier: fc.constantFrom("git", "trivial", "semantic", "pick", "human" as const),
      class: text,
      settled: fc.boolean(),
      precision: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      aboveBar: fc.boolean(),
      why: text,
      line: fc.integer({ min: 1, max: 999 }),
      sides: fc.option(fc.record({ base: text, ours: text, theirs: text })),
      candidates: fc.array(
        fc.record({ text, why: text, probability: fc.double({ min: 0, max: 1, noNaN: true }) }),
        { maxLength: 3 },
      ),
      result: fc.option(fc.record({ text, whole: fc.boolean() })),
      proof: fc.option(fc.record({ proven: fc.boolean(), words: text })),
    }),
    { maxLength: 4 },
  );
  const views = fc
    .record({
      hunks,
      words: fc.array(text, { minLength: 9, maxLength: 9 }),
      ending: fc.constantFrom(...EndingSchema.options),
    })
    .map(({ hunks: made, words, ending }) => {
      const [
        summary = "",
        note = "",
        verifier = "",
        evidence = "",
        patch = "",
        ref = "",
        base = "",
        actor = "",
        step = "",
      ] = words;
      const hostile = report(
        { ending, summary, notes: [note], patch: `+++ b/${made[0]?.path ?? ""}\n${patch}`, commitSha: ref },
        made,
      );
      const verdicts = [{ verifier, passed: false, evidence: [evidence] }];
      const tasks = hostile.tasks.map((task) => ({ ...task, verdicts }));
      const author = { ...run().command, actor: { login: actor, type: "User" as const } };
      return {
        pull: {
          ...pull,
          head: { sha, ref, owner: "o", repo: "r" },
          base: { sha, ref: base, owner: "o", repo: "r" },
        },
        running: { runId: "r", actor, verb: "apply" as const, steps: [step] },
        reply: { kind: "declined" as const, actor, text: summary },
        report: { ...hostile, tasks },
        history: [run({ command: author })],
      } satisfies CommentView;
    });

  it("never becomes an image, a link, a mention, HTML or a broken table", () => {
    fc.assert(
      fc.property(views, (hostile) => {
        const shown = renderer.comment(hostile);
        expect(dangersIn(shown)).toEqual([]);
        expect(dangersIn(renderer.check(hostile.report, { sha, number: 7 }).summary)).toEqual([]);
        const rows = outsideCode(shown)
          .split("\n")
          .filter((line) => line.startsWith("| ") && !line.startsWith("| file"));
        for (const row of rows) expect(row.match(/\|/g)).toHaveLength(7);
      }),
      { numRuns: 500 },
    );
  });

  it("never makes a comment or a summary too long", () => {
    const sides = { base: "`".repeat(40_000), ours: "\u0000".repeat(40_000), theirs: "y\n".repeat(40_000) };
    const many = Array.from({ length: 50 }, (_, file) =>
      Array.from({ length: 200 }, (_unused, index) =>
        hunk({
          path: `${"\u202E".repeat(300)}/${file}`,
          index,
          settled: index % 2 === 0,
          tier: index % 4 === 0 ? "pick" : "semantic",
          result: { text: sides.base.slice(0, 4_000), whole: false },
          why: "|`\\".repeat(500),
          sides,
          candidates: [sides.base, sides.ours, sides.theirs].map((one) => ({
            text: one.slice(0, 2_000),
            why: "`|\u0000".repeat(500),
            probability: 0.5,
          })),
        }),
      ),
    ).flat();
    const long = "\u0000`@|\n".repeat(20_000);
    const huge = report({ ending: "partial", summary: long, notes: [long, long], patch: long }, many);
    const shown = renderer.comment(
      view({ report: huge, reply: { kind: "declined", actor: long, text: long } }),
    );
    expect(shown.length).toBeLessThanOrEqual(60_000);
    expect(shown).toMatch(/\d+ more rows are left out/);
    expect(shown).toContain("(hunks that are cut or left out: 2500)");
    const check = renderer.check(huge, { sha, number: 7 });
    expect(check.summary.length).toBeLessThanOrEqual(60_000);
    expect(check.annotations).toHaveLength(150);
  });
});
