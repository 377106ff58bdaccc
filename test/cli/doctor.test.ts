import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { examine } from "../../src/cli/doctor.ts";
import { requiredEvents, requiredPermissions } from "../../src/github/check-app.ts";
import { startFakeGitHub } from "../support/fake-github.ts";
import type { FakeGitHub } from "../support/fake-github.ts";
import { embeddedDataDir } from "../support/servers.ts";

let directory: string;
let github: FakeGitHub;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "errand-doctor-"));
  github = await startFakeGitHub();
});
afterAll(async () => {
  await github.close();
  await rm(directory, { recursive: true, force: true });
});

const variables = (change: Readonly<Record<string, string>> = {}) => ({
  PATH: process.env["PATH"],
  APP_ID: String(github.app.id),
  PRIVATE_KEY: github.app.privateKey,
  WEBHOOK_SECRET: github.app.webhookSecret,
  GITHUB_API_URL: github.url,
  ERRAND_DATA_DIR: directory,
  ...change,
});

const look = (given: Parameters<typeof examine>[0]) =>
  examine(given, { models: true, sandbox: false, tell: () => undefined });

const named = async (change: Readonly<Record<string, string>>, check: string) =>
  (await look(variables(change))).find((finding) => finding.check === check);

describe("errand doctor", () => {
  it("finds nothing wrong where everything is there", async () => {
    const findings = await look(variables({ ERRAND_DATA_DIR: await embeddedDataDir() }));
    const rest = findings.filter(({ result }) => result !== "ok");
    expect(rest.map(({ check, detail }) => [check, detail])).toEqual([
      ["sandbox", "--no-sandbox says to leave it out"],
    ]);
    expect(findings.map(({ check }) => check)).toEqual([
      "node",
      "environment",
      "git",
      "data directory",
      "mirror cache",
      "sandbox",
      "store",
      "models",
      "app credentials",
    ]);
  });

  it("names a bad variable, and looks no further", async () => {
    const findings = await look(variables({ APP_ID: "seven" }));
    expect(findings[1]).toMatchObject({
      check: "environment",
      result: "problem",
      detail: expect.stringContaining("APP_ID"),
    });
    expect(findings.slice(2).every(({ result }) => result === "skipped")).toBe(true);
  });

  it("says which permission the app lacks", async () => {
    const poor = await startFakeGitHub({ permissions: { contents: "read", metadata: "read" } });
    const finding = await named(
      { GITHUB_API_URL: poor.url, PRIVATE_KEY: poor.app.privateKey, REDIS_URL: "redis://127.0.0.1:1" },
      "app credentials",
    );
    expect(finding).toMatchObject({
      result: "problem",
      detail: expect.stringContaining("permission contents: write"),
    });
    expect(finding?.remedy).toContain("settings page");
    await poor.close();
  });

  it("says so when the store cannot be reached", async () => {
    const finding = await named({ REDIS_URL: "redis://127.0.0.1:1" }, "store");
    expect(finding).toMatchObject({ result: "problem", remedy: expect.stringMatching(/\w/) });
  });

  it("says so when the data directory cannot be made", async () => {
    const file = path.join(directory, "a-file");
    await writeFile(file, "");
    const finding = await named(
      { ERRAND_DATA_DIR: path.join(file, "below"), REDIS_URL: "redis://127.0.0.1:1" },
      "data directory",
    );
    expect(finding).toMatchObject({ result: "problem", remedy: expect.stringContaining("ERRAND_DATA_DIR") });
  });

  it("skips the credentials where the app is not made yet", async () => {
    const { APP_ID, PRIVATE_KEY, WEBHOOK_SECRET, ...without } = variables({
      REDIS_URL: "redis://127.0.0.1:1",
    });
    expect([APP_ID, PRIVATE_KEY, WEBHOOK_SECRET].every(Boolean)).toBe(true);
    const findings = await look(without);
    expect(findings.find(({ check }) => check === "app credentials")).toMatchObject({ result: "skipped" });
  });
});

describe("what the doctor asks of the app", () => {
  it("is what app.yml asks for", async () => {
    const manifest = parse(await readFile(path.resolve(import.meta.dirname, "../../app.yml"), "utf8")) as {
      default_permissions: Record<string, string>;
      default_events: string[];
    };
    const { workflows, ...permissions } = manifest.default_permissions;
    expect(["write", undefined]).toContain(workflows);
    expect(permissions).toEqual(requiredPermissions);
    expect(manifest.default_events.toSorted()).toEqual([...requiredEvents].sort());
  });
});
