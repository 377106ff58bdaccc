// The worker is killed while the repository's tests run in its sandbox: the run ends once all the same, and the next worker leaves nothing of the dead one.
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { PullRef } from "../../src/core/pull.ts";
import { startFakeGitHub } from "../support/fake-github.ts";
import type { FakeGitHub, RepositoryAddress } from "../support/fake-github.ts";
import { describeSandboxed, sandboxFolder } from "../support/sandbox.ts";
import { embeddedDataDir } from "../support/servers.ts";
import { supervise } from "./supervise.ts";
import type { Supervised } from "./supervise.ts";

/** A run has a dozen starts of Node in it, some of them by a compiler, on a machine that may have other work. */
const timeoutMs = 300_000;

/** Daemons of the tests by what is tried: that of this test process, so that others' are not taken for them. */
const daemons = { parent: `7401.${process.pid}`, merged: `7402.${process.pid}` };

const manifest = JSON.stringify({
  name: "shop",
  version: "1.0.0",
  type: "module",
  scripts: { test: "node --test" },
});
const total = (sum: string) => `export const total = (item) => ${sum};\n`;

/** A test that leaves a daemon behind, deaf to polite signals, and takes its time. */
const testOf = (name: string, item: object, expected: number) =>
  [
    `import assert from "node:assert/strict";`,
    `import { spawn } from "node:child_process";`,
    `import { existsSync } from "node:fs";`,
    `import { test } from "node:test";`,
    `import { total } from "./total.js";`,
    `const merged = existsSync("quantity.test.js") && existsSync("tax.test.js");`,
    `const daemon = "trap '' TERM HUP; sleep " + (merged ? "${daemons.merged}" : "${daemons.parent}");`,
    `spawn("setsid", ["sh", "-c", daemon], { detached: true, stdio: "ignore" }).unref();`,
    `await new Promise((resolve) => setTimeout(resolve, 3000));`,
    `test(${JSON.stringify(name)}, () => assert.equal(total(${JSON.stringify(item)}), ${expected}));`,
    "",
  ].join("\n");

const versions = {
  before: { "package.json": manifest, "total.js": total("item.price") },
  ours: {
    "total.js": total("item.price * item.quantity"),
    "quantity.test.js": testOf("counts the quantity", { price: 3, quantity: 2, tax: 0 }, 6),
  },
  theirs: {
    "total.js": total("item.price + item.tax"),
    "tax.test.js": testOf("adds the tax", { price: 3, quantity: 1, tax: 1 }, 4),
  },
};

let directory: string;
let sandboxDirectory: string;
let github: FakeGitHub;
let app: RepositoryAddress;
let errand: Supervised;

/** Ids of the processes of a daemon that are alive. */
function alive(seconds: string): string[] {
  const lines = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [id, ...words] = line.trim().split(/\s+/);
    return id !== undefined && words.join(" ") === `sleep ${seconds}` ? [id] : [];
  });
}

async function until(holds: () => boolean): Promise<void> {
  const giveUpMs = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > giveUpMs) throw new Error("It never came to that.");
    await pause(20);
  }
}

async function openAndAsk(branch: string): Promise<PullRef> {
  await errand.until(() => errand.isUp());
  const pull = await github.openPull({ ...app, head: branch });
  const { payload } = github.comment(pull, "ann", "/agent fix-conflicts");
  await github.deliver("issue_comment", payload, { to: errand.webhookUrl() });
  return pull;
}

async function leftOf(worker: number) {
  const scratch = await readdir(path.join(sandboxDirectory, "scratch"));
  const groups = execFileSync("find", ["/sys/fs/cgroup", "-name", `errand-run-${worker}-*`], {
    encoding: "utf8",
  });
  return { groups, scratch: scratch.filter((name) => name.startsWith(`${worker}-`)) };
}

describeSandboxed("a proof under way", () => {
  const branches = ["in-parent", "in-merged", "stopped"];
  beforeAll(async () => {
    directory = await embeddedDataDir();
    sandboxDirectory = await sandboxFolder();
    const planFile = path.join(directory, "die-at");
    writeFileSync(planFile, "");
    github = await startFakeGitHub();
    app = await github.addRepository({ owner: "acme", name: "shop", files: versions.before });
    github.setPermission("ann", "write", app);
    for (const branch of branches) await github.git(app).commit(branch, versions.ours);
    await github.git(app).commit("main", versions.theirs);
    errand = await supervise(github, directory, planFile, {
      ERRAND_SANDBOX: "bwrap",
      ERRAND_SANDBOX_DIR: sandboxDirectory,
    });
  }, timeoutMs);
  afterAll(async () => {
    await errand.close();
    await github.close();
    await rm(directory, { recursive: true, force: true });
    await rm(sandboxDirectory, { recursive: true, force: true });
  });

  it.each([
    ["a parent's tests", "in-parent", daemons.parent],
    ["the merged tree's tests", "in-merged", daemons.merged],
  ])(
    "ends once where the worker is killed during %s, and nothing of the dead worker is left",
    async (_, branch, daemon) => {
      const git = github.git(app);
      const before = await git.log(branch);
      const pull = await openAndAsk(branch);
      await until(() => alive(daemon).length > 0);
      const processes = alive(daemon);
      const worker = await errand.kill();
      await errand.until(() => errand.isUp());
      expect(processes.filter((id) => existsSync(`/proc/${id}`))).toEqual([]);
      expect(await leftOf(worker)).toEqual({ groups: "", scratch: [] });

      await errand.until(() => errand.ended(pull) !== null);
      const head = await git.head(branch);
      expect(errand.ended(pull)).toMatchObject({ ending: "pushed", commitSha: head });
      // The merge commit, and the base's own commit that it brings in.
      expect(await git.log(branch)).toHaveLength(before.length + 2);
      const comments = github.comments(pull).filter(({ user }) => user.login === github.bot.login);
      expect(comments).toHaveLength(1);
      expect(comments[0]?.body).toContain("proved by 2 tests");
      expect(github.checkRuns(app).filter(({ headSha }) => headSha === head)).toHaveLength(1);
      expect(Object.values(daemons).flatMap(alive)).toEqual([]);
      expect(github.violations).toEqual([]);
    },
    timeoutMs,
  );

  it(
    "ends at once where a person says stop, with nothing left",
    async () => {
      const head = await github.git(app).head("stopped");
      const pull = await openAndAsk("stopped");
      await until(() => alive(daemons.parent).length > 0);
      const { payload } = github.comment(pull, "ann", "/agent stop");
      await github.deliver("issue_comment", payload, { to: errand.webhookUrl() });
      await errand.until(() => errand.ended(pull) !== null);
      expect(Object.values(daemons).flatMap(alive)).toEqual([]);
      expect(await github.git(app).head("stopped")).toBe(head);
      expect(
        (await readdir(path.join(sandboxDirectory, "scratch"))).filter((name) => name.includes("-run-")),
      ).toEqual([]);
      expect(errand.ended(pull)).toMatchObject({ ending: "stopped" });
    },
    timeoutMs,
  );
});
