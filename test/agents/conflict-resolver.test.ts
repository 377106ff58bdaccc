// What the conflict resolver writes, drafts and leaves, hunk by hunk.
import { describe, expect, it } from "@jest/globals";
import { conflictResolver } from "../../src/agents/conflict-resolver/index.ts";
import type { ResolveOptions } from "../../src/core/agent.ts";
import type {
  ConflictedFile,
  FileResolution,
  Segment,
  Settlement,
  SettledSibling,
} from "../../src/core/conflict.ts";
import type { Policy } from "../../src/core/policy.ts";
import { HunkReport } from "../../src/core/task.ts";
import type { Outcome } from "../../src/core/task.ts";
import { contextOf, fakeWorkspace } from "../verifiers/support.ts";
import type { FakeWorkspace } from "../verifiers/support.ts";

const clean = (text: string): Segment => ({ kind: "clean", text });
const hunk = (base: string, ours: string, theirs: string): Segment => ({ kind: "hunk", base, ours, theirs });

function fileOf(path: string, segments: readonly Segment[]): ConflictedFile {
  const side = (name: "base" | "ours" | "theirs") =>
    segments.map((segment) => (segment.kind === "clean" ? segment.text : segment[name])).join("");
  return { path, base: side("base"), ours: side("ours"), theirs: side("theirs"), segments };
}

async function resolve(
  path: string,
  segments: readonly Segment[],
  changed: Partial<Policy> = {},
): Promise<{ outcome: Outcome; workspace: FakeWorkspace }> {
  const file = fileOf(path, segments);
  const { base, ours, theirs } = file;
  const workspace = fakeWorkspace({ conflicts: { [path]: { base, ours, theirs } }, files: { [path]: file } });
  const task = { agent: "conflict-resolver", goal: "", paths: [path] };
  return { outcome: await conflictResolver.run(task, contextOf(workspace, changed)), workspace };
}

const same = hunk("1\n", "2\n", "2\n");
const open = hunk("price = 1\n", "price = two()\n", "price = three()\n");
const textOf = (blob: { bytes: Uint8Array } | null | undefined): string =>
  String(blob && Buffer.from(blob.bytes));

describe("conflict-resolver", () => {
  it("writes a file whose hunks are all settled", async () => {
    const { outcome, workspace } = await resolve("f.txt", [clean("a\n"), same, clean("z\n")]);
    expect(outcome).toMatchObject({ status: "changed", hunks: [{ index: 1, line: 2, settled: true }] });
    expect(textOf(workspace.results.get("f.txt"))).toBe("a\n2\nz\n");
  });

  it("drafts a file of which one hunk stays open, marked as git would, and writes nothing", async () => {
    const { outcome, workspace } = await resolve("f.txt", [same, clean("between\n"), open]);
    expect(outcome.hunks.map(({ settled, line }) => [settled, line])).toEqual([
      [true, 1],
      [false, 3],
    ]);
    expect(workspace.written()).toEqual([]);
    expect(textOf(workspace.drafts.get("f.txt"))).toMatch(
      /^2\nbetween\n<{7} [^\n]+\nprice = two\(\)\n[\s\S]*={7}\nprice = three\(\)\n>{7} /,
    );
  });

  it("leaves a file of which nothing is settled as it is, and shows the three sides", async () => {
    const { outcome, workspace } = await resolve("f.txt", [open]);
    expect(outcome).toMatchObject({
      status: "unchanged",
      hunks: [{ sides: { base: "price = 1\n", ours: "price = two()\n", theirs: "price = three()\n" } }],
    });
    expect([workspace.written(), [...workspace.drafts]]).toEqual([[], []]);
  });

  it("reports the likeliest resolutions of an open hunk, best first and no more than three", async () => {
    const { outcome } = await resolve("f.txt", [open]);
    const [row] = outcome.hunks;
    const chances = row?.candidates.map(({ probability }) => probability) ?? [];
    expect(chances).toHaveLength(3);
    expect(chances).toEqual(chances.toSorted((one, other) => other - one));
    expect(row?.candidates.map(({ text }) => text)).toContain("price = two()\n");
    expect(HunkReport.parse(row)).toEqual(row);
  });

  it("cuts long candidates to what a report carries", async () => {
    const long = Array.from({ length: 90 }, (_, index) => `f(${index}, ${"x".repeat(60)})\n`).join("");
    const { outcome } = await resolve("f.txt", [hunk("x\n", long, "y\n")]);
    const [row] = outcome.hunks;
    expect(row?.candidates.some(({ text }) => text.includes("91 lines in all"))).toBe(true);
    expect(HunkReport.safeParse(row).success).toBe(true);
  });

  it("hands hunks that are settled for certain on to the files after them, and no others", async () => {
    const files = {
      "a.txt": fileOf("a.txt", [same]),
      "b.txt": fileOf("b.txt", [open]),
      "c.txt": fileOf("c.txt", [open]),
    };
    const sides = { base: "1\n", ours: "2\n", theirs: "3\n" };
    const conflicts = { "a.txt": sides, "b.txt": sides, "c.txt": sides };
    const asked: (readonly SettledSibling[])[] = [];
    const context = contextOf(fakeWorkspace({ conflicts, files }));
    const merge = {
      ...context.merge,
      resolve: async (file: ConflictedFile, options?: ResolveOptions): Promise<FileResolution> => {
        asked.push(options?.siblings ?? []);
        const resolution = await context.merge.resolve(file, options);
        const tier = file.path === "a.txt" ? "memory" : "ranked";
        const settlement: Settlement = { tier, class: "never/measured", text: "2\n", why: "" };
        return {
          ...resolution,
          hunks: resolution.hunks.map((one) => ({ ...one, settlement })),
          openHunks: [],
        };
      },
    };
    const task = { agent: "conflict-resolver", goal: "", paths: Object.keys(files) };
    await conflictResolver.run(task, { ...context, merge });
    const sibling = { path: "a.txt", hunk: same, text: "2\n", place: 0 };
    expect(asked).toEqual([[], [sibling], [sibling]]);
  });

  it("cuts long sides, and says how long they are", async () => {
    const long = Array.from({ length: 100 }, (_, index) => `f(${index})\n`).join("");
    const { outcome } = await resolve("f.txt", [hunk("x\n", long, "y\n")]);
    const shown = outcome.hunks[0]?.sides?.ours ?? "";
    expect(shown.split("\n")).toHaveLength(41);
    expect(shown).toContain("101 lines in all");
  });

  it.each([
    ["conflicts.ignore names it", { conflicts: { ignore: ["*.txt"] } }, /leave this path to people/],
    ["it is protected", { protectedPaths: ["f.txt"] }, /protected/],
  ])("does not touch a path where %s", async (_name, changed, why) => {
    const { outcome, workspace } = await resolve("f.txt", [same], changed);
    expect(outcome.hunks).toMatchObject([{ settled: false, index: 0, why: expect.stringMatching(why) }]);
    expect(workspace.written()).toEqual([]);
  });

  it("holds a settled hunk below the bar where its class was not measured well enough", async () => {
    const { outcome } = await resolve("f.txt", [same], { push: { mode: "asked", bar: 1 } });
    expect(outcome.hunks[0]).toMatchObject({ settled: true, aboveBar: false });
  });

  it("looks only at the paths of its task", async () => {
    const workspace = fakeWorkspace({ conflicts: { "f.txt": { base: "1\n", ours: "2\n", theirs: "3\n" } } });
    const task = { agent: "conflict-resolver", goal: "", paths: ["g.txt"] };
    expect((await conflictResolver.run(task, contextOf(workspace))).hunks).toEqual([]);
  });
});
