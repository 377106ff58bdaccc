import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { gzipSync } from "node:zlib";
import { agreed, asLines, bench, fileCase, hunkCase, scratchDirectory, unheardOf } from "./bench/support.ts";
import type { Scratch } from "./bench/support.ts";

let scratch: Scratch;
beforeAll(() => {
  scratch = scratchDirectory();
});
afterAll(() => {
  scratch.remove();
});

const cases = asLines(hunkCase({ id: "a", ...agreed }), {
  ...hunkCase({ id: "b", ...unheardOf, lang: "java", category: "docs" }),
  unknown: "field",
});

describe("errand bench merge", () => {
  it("prints the figures of a plain file as JSON, and nothing else on stdout", async () => {
    const { status, stdout, stderr } = await bench(
      "merge",
      "--json",
      "--cases",
      scratch.write("plain", cases),
    );
    expect(stderr).toBe("hunks: 2 of 2\n");
    expect(status).toBe(0);
    const figures = JSON.parse(stdout) as Record<string, unknown>;
    expect(figures).toMatchObject({
      n: 2,
      refused: 0,
      failed: 0,
      exact: 0.5,
      normalised: 0.5,
      top3: 0.5,
      top3Exact: 0.5,
      oracle: 0.5,
      oracleExact: 0.5,
      siblings: { exact: 0.5, normalised: 0.5, top3: 0.5, oracle: 0.5 },
      byLanguage: { typescript: { n: 1, exact: 1, siblings: { exact: 1 } }, java: { n: 1, normalised: 0 } },
      byCategory: { code: { n: 1, top3: 1 }, docs: { n: 1, top3: 0 } },
    });
    for (const name of ["coverageAt90", "medianMs", "p99Ms"])
      expect(figures[name]).toEqual(expect.any(Number));
  });

  it("prints tables for people, of a gzipped file, whatever its name", async () => {
    const { status, stdout } = await bench("merge", "--cases", scratch.write("zipped", gzipSync(cases)));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^2 hunks; median/);
    expect(stdout).toMatch(/each hunk alone +50\.0% +50\.0%/);
    expect(stdout).toMatch(/typescript +1 +100\.0%/);
    expect(stdout).toMatch(/docs +1 +0\.0%/);
  });

  it("names bad lines, leaves them out, and exits 1", async () => {
    const lines = [
      "",
      "{ not json \u001B[2J",
      asLines({ ...hunkCase(), ours: 7, theirs: undefined }).trim(),
      "[]",
      cases.trim(),
    ];
    const file = scratch.write("bad-lines", lines.join("\n"));
    const { status, stdout, stderr } = await bench("merge", "--json", "--cases", file);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ n: 2, refused: 3, exact: 0.5 });
    expect(stderr).toContain("line 2 is refused: it is not JSON");
    expect(stderr).toMatch(/line 3 is refused: ours: .*; theirs: /);
    expect(stderr).toContain("line 4 is refused");
    expect(stderr).toContain("3 of 5 lines are refused");
    expect(stderr).not.toContain("\u001B");
  });

  it.each([
    ["every line is bad", () => scratch.write("all-bad", "1\n2\n"), "each of its 2 is refused"],
    ["the file is empty", () => scratch.write("empty", ""), "is empty"],
    ["it holds blank lines only", () => scratch.write("blank", "\n \n"), "is empty"],
    ["there is no such file", () => `${scratch.directory}/nowhere`, "ENOENT"],
    ["it is a directory", () => scratch.directory, "not a regular file"],
    [
      "it is damaged",
      () => scratch.write("cut", gzipSync(cases.repeat(9)).subarray(0, 60)),
      "cannot be read",
    ],
  ])("exits 2 with a remedy when %s", async (_, file, sentence) => {
    const { status, stdout, stderr } = await bench("merge", "--json", "--cases", file());
    expect(stderr).toContain(sentence);
    expect(stderr).toContain("→");
    expect(stderr).not.toContain("This is unexpected");
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  it("exits 2 without --cases", async () => {
    const { status, stderr } = await bench("merge");
    expect(stderr).toContain("--cases");
    expect(status).toBe(2);
  });
});

describe("errand bench files", () => {
  const hopeless = fileCase({
    id: "b",
    path: "a.ts",
    base: "one();\n",
    ours: "two();\n",
    theirs: "three();\n",
  });
  const wrong = fileCase({ id: "c", merged: fileCase().ours });
  const files = asLines(fileCase(), { ...hopeless, merged: "four();\n", category: "code" }, wrong);

  it("counts what is settled whole and right, and what would be pushed at the bar", async () => {
    const file = scratch.write("files", gzipSync(files));
    const { status, stdout } = await bench("files", "--json", "--bar", "0", "--cases", file);
    expect(status).toBe(0);
    const figures = JSON.parse(stdout) as Record<string, unknown>;
    expect(figures).toMatchObject({ n: 3, refused: 0, failed: 0, bar: 0, hunks: 3 });
    expect(figures).toMatchObject({
      byCategory: {
        config: {
          n: 2,
          wholeSettled: 2,
          wholeRight: 1,
          wholeRightNormalised: 1,
          pushable: 2,
          pushableRight: 1,
        },
      },
      byTier: { semantic: { settled: 2, judged: 2, precision: 0.5 } },
    });
    expect(figures["secondsPerFile"]).toEqual(expect.any(Number));
  });

  it("would push nothing at a bar that no rule reaches", async () => {
    const { stdout } = await bench("files", "--bar", "1", "--cases", scratch.write("few", files));
    expect(stdout).toMatch(/what would be pushed at a bar of 1/);
    expect(stdout).toMatch(/config +2 +2 +1 +1 +0 +0 +0/);
  });

  it.each([
    [["--bar", "2"], "from 0 to 1"],
    [["--cases", "nowhere"], "ENOENT"],
  ])("exits 2 on %j", async (args, sentence) => {
    const { status, stderr } = await bench("files", ...args);
    expect(stderr).toContain(sentence);
    expect(status).toBe(2);
  });
});
