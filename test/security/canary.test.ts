// After whole runs, no token, key or secret is anywhere but in memory: not on disk, not in a log line, not where people read.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { startWorld } from "../e2e/harness.ts";
import type { World } from "../e2e/harness.ts";
import { open, openConflict, settled } from "../e2e/scenarios.ts";
import { z } from "zod";

/** Whole runs on a machine that is busy with other things: the default is for one idle. */
jest.setTimeout(120_000);

let world: World;
const tokens: string[] = [];

const Issued = z.object({ token: z.string() });
/** The whole of `fetch` is watched for tokens, because nothing else may know them. */
const realFetch = globalThis.fetch;

beforeAll(async () => {
  globalThis.fetch = async (input, init) => {
    const response = await realFetch(input, init);
    const url = input instanceof Request ? input.url : String(input);
    if (url.endsWith("/access_tokens") && response.ok)
      tokens.push(Issued.parse(await response.clone().json()).token);
    return response;
  };
  world = await startWorld();
  const { github } = world;
  const pushed = await openConflict(world, settled);
  const left = await openConflict(world, open);
  await world.ask(pushed.pull, "ann", "/agent fix-conflicts");
  // Every kind of failure in which a careless program shows what it sent.
  github.fault({ method: "POST", path: "*/git/trees", status: 401 });
  github.fault({ method: "POST", path: "*/git-upload-pack", status: 403 });
  await world.ask(left.pull, "ann", "/agent fix-conflicts");
  const unlucky = await openConflict(world, settled);
  github.fault({ method: "POST", path: "*/git-upload-pack", status: 401, times: 9 });
  await world.ask(unlucky.pull, "ann", "/agent fix-conflicts");
}, 60_000);
afterAll(async () => {
  globalThis.fetch = realFetch;
  await world.close();
});

/** A secret in the forms in which it can be stored or sent by accident. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Base64 of a longer text: the secret may begin at any of three places in a group.
  const shifted = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .slice(offset === 0 ? 0 : 4, -4),
  );
  return [
    secret,
    bytes.toString("hex"),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...shifted,
  ];
}

function secrets(): string[] {
  const { privateKey, webhookSecret } = world.github.app;
  const keyLines = privateKey.split("\n").filter((line) => line.length >= 40 && !line.startsWith("-----"));
  return [...tokens, webhookSecret, privateKey, ...keyLines];
}

const hitsIn = (text: string | Buffer): string[] =>
  secrets().filter((secret) => formsOf(secret).some((form) => text.includes(form)));

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

describe("tokens, the private key and the webhook secret", () => {
  it("were there to be found: tokens were issued, and disk, log and comments were written", async () => {
    expect(tokens.length).toBeGreaterThan(3);
    expect((await filesBelow(world.directory)).length).toBeGreaterThan(20);
    expect(world.lines.length).toBeGreaterThan(20);
    expect(hitsIn(`prefix${Buffer.from(`x-access-token:${tokens[0] ?? ""}`).toString("base64")}`)).toEqual([
      tokens[0],
    ]);
  });

  it("are in no file: store, mirrors, lock files", async () => {
    for (const file of await filesBelow(world.directory)) {
      expect([file, hitsIn(await readFile(file))]).toEqual([file, []]);
    }
  }, 60_000);

  it("are in no log line", () => {
    expect(hitsIn(JSON.stringify(world.lines))).toEqual([]);
  });

  it("are in nothing that was sent to GitHub to be read", () => {
    const bodies = world.github.requests.filter(({ method }) => method !== "GET").map(({ body }) => body);
    expect(hitsIn(JSON.stringify(bodies))).toEqual([]);
    expect(
      world.github.requests.filter(({ query, path: where }) => hitsIn(query + where).length > 0),
    ).toEqual([]);
  });
});
