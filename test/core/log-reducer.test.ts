// Logs of CI jobs, cut at the failed step and reduced: realistic ones, hostile ones, and ones that are far too long.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createLogReducer } from "../../src/core/log-reducer.ts";
import type { LogStep, ReducedLog } from "../../src/core/log-reducer.ts";

const limit = 64 * 1024;

function reduce(text: string, steps: readonly LogStep[] = []): ReducedLog {
  const reducer = createLogReducer(steps);
  reducer.push(text);
  return reducer.end();
}

/** A line as GitHub writes it, `second` seconds after midnight. */
function at(second: number, text: string): string {
  return `${new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString().replace("Z", "1234Z")} ${text}\n`;
}

function step(name: string, conclusion: string, [from, until]: readonly [number, number]): LogStep {
  const ms = (second: number): number => Date.UTC(2026, 0, 1, 0, 0, second);
  return { name, conclusion, startedAt: ms(from), completedAt: ms(until) };
}

const job = [
  at(0, "\uFEFF##[group]Operating System").replace(/^/, ""),
  at(1, "##[group]Run npm ci"),
  at(1, "##[endgroup]"),
  at(5, "npm warn deprecated something: an Error waiting to happen"),
  at(7, "added 300 packages"),
  at(7, "##[group]Run npm test"),
  at(7, "\u001b[36;1mnpm test\u001b[0m"),
  at(7, "##[endgroup]"),
  at(9, "\u001b[1m\u001b[31mFAIL\u001b[39m\u001b[22m test/sum.test.js"),
  at(9, "  ● adds > carries"),
  at(9, "##[error]Process completed with exit code 1."),
  at(9, "##[group]Run actions/upload-artifact@v4"),
  at(10, "Artifact uploaded"),
  at(11, "Post job cleanup."),
  at(11, "##[error]the cache could not be saved"),
].join("");

const expected = [
  "Run npm test",
  "npm test",
  "FAIL test/sum.test.js",
  "  ● adds > carries",
  "Error: Process completed with exit code 1.",
].join("\n");

describe("createLogReducer", () => {
  it("cuts at the failed step by its times, though its seconds are shared with the steps around it", () => {
    const steps = [
      step("Install", "success", [1, 7]),
      step("Unit tests", "failure", [7, 9]),
      step("Upload", "success", [9, 10]),
    ];
    expect(reduce(job, steps)).toEqual({ text: expected, step: "Unit tests" });
  });

  it("cuts where a command ended badly when no times are known, and names it by its command", () => {
    expect(reduce(job)).toEqual({ text: expected, step: "Run npm test" });
  });

  it("takes the whole step when nothing in it is called an error", () => {
    const timedOut = step("Install", "timed_out", [1, 5]);
    expect(reduce(job, [timedOut]).text).toBe(
      ["Run npm ci", "npm warn deprecated something: an Error waiting to happen"].join("\n"),
    );
  });

  it("falls back on the whole log where the step's times fit no line", () => {
    const steps = [step("Unit tests", "failure", [900, 990])];
    expect(reduce(job, steps)).toEqual({ text: expected, step: "Unit tests" });
  });

  it("is the log itself where there are neither steps, times nor signs", () => {
    expect(reduce("one\ntwo\n")).toEqual({ text: "one\ntwo", step: null });
    expect(reduce("")).toEqual({ text: "", step: null });
  });

  it("reads the same from any pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(job.length), { maxLength: 20 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), job.length];
        const reducer = createLogReducer();
        places.slice(1).forEach((end, index) => {
          reducer.push(job.slice(places[index], end));
        });
        expect(reducer.end()).toEqual(reduce(job));
      }),
    );
  });

  it("keeps the last of what a progress bar wrote, tabs, and no other control character", () => {
    expect(reduce("10%\r50%\r100%\r\na\tb\u0000\u0008c\n\u001b]0;title\u0007x\u001b[2K\n").text).toBe(
      "100%\na\tbc\nx",
    );
  });

  it("keeps head, tail, and twenty lines on both sides of a failure, and says what it leaves out", () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => `line ${index}`);
    lines[1_000] = "--- FAIL: TestSum (0.00s)";
    const kept = reduce(lines.join("\n")).text.split("\n");
    expect(kept).toEqual([
      ...lines.slice(0, 20),
      "[… 960 lines left out …]",
      ...lines.slice(980, 1_021),
      "[… 779 lines left out …]",
      ...lines.slice(1_800),
    ]);
  });

  it("lets chatter about errors not drown what failed", () => {
    const noise = Array.from({ length: 5_000 }, (_, index) => `console.error: Error ${index}`);
    const text = reduce([...noise, "not ok 7 - sums", ...noise.map((line) => `${line}!`)].join("\n")).text;
    expect(text).toContain("not ok 7 - sums");
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
  });

  it("stays within its bounds for any text, half characters included", () => {
    const word = fc.constantFrom(
      ..."FAIL|Error|##[group]Run x|##[error]|Process completed with exit code 1|\u001b[|\ud800|é|\r|\n|\n|🎉".split(
        "|",
      ),
    );
    const anything = fc.array(fc.oneof(word, fc.string({ unit: "binary", maxLength: 50 })), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 400 }), (parts, times) => {
        const { text, step: name } = reduce(parts.join("").repeat(times));
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
        expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(1_010);
        expect(text).not.toMatch(/[^\P{Cc}\n\t]/u);
        expect(name ?? "").toMatch(/^[^\p{Cc}]{0,200}$/u);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["one line without an end", "x".repeat(5_000_000)],
    ["colours that never end", "\u001b[".repeat(2_500_000)],
    ["failures alone", `${"FAIL ".repeat(190)}\n`.repeat(5_000)],
    ["sections alone", "##[group]Run x\n##[error]y\n".repeat(200_000)],
    ["empty lines", "\n".repeat(5_000_000)],
  ])("reads 5 MB of %s", (_what, text) => {
    const reducer = createLogReducer();
    for (let start = 0; start < text.length; start += 65_536) reducer.push(text.slice(start, start + 65_536));
    expect(Buffer.byteLength(reducer.end().text)).toBeLessThanOrEqual(limit);
  });
});
