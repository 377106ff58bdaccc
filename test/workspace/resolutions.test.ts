// What became of the hunks of one merge: in the commit that merges the same two, or in any commit behind it.
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { ResolutionsOptions } from "../../src/core/workspace.ts";
import { canary, createFixture } from "./fixture.ts";
import type { Fixture, FixtureCommit } from "./fixture.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture.close());

const text = (one: string) => ({ a: `top\n${one}end\n` });

const commits: FixtureCommit[] = [
  { name: "base", files: text("1\n") },
  { name: "head", parents: ["base"], files: text("2\n") },
  { name: "main", parents: ["base"], files: text("3\n") },
  { name: "more", parents: ["head"], files: { b: "b\n" } },
  { name: "late", parents: ["more", "main"], files: text("late\n") },
  { name: "merge", parents: ["head", "main"], files: text("both\n") },
  { name: "turned", parents: ["main", "head"], files: text("turned\n") },
  { name: "tip", parents: ["merge"], files: text("both\nand more\n") },
  { name: "onTurned", parents: ["turned"], files: { b: "b\n" } },
];

async function found(
  tip: string,
  where: ResolutionsOptions["where"],
  changes: Partial<ResolutionsOptions> = {},
) {
  const shas = fixture.repository("r", commits);
  const result = await fixture.workspaces.findResolutions({
    ...{ cloneUrl: fixture.url("r"), token: canary, where, tip: shas[tip] ?? tip },
    ...{ headSha: shas["head"] ?? "", baseSha: shas["main"] ?? "", signal: new AbortController().signal },
    ...changes,
  });
  const name = Object.entries(shas).find(([, sha]) => sha === result?.sha)?.[0];
  return result && [name, ...result.files.map(({ resolutions }) => resolutions)];
}

describe("the resolutions of a merge", () => {
  it("are found in the commit that merges the same two, behind later commits", async () => {
    expect(await found("tip", "merge")).toEqual(["merge", ["both\n"]]);
  });

  it("are found where the head was merged into the base, with the sides as they were asked for", async () => {
    expect(await found("onTurned", "merge")).toEqual(["turned", ["turned\n"]]);
  });

  it("are none where only others are merged, or the head is no part of the tip", async () => {
    expect(await found("late", "merge")).toBeNull();
    await fixture.close();
    fixture = await createFixture();
    expect(await found("main", "merge")).toBeNull();
  });

  it("are read from any commit that is named", async () => {
    expect(await found("tip", "tip")).toEqual(["tip", ["both\nand more\n"]]);
    await fixture.close();
    fixture = await createFixture();
    expect(await found("late", "tip")).toEqual(["late", ["late\n"]]);
  });

  it("are refused for a commit's name that is none, and fail for a commit that is gone", async () => {
    await expect(found("--all", "merge")).rejects.toMatchObject({ code: "input" });
    await fixture.close();
    fixture = await createFixture();
    await expect(found("f".repeat(40), "tip")).rejects.toMatchObject({ code: "stale-head" });
  });
});
