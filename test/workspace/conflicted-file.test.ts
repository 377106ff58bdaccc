import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Segment } from "../../src/core/conflict.ts";
import { splitConflict } from "../../src/workspace/conflicted-file.ts";
import { offlineEnvironment } from "../../src/workspace/environment.ts";
import { gitFor } from "../../src/workspace/git.ts";
import { markerSizeFor, parseSegments } from "../../src/workspace/segments.ts";
import { plainEnvironment } from "./git-server.ts";

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "errand-merge-"));
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

interface Bytes {
  readonly base: Uint8Array;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

async function split(stages: Bytes | (Omit<Bytes, "base"> & { base: null })) {
  const git = gitFor({
    directory: scratch,
    gitDir: null,
    env: offlineEnvironment(scratch, process.env),
    timeoutMs: 30_000,
    signal: new AbortController().signal,
    secrets: [],
  });
  return await splitConflict(git, scratch, "file", stages);
}

function choose(segments: readonly Segment[], side: "base" | "ours" | "theirs"): string {
  return segments.map((segment) => (segment.kind === "clean" ? segment.text : segment[side])).join("");
}

/** What git itself gives when one side is favoured in every conflict of the very same merge. */
function gitFavouring(side: "ours" | "theirs", stages: Bytes): Buffer {
  for (const name of ["ours", "base", "theirs"] as const) writeFileSync(join(scratch, name), stages[name]);
  const files = ["ours", "base", "theirs"].map((name) => join(scratch, name));
  return execFileSync("git", ["merge-file", "-p", "--diff3", `--${side}`, ...files], {
    env: plainEnvironment,
  });
}

const bytesOf = (text: string) => Buffer.from(text);
const line = fc.constantFrom(
  "a",
  "b",
  "c",
  "",
  "=======",
  "<<<<<<< x",
  ">>>>>>>>>>>>>>>>>>>>>> y",
  "é",
  "\r",
  "||||||| z",
);
const ending = fc.constantFrom("\n", "\r\n");
const file = fc
  .tuple(
    fc.array(fc.tuple(line, ending), { maxLength: 8 }),
    fc.option(line, { nil: "" }),
    fc.constantFrom("", "\ufeff"),
  )
  .map(([lines, rest, mark]) => Buffer.from(mark + lines.map((parts) => parts.join("")).join("") + rest));
const notUtf8 = file.map((bytes) => Buffer.concat([bytes, Buffer.from([0xe9])]));

describe("splitting a conflicted file", () => {
  it("gives each side's bytes as git gives them when that side is favoured", async () => {
    const anyFile = fc.oneof({ weight: 4, arbitrary: file }, { weight: 1, arbitrary: notUtf8 });
    await fc.assert(
      fc.asyncProperty(anyFile, anyFile, anyFile, async (base, ours, theirs) => {
        const stages = { base, ours, theirs };
        const found = await split(stages);
        if (found === null) throw new Error("Taken for binary.");
        for (const side of ["ours", "theirs"] as const) {
          const bytes = found.encode(choose(found.file.segments, side));
          expect(Buffer.from(bytes)).toEqual(gitFavouring(side, stages));
          expect(Buffer.from(found.encode(found.file[side]))).toEqual(stages[side]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("keeps a byte order mark, CRLF and a missing last newline", async () => {
    const found = await split({
      base: bytesOf("\ufeffa\r\nb\r\nc"),
      ours: bytesOf("\ufeffa\r\nours\r\nc2"),
      theirs: bytesOf("\ufeffa\r\ntheirs\r\nc3"),
    });
    expect(found?.file.segments).toEqual([
      { kind: "clean", text: "\ufeffa\r\n" },
      { kind: "hunk", base: "b\r\nc", ours: "ours\r\nc2", theirs: "theirs\r\nc3" },
    ]);
  });

  it("keeps every byte of a file that is not UTF-8, and refuses text its encoding cannot hold", async () => {
    const found = await split({
      base: Buffer.from("caf\xe9\nb\n", "latin1"),
      ours: Buffer.from("caf\xe9\no\xff\n", "latin1"),
      theirs: bytesOf("té\nt\n"),
    });
    if (found === null) throw new Error("Taken for binary.");
    expect(Buffer.from(found.encode(found.file.ours)).toString("latin1")).toBe("caf\xe9\no\xff\n");
    expect(() => found.encode("日本")).toThrow("cannot hold");
    const utf8 = await split({ base: null, ours: bytesOf("é\n"), theirs: bytesOf("e\n") });
    expect(() => utf8?.encode("\ud800")).toThrow("cannot hold");
  });

  it("has no base when both sides added the file, and one clean segment when nothing conflicts", async () => {
    const added = await split({ base: null, ours: bytesOf("a\nb\n"), theirs: bytesOf("a\nc\n") });
    expect(added?.file.base).toBeNull();
    expect(added?.file.segments.every((one) => one.kind === "clean" || one.base === "")).toBe(true);
    const clean = await split({
      base: bytesOf("a\nb\nc\nd\ne\n"),
      ours: bytesOf("A\nb\nc\nd\ne\n"),
      theirs: bytesOf("a\nb\nc\nd\nE\n"),
    });
    expect(clean?.file.segments).toEqual([{ kind: "clean", text: "A\nb\nc\nd\nE\n" }]);
  });

  it("is not done for bytes with a NUL or for UTF-16", async () => {
    const text = bytesOf("a\n");
    expect(await split({ base: text, ours: Buffer.from("a\0b\n"), theirs: text })).toBeNull();
    expect(await split({ base: text, ours: Buffer.from("\ufeffa\n", "utf16le"), theirs: text })).toBeNull();
    const late = Buffer.concat([Buffer.alloc(20_000, "x\n"), Buffer.from([0])]);
    expect(await split({ base: text, ours: late, theirs: text })).toBeNull();
  });
});

describe("markers", () => {
  it("are longer or shorter than any run at the start of a line of the sides", () => {
    const sides = { base: "=".repeat(20), ours: `x\n${"<".repeat(21)} y\n`, theirs: `${">".repeat(22)}\r\n` };
    expect(markerSizeFor(sides)).toBe(23);
  });

  it("that do not come in git's order are not guessed at", () => {
    const sides = { base: "", ours: "", theirs: "" };
    const text = (...marks: string[]) => marks.map((mark) => `${mark.repeat(20)}\n`).join("");
    expect(parseSegments(text("<", "|", "=", ">"), 20, sides)).toHaveLength(1);
    for (const marks of [["<", "=", "|", ">"], ["<", "|", "="], ["<"], [">"], ["<", "|", "=", ">", "<"]]) {
      expect(parseSegments(text(...marks), 20, sides)).toBeNull();
    }
  });
});
