import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Blob, Workspace } from "../../src/core/workspace.ts";
import { createFixture, sides } from "./fixture.ts";
import type { Fixture } from "./fixture.ts";

let fixture: Fixture;
let shas: Record<string, string>;
beforeAll(async () => {
  fixture = await createFixture();
  shas = fixture.repository(
    "r",
    sides(
      { a: "1\n2\n3\n", "d/b": "b\n", "d/e/f": "f\n" },
      { a: "1\nours\n3\n", "d/b": "ours\n" },
      { a: "1\ntheirs\n3\n", "d/b": "theirs\n" },
    ),
  );
});
afterAll(() => fixture.close());

const open = () => fixture.open("r", shas["ours"] ?? "", shas["theirs"] ?? "");
const blob = (text: string, mode = "100644"): Blob => ({ mode, bytes: Buffer.from(text) });

type Results = [string, Blob | null][];

async function write(workspace: Workspace, results: Results): Promise<void> {
  for (const [path, result] of results) await workspace.write(path, result);
}

/** Paths that conflict, that do not, that are new, and one in the place of a folder. */
const results = fc.uniqueArray(
  fc.tuple(
    fc.constantFrom("a", "d/b", "d/e/f", "d/e", "new", "new2/g"),
    fc.option(
      fc.record({
        mode: fc.constantFrom("100644", "100755", "120000"),
        bytes: fc.string().map((text) => Buffer.from(text)),
      }),
    ),
  ),
  { selector: ([path]) => path },
);

describe("a tree with results over it", () => {
  it("is the tree that writing them would give, whatever was kept or written before, and stages nothing", async () => {
    await fc.assert(
      fc.asyncProperty(results, results, results, async (kept, written, over) => {
        const workspace = await open();
        await write(workspace, kept);
        workspace.keep();
        await write(workspace, written);
        const before = [await workspace.tree(), workspace.written()];
        const tree = await workspace.treeWith(new Map(over));
        expect([await workspace.tree(), workspace.written()]).toEqual(before);
        await write(workspace, over);
        expect(await workspace.tree()).toBe(tree);
        workspace.discard();
        expect(await workspace.treeWith(new Map([...written, ...over]))).toBe(tree);
        await workspace.dispose();
      }),
      { numRuns: 25 },
    );
  });

  it("is there as soon as every conflict has a result in either", async () => {
    const workspace = await open();
    expect(await workspace.treeWith(new Map())).toBeNull();
    expect(await workspace.treeWith(new Map([["a", blob("a\n")]]))).toBeNull();
    await workspace.write("d/b", blob("b\n"));
    const tree = (await workspace.treeWith(new Map([["a", null]]))) ?? "";
    expect(await workspace.listTree(tree)).toEqual(["d/b", "d/e/f"]);
    expect(await workspace.tree()).toBeNull();
  });

  it("refuses what could not be written either", async () => {
    const workspace = await open();
    for (const [path, result] of [
      [".git/config", blob("x")],
      ["../x", null],
      ["a", blob("x", "160000")],
      ["a", { mode: "100644", bytes: Buffer.alloc(6 * 1024 * 1024) }],
    ] as const) {
      await expect(workspace.treeWith(new Map([[path, result]]))).rejects.toMatchObject({
        code: "workspace",
      });
    }
  });
});
