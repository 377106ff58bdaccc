// What a repository's own past merges teach, from a person's merge to the next pull request with the same conflict.
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { sticky } from "./scenarios.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ variables: { ERRAND_REPLAY: "on" }, overrides: { replay: { quietMs: 10 } } });
}, 120_000);
afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

const price = (value: string) => ({ "code.js": `export const price = ${value};\n` });

it("settles a conflict as the repository did before, and says so", async () => {
  const app = await world.github.addRepository({ owner: "acme", name: "shop", files: price("1") });
  world.github.setPermission("ann", "write", app);
  const git = world.github.git(app);
  // A person's own merge: the main line into a branch that was merged afterwards.
  await git.commit("old", price("two()"));
  await git.commit("main", price("three()"));
  const merge = await git.commit("main", price("two(three())"), "Merge main into old", {
    parents: ["old", "main"],
  });
  await git.commit("main", { ...price("1"), "later.txt": "later\n" });

  const open = async (branch: string) => {
    await git.commit(branch, price("two()"), "ours", { parents: ["main"] });
    return world.github.openPull({ ...app, head: branch });
  };
  const first = await open("first");
  const second = await open("second");
  await git.commit("main", price("three()"));

  await world.ask(first, "ann", "/agent fix-conflicts");
  expect(sticky(world, first)).not.toContain("same three sides");
  await world.logged("past merges replayed");
  expect(world.lines.find(({ message }) => message === "past merges replayed")).toMatchObject({
    repository: "acme/shop",
    replayed: 1,
    conflicted: 1,
  });

  await world.ask(second, "ann", "/agent fix-conflicts");
  const body = sticky(world, second);
  expect(body).toContain(
    `This repository resolved the same three sides this way once, last in ${merge.slice(0, 12)}.`,
  );
  expect(body).toContain("memory/same-sides");
  // Never measured here: proposed, not pushed.
  expect(await git.read("second", "code.js")).toBe(price("two()")["code.js"]);
  await world.ask(second, "ann", "/agent apply");
  expect(await git.read("second", "code.js")).toBe(price("two(three())")["code.js"]);
}, 120_000);
