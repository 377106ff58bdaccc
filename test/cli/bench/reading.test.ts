import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { gzipSync } from "node:zlib";
import { HunkCase } from "../../../src/cli/bench/cases.ts";
import { readLines } from "../../../src/cli/bench/lines.ts";
import type { Line } from "../../../src/cli/bench/lines.ts";
import { progressOn } from "../../../src/cli/bench/progress.ts";
import { readGroups, survey } from "../../../src/cli/bench/survey.ts";
import { asLines, hunkCase, scratchDirectory } from "./support.ts";
import type { Scratch } from "./support.ts";

let scratch: Scratch;
beforeAll(() => {
  scratch = scratchDirectory();
});
afterAll(() => {
  scratch.remove();
});

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const linesOf = (content: string | Buffer, limit?: number): Promise<Line[]> =>
  collected(readLines(scratch.write("lines", content), limit));

describe("readLines", () => {
  it.each([
    ["plain", (text: string) => Buffer.from(text)],
    ["gzipped", (text: string) => gzipSync(text)],
  ])("reads %s lines longer than any chunk, and numbers blank ones without giving them", async (_, pack) => {
    const long = "ü".repeat(200_000);
    const lines = await linesOf(pack(`a\n\n${long}\r\nlast`));
    expect(lines.map(({ number }) => number)).toEqual([1, 3, 4]);
    expect(lines.map(({ text }) => text)).toEqual(["a", `${long}\r`, "last"]);
  });

  it("gives no line that is over the limit, and goes on behind it", async () => {
    const lines = await linesOf(`${"x".repeat(300_000)}\nshort\n`, 1_000);
    expect(lines).toEqual([
      { number: 1, text: null, problem: "it is longer than 1000 bytes" },
      { number: 2, text: "short", problem: null },
    ]);
  });

  it("gives no line that is not UTF-8", async () => {
    const lines = await linesOf(Buffer.from([0x61, 0xff, 0x0a, 0x62]));
    expect(lines.map(({ problem }) => problem)).toEqual(["it is not UTF-8", null]);
  });
});

describe("readGroups", () => {
  const groupOf = ({ merge }: HunkCase) => String(merge);

  it("gives each merge whole, as soon as its last case is read, wherever its cases stand", async () => {
    const of = (id: string, merge: string) => hunkCase({ id, merge });
    const file = scratch.write(
      "mixed",
      asLines(of("1", "m"), of("2", "n"), "refused", of("3", "n"), of("4", "m"), of("5", "o")),
    );
    const refused: number[] = [];
    const reading = { schema: HunkCase, groupOf };
    const found = await survey(file, { ...reading, onRefused: (number) => refused.push(number) });
    expect(found).toMatchObject({ cases: 5, refused: 1 });
    expect(refused).toEqual([3]);
    const groups = await collected(readGroups(file, reading, found.groups));
    expect(groups.map((group) => group.map(({ id }) => id))).toEqual([["2", "3"], ["1", "4"], ["5"]]);
  });

  it("refuses a case with a text larger than any file we merge", async () => {
    const file = scratch.write("large", asLines(hunkCase(), hunkCase({ ours: "x".repeat(8_000_001) })));
    const problems: string[] = [];
    await survey(file, { schema: HunkCase, groupOf, onRefused: (_, problem) => problems.push(problem) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^ours: /);
  });
});

describe("progressOn", () => {
  const written = (isTTY: boolean, work: (progress: ReturnType<typeof progressOn>) => void): string => {
    const texts: string[] = [];
    const stream = { isTTY, write: (text: string) => texts.push(text) };
    work(progressOn(stream, { what: "hunks", every: 10 }));
    return texts.join("");
  };

  it("rewrites one line on a terminal, and breaks it for nothing else", () => {
    const text = written(true, (progress) => {
      progress.start(2, 0);
      progress.advance(1);
      progress.note("a\nb");
      progress.advance(1);
      progress.end();
    });
    expect(text).toBe("\r\u001B[Khunks: 1 of 2\r\u001B[Ka?b\n\r\u001B[Khunks: 2 of 2\n");
  });

  it("says a line now and then elsewhere, and the last one always", () => {
    const text = written(false, (progress) => {
      progress.start(25, 0);
      for (let index = 0; index < 25; index++) progress.advance(1);
      progress.end();
    });
    expect(text).toBe("hunks: 10 of 25\nhunks: 20 of 25\nhunks: 25 of 25\n");
  });

  it("names the first refused lines and the number of all", () => {
    const text = written(false, (progress) => {
      for (let number = 1; number <= 80; number++) progress.refuse(number, "bad");
      progress.start(20, 80);
    });
    expect(text).toContain("line 50 is refused");
    expect(text).not.toContain("line 51 is refused");
    expect(text).toContain("80 of 100 lines are refused");
  });
});
