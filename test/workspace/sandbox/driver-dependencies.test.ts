// Installed dependencies in a run: filled by one, read-only for the next, and never a way to this machine's own files.
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sandbox, SandboxRequest } from "../../../src/core/sandbox.ts";
import {
  makeDirectory,
  megabyte,
  readySandbox,
  request,
  sandboxTest,
  settingsFor,
  treeOf,
} from "./driver-support.ts";

let sandbox: Sandbox;
let place: Awaited<ReturnType<typeof makeDirectory>>;
beforeAll(async () => {
  place = await makeDirectory();
  sandbox = await readySandbox(settingsFor(place.directory));
});
afterAll(async () => {
  await place.remove();
});

async function run(script: string, changes: Partial<SandboxRequest>) {
  return await sandbox.run(request(script, changes));
}

/** A folder that one run filled with a package, and the list of what is to be mounted. */
async function filled(list: readonly { from: string; to: string }[], script?: string): Promise<string> {
  const directory = await mkdtemp(join(place.directory, "cache-"));
  await chmod(directory, 0o755);
  const install =
    script ??
    "mkdir -p node_modules/p node_modules/.cache; echo code >node_modules/p/i; echo mod >/dependencies/m; cat a.txt";
  const result = await run(install, { cache: { directory, mode: "fill" }, returns: ["a.txt"] });
  expect(result.ended).toEqual({ kind: "exit", code: 0 });
  expect(result.returned.size).toBe(1);
  await writeFile(join(directory, "mounts.json"), JSON.stringify(list));
  return directory;
}

const modules = { from: "project/node_modules", to: "node_modules" };

describe("dependencies", () => {
  sandboxTest(
    "that one run installed are there for the next, read-only but for the tools' caches",
    async () => {
      const directory = await filled([modules, { ...modules, to: "packages/x/node_modules" }]);
      const tree = await treeOf({ "packages/x/f": "f", "node_modules/p/i": "committed", "a.txt": "a" });
      const script = [
        "cat node_modules/p/i packages/x/node_modules/p/i packages/x/f /dependencies/m",
        "echo x 2>/dev/null >node_modules/p/i || echo read-only",
        "touch /dependencies/n 2>/dev/null || echo read-only",
        "touch node_modules/.cache/t && touch f packages/x/g && echo fine",
      ].join("; ");
      const result = await run(script, { cache: { directory, mode: "use" }, tree });
      expect(result.stderr.text).toBe("");
      expect(result.stdout.text).toBe("code\ncode\nfmod\nread-only\nread-only\nfine\n");
      const again = await run("ls -A node_modules/.cache", { cache: { directory, mode: "use" } });
      expect(again.stdout.text).toBe("");
    },
  );

  sandboxTest(
    "of a folder that nobody filled for us are those that are named, and nothing more",
    async () => {
      const directory = await mkdtemp(join(place.directory, "clone-"));
      await chmod(directory, 0o755);
      await mkdir(join(directory, "node_modules/p"), { recursive: true });
      await mkdir(join(directory, "dependencies"));
      await writeFile(join(directory, "node_modules/p/i"), "code\n");
      await symlink("/root", join(directory, "elsewhere"));
      const use = (from: string) => {
        const cache = { directory, mode: "use", places: [{ from, to: "node_modules" }] } as const;
        return run("cat node_modules/p/i; ls -d /dependencies 2>/dev/null; touch node_modules/q", { cache });
      };
      const result = await use("node_modules");
      expect(result.stdout.text).toBe("code\n");
      expect(result.stderr.text).toContain("Read-only file system");
      await expect(use("elsewhere")).rejects.toThrow("is a link");
      await expect(use("../clone")).rejects.toThrow("outside of it");
    },
  );

  sandboxTest("that turned out to be links lead nowhere", async () => {
    const directory = await filled([modules]);
    await rename(join(directory, "project/node_modules"), join(directory, "project/real"));
    await symlink("/root", join(directory, "project/node_modules"));
    await expect(run("ls node_modules", { cache: { directory, mode: "use" } })).rejects.toThrow("is a link");
    await rm(join(directory, "project"), { recursive: true });
    await symlink("/", join(directory, "project"));
    await mkdir(join(directory, "root"));
    await expect(run("ls", { cache: { directory, mode: "use" } })).rejects.toThrow("cannot be used");
  });

  sandboxTest("with a list that leads outside, or with none, are refused", async () => {
    for (const list of [
      [{ from: "../x", to: "node_modules" }],
      [{ from: "project/node_modules", to: "../etc" }],
    ]) {
      const directory = await filled(list);
      await expect(run("ls", { cache: { directory, mode: "use" } })).rejects.toThrow("outside of it");
      await rm(join(directory, "mounts.json"));
      await expect(run("ls", { cache: { directory, mode: "use" } })).rejects.toThrow("not filled to its end");
    }
  });

  sandboxTest("that grow beyond the disk's limit end the install", async () => {
    const directory = await mkdtemp(join(place.directory, "cache-"));
    await chmod(directory, 0o755);
    const script = "n=0; while :; do n=$((n + 1)); head -c 4000000 /dev/zero >f$n; sleep 0.05; done";
    const limits = { diskBytes: 16 * megabyte };
    const result = await run(script, { cache: { directory, mode: "fill" }, limits });
    expect(result.ended).toEqual({ kind: "limit", limit: "disk" });
  });
});
