import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { Command } from "commander";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { addLedger } from "../../../src/cli/ledger-command.ts";
import { withLedger } from "../../../src/cli/ledger/open-ledger.ts";

/** What commander says to these arguments. */
async function said(...args: string[]): Promise<string> {
  let text = "";
  const write = (part: string): void => {
    text += part;
  };
  const program = new Command("errand").exitOverride().configureOutput({ writeOut: write, writeErr: write });
  addLedger(program);
  const each = (command: Command): void => {
    command.exitOverride().configureOutput({ writeOut: write, writeErr: write });
    command.commands.forEach(each);
  };
  each(program);
  await program.parseAsync(["ledger", ...args], { from: "user" }).catch(() => undefined);
  return text;
}

describe("errand ledger", () => {
  it.each(["stats", "export", "shadow", "promote", "purge"])(
    "%s shows examples and exit codes",
    async (name) => {
      const help = await said(name, "--help");
      expect(help).toContain(`  errand ledger ${name}`);
      expect(help).toMatch(/Exit status: 0 .*1 |Exit status: 0 also/s);
      expect(help).toContain("--json");
    },
  );

  it("says why model outputs are left out", async () => {
    expect(await said("export", "--help")).toMatch(/terms may forbid/);
  });

  it.each([
    [["stats", "--since", "soon"], "a number of days"],
    [["export", "--out", "x", "--holdout", "1"], "less than 1"],
    [["export"], "--out"],
    [["export", "--out", "x", "--slot", "other"], "pick, generate, consult"],
    [["shadow", "--model", "https://example.com"], "provider:model"],
    [["shadow", "--model", "openai:a", "--max", "0"], "from 1"],
    [["promote", "--model", "openai:a"], "--slot"],
    [["promote", "--model", "openai:a", "--slot", "pick", "--agent", "a: b"], "name of an agent"],
    [["purge", "--before", "-1"], "a number of days"],
  ])("refuses %j in words", async (args, words) => {
    expect(await said(...args)).toContain(words);
  });
});

describe("the ledger's store", () => {
  let directory: string;
  const replaced = jest.replaceProperty(process, "env", { ...process.env });
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "errand-ledger-"));
  });
  afterAll(async () => {
    replaced.restore();
    await rm(directory, { recursive: true, force: true });
  });

  it("is not made by looking at it", async () => {
    jest.replaceProperty(process, "env", { ERRAND_DATA_DIR: path.join(directory, "nothing") });
    await expect(withLedger(() => Promise.resolve(0))).rejects.toMatchObject({
      code: "store",
      message: expect.stringContaining("There is no ledger yet"),
    });
  });

  it("tells who has it and what to do while `errand start` runs", async () => {
    const { lockDirectory } = await import("../../../src/store/directory-lock.ts");
    const { mkdir } = await import("node:fs/promises");
    await mkdir(path.join(directory, "store"));
    const unlock = lockDirectory(path.join(directory, "store"));
    jest.replaceProperty(process, "env", { ERRAND_DATA_DIR: directory });
    await expect(withLedger(() => Promise.resolve(0))).rejects.toMatchObject({
      code: "store",
      message: expect.stringContaining("is in use"),
      remedy: expect.stringContaining("If `errand start` is running, stop it, run this command"),
    });
    unlock();
  });
});
