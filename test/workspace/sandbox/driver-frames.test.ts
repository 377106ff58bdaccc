// The reader of what comes out of a sandbox: whatever comes, it takes in only what was expected, and what the supervisor sends it reads whole.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { fileKey, readFrames } from "../../../src/workspace/sandbox/frames.ts";
import { keepOutput } from "../../../src/workspace/sandbox/output.ts";

const expected = { project: 3, report: 2 };

function read(bytes: Buffer, cuts: readonly number[] = []) {
  const reader = readFrames(expected);
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    reader.add(bytes.subarray(from, Math.min(cut, bytes.length)));
    from = Math.min(cut, bytes.length);
  }
  reader.add(bytes.subarray(from));
  return reader.frames;
}

const cuts = fc.array(fc.nat(400), { maxLength: 20 });

describe("frames", () => {
  test("what the supervisor sends is read whole, however it is cut", () => {
    const contents = fc.array(fc.option(fc.uint8Array({ maxLength: 100 })), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(contents, cuts, fc.integer({ min: 0, max: 255 }), (files, at, code) => {
        const keys = [0, 1, 2]
          .map((n) => fileKey("project", n))
          .concat([0, 1].map((n) => fileKey("report", n)));
        const parts = [Buffer.from(`begin\nend ${code}\n`)];
        for (const [index, key] of keys.entries()) {
          const bytes = files[index] ?? null;
          parts.push(Buffer.from(bytes === null ? `missing ${key} link\n` : `file ${key} ${bytes.length}\n`));
          if (bytes !== null) parts.push(Buffer.from(bytes));
        }
        const frames = read(Buffer.concat([...parts, Buffer.from("done\n")]), at);
        expect(frames).toMatchObject({ began: true, code, done: true, broken: false });
        for (const [index, key] of keys.entries()) {
          const bytes = files[index] ?? null;
          expect(frames.files.get(key) ?? null).toEqual(bytes);
          expect(frames.missing.get(key)).toBe(bytes === null ? "link" : undefined);
        }
      }),
    );
  });

  test("whatever bytes come, only expected files within their size are taken, and it never throws", () => {
    const words = fc.constantFrom(
      "begin\n",
      "end 0\n",
      "end 1\n",
      "done\n",
      "full\n",
      "failed unpack\n",
      "file project 0 3\n",
      "file report 1 2\n",
      "file project 9 1\n",
      "missing project 1 link\n",
      "missing report 7 link\n",
      "abc",
      "\n",
      " ",
      "file project 0 99999999\n",
      "file project -1 1\n",
      "\u0000",
      "x".repeat(80),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 30 }), cuts, (pieces, at) => {
        const frames = read(Buffer.from(pieces.join("")), at);
        const keys = [...frames.files.keys(), ...frames.missing.keys()];
        expect(new Set(keys).size).toBe(keys.length);
        for (const key of keys) expect(key).toMatch(/^(?:project [012]|report [01])$/);
        if (keys.length > 0 || frames.done) expect(frames.code).not.toBeNull();
        if (frames.code !== null) expect(frames.began).toBe(true);
        // The same bytes in one piece mean the same.
        expect(read(Buffer.from(pieces.join("")))).toEqual(frames);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["a second ending", "begin\nend 0\nend 1\n"],
    ["an ending before the start", "end 0\n"],
    ["an ending that is none", "begin\nend 256\n"],
    ["a file before the end", "begin\nfile project 0 1\nx"],
    ["a file that was not asked for", "begin\nend 0\nfile project 3 1\nx"],
    ["a file for the second time", "begin\nend 0\nfile project 0 1\nxfile project 0 1\ny"],
    ["a file above its cap", "begin\nend 0\nfile project 0 5242881\n"],
    ["a report above its cap", "begin\nend 0\nfile report 0 33554433\n"],
    ["a size with a sign", "begin\nend 0\nfile project 0 +1\nx"],
    ["a reason that there is not", "begin\nend 0\nmissing project 0 whim\n"],
    ["a line without an end", "begin".repeat(100)],
  ])("breaks off at %s", (_, bytes) => {
    expect(read(Buffer.from(bytes)).broken).toBe(true);
  });

  test("a file that breaks off is not taken", () => {
    const frames = read(Buffer.from("begin\nend 0\nfile project 0 10\nabc"));
    expect([frames.files.size, frames.done]).toEqual([0, false]);
  });
});

describe("kept output", () => {
  test("is the first and the last part, whatever the pieces, and every byte is counted", () => {
    const pieces = fc.array(fc.string({ unit: "grapheme-ascii", maxLength: 30 }), { maxLength: 30 });
    fc.assert(
      fc.property(pieces, fc.integer({ min: 2, max: 60 }), (parts, kept) => {
        const keeper = keepOutput(kept);
        for (const part of parts) keeper.add(Buffer.from(part));
        const all = parts.join("");
        const head = Math.floor(kept / 2);
        const whole = all.length <= kept;
        const wanted = whole ? all : all.slice(0, head) + all.slice(all.length - (kept - head));
        expect(keeper.result()).toEqual({ text: wanted, cutBytes: all.length - wanted.length });
        expect(keeper.total()).toBe(all.length);
      }),
    );
  });
});
