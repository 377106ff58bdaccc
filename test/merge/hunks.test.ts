// Hunks against git itself: what `git merge-file` wrote is read, and written again byte for byte.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Hunk, Segment } from "../../src/core/conflict.ts";
import { chooseMarkerSize, parseHunks, renderFile, trimHunk, trimSegments } from "../../src/merge/hunks.ts";

const folder = mkdtempSync(join(tmpdir(), "hunks-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Sides {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

function gitMergeFile({ base, ours, theirs }: Sides, flags: readonly string[]): string {
  writeFileSync(join(folder, "base"), base);
  writeFileSync(join(folder, "ours"), ours);
  writeFileSync(join(folder, "theirs"), theirs);
  const labels = ["-L", "ours", "-L", "base", "-L", "theirs"];
  const run = spawnSync("git", ["merge-file", "-p", ...flags, ...labels, "ours", "base", "theirs"], {
    cwd: folder,
    encoding: "utf8",
  });
  return run.stdout;
}

function segmentsOf(sides: Sides): { segments: Segment[]; markerSize: number; output: string } {
  const markerSize = chooseMarkerSize([sides.base, sides.ours, sides.theirs]);
  const output = gitMergeFile(sides, ["--diff3", `--marker-size=${String(markerSize)}`]);
  const segments = parseHunks(output, markerSize, sides);
  if (!segments) throw new Error("git's output was not understood");
  return { segments, markerSize, output };
}

const labels = { ours: "ours", base: "base", theirs: "theirs" };
const chosen = (segments: readonly Segment[], side: "ours" | "theirs") =>
  segments.map((segment) => (segment.kind === "clean" ? segment.text : segment[side])).join("");
const hunksOf = (segments: readonly Segment[]) => segments.filter((segment) => segment.kind === "hunk");
const hunk = (base: string, ours: string, theirs: string): Hunk => ({ kind: "hunk", base, ours, theirs });

/** Texts of few different lines, so that lines are shared, moved and repeated; with and without a newline at the end. */
const textIn = (ending: string) =>
  fc
    .tuple(
      fc.array(
        fc.constantFrom("a", "b", "c", "", "=======", "<<<<<<< x", "|||||||", ">>>>>>>", "\uFEFFé\rf"),
        {
          maxLength: 8,
        },
      ),
      fc.boolean(),
    )
    .map(([lines, finished]) => lines.join(ending) + (finished && lines.length > 0 ? ending : ""));
const texts = textIn("\n");
/** Three versions of a file. The first line, the same in all, shows git the line ending it takes for its markers. */
const threeTexts = fc.constantFrom("\n", "\r\n").chain((ending) => {
  const version = textIn(ending).map((text) => `top${ending}${text}`);
  return fc.record({ base: version, ours: version, theirs: version });
});

describe("parseHunks", () => {
  it("splits what git wrote into clean text and hunks", () => {
    const sides = { base: "a\nb\nc\n", ours: "a\nx\nc\n", theirs: "a\ny\nc\n" };
    expect(segmentsOf(sides).segments).toEqual([
      { kind: "clean", text: "a\n" },
      hunk("b\n", "x\n", "y\n"),
      { kind: "clean", text: "c\n" },
    ]);
  });

  it("is not misled by headings and old markers in the text", () => {
    const sides = {
      base: "Title\n=======\nb\n",
      ours: "Title\n=======\nours\n=======\n<<<<<<< old\n",
      theirs: "Title\n=======\ntheirs\n>>>>>>> old\n",
    };
    const { segments } = segmentsOf(sides);
    expect(hunksOf(segments)).toEqual([hunk("b\n", "ours\n=======\n<<<<<<< old\n", "theirs\n>>>>>>> old\n")]);
  });

  it("takes back the newline that git adds to an unfinished last line", () => {
    const sides = { base: "a\nb", ours: "a\nc", theirs: "a\nd\n" };
    expect(hunksOf(segmentsOf(sides).segments)).toEqual([hunk("b", "c", "d\n")]);
    const crlf = { base: "a\r\nb", ours: "a\r\nc", theirs: "a\r\nd" };
    expect(hunksOf(segmentsOf(crlf).segments)).toEqual([hunk("b", "c", "d")]);
    const loneCr = { base: "a\nb", ours: "a\nc\r", theirs: "a\nd" };
    expect(hunksOf(segmentsOf(loneCr).segments)).toEqual([hunk("b", "c\r", "d")]);
  });

  it("keeps a byte order mark and lone carriage returns", () => {
    const sides = { base: "\uFEFFa\rb\nc\n", ours: "\uFEFFa\rb\nd\n", theirs: "\uFEFFa\rb\ne\n" };
    const { segments } = segmentsOf(sides);
    expect(chosen(segments, "ours")).toBe(sides.ours);
    expect(chosen(segments, "theirs")).toBe(sides.theirs);
  });

  it("refuses markers that do not pair up", () => {
    expect(parseHunks("<<<<<<< a\nb\n", 7, { base: "", ours: "", theirs: "" })).toBeNull();
  });

  it("renders again, byte for byte, what git wrote, whatever the text", () => {
    fc.assert(
      fc.property(threeTexts, (sides) => {
        const { segments, markerSize, output } = segmentsOf(sides);
        const open = hunksOf(segments).map(() => null);
        expect(renderFile({ segments }, open, { labels, markerSize, style: "diff3" })).toBe(output);
      }),
      { numRuns: 80 },
    );
  });

  it("gives back each side whole where both sides added the file", () => {
    fc.assert(
      fc.property(texts, texts, (ours, theirs) => {
        fc.pre(ours !== "" && theirs !== "");
        const { segments } = segmentsOf({ base: "", ours, theirs });
        expect(chosen(segments, "ours")).toBe(ours);
        expect(chosen(segments, "theirs")).toBe(theirs);
      }),
      { numRuns: 50 },
    );
  });
});

describe("renderFile", () => {
  const sides = { base: "a\nb\nc\nd\ne\n", ours: "a\nx\nc\nd\nv\n", theirs: "a\ny\nc\nd\nw\n" };

  it("replaces settled hunks and marks open ones as git does", () => {
    const { segments } = segmentsOf(sides);
    const text = renderFile({ segments }, ["x\ny\n", null], { labels, markerSize: 7 });
    expect(text).toBe("a\nx\ny\nc\nd\n<<<<<<< ours\nv\n=======\nw\n>>>>>>> theirs\n");
  });

  it("marks like git in the two-sided style, shared lines outside", () => {
    const shared = { base: "a\nz\n", ours: "a\np\n1\nq\nz\n", theirs: "a\np\n2\nq\nz\n" };
    const { segments } = segmentsOf(shared);
    const text = renderFile({ segments }, [null], { labels, markerSize: 7 });
    expect(text).toBe(gitMergeFile(shared, []));
  });

  it("marks with the file's own line ending", () => {
    const crlf = { base: "a\r\nb\r\n", ours: "a\r\nc\r\n", theirs: "a\r\nd\r\n" };
    const { segments } = segmentsOf(crlf);
    const text = renderFile({ segments }, [null], { labels, markerSize: 7 });
    expect(text).toBe(gitMergeFile(crlf, []));
  });

  it("leaves an empty hunk empty", () => {
    const { segments } = segmentsOf(sides);
    expect(renderFile({ segments }, ["", ""], { labels, markerSize: 7 })).toBe("a\nc\nd\n");
  });
});

describe("trimHunk", () => {
  it("takes shared lines out of both ends, and out of the base only where it has them", () => {
    expect(trimHunk(hunk("p\nb\n", "p\nq\n1\nz\n", "p\nq\n2\nz\n"))).toEqual({
      before: "p\nq\n",
      hunk: hunk("b\n", "1\n", "2\n"),
      after: "z\n",
    });
  });

  it("loses no line: before, side and after are the side again", () => {
    fc.assert(
      fc.property(texts, texts, texts, (base, ours, theirs) => {
        const trimmed = trimHunk(hunk(base, ours, theirs));
        expect(trimmed.before + trimmed.hunk.ours + trimmed.after).toBe(ours);
        expect(trimmed.before + trimmed.hunk.theirs + trimmed.after).toBe(theirs);
        expect(base).toContain(trimmed.hunk.base);
      }),
    );
  });

  it("changes nothing about either side's file", () => {
    fc.assert(
      fc.property(texts, texts, texts, (base, ours, theirs) => {
        const segments: Segment[] = [{ kind: "clean", text: "top\n" }, hunk(base, ours, theirs)];
        const trimmed = trimSegments(segments);
        expect(chosen(trimmed, "ours")).toBe(chosen(segments, "ours"));
        expect(chosen(trimmed, "theirs")).toBe(chosen(segments, "theirs"));
      }),
    );
  });
});

describe("chooseMarkerSize", () => {
  it("is git's own size where nothing speaks against it", () => {
    expect(chooseMarkerSize(["a\n======\n"])).toBe(7);
  });

  it("is a size that no line of the texts starts with", () => {
    expect(chooseMarkerSize(["=======\n", "<<<<<<<< x\n"])).toBe(9);
  });
});
