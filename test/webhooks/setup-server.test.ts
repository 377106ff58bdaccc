// Set-up mode over real HTTP: the page, and the way from GitHub's code to .env.
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { readEnvFile } from "../../src/config/env-file.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { exportVariables, processVariables } from "../../src/config/process-environment.ts";
import { startSetupServer } from "../../src/webhooks/setup-server.ts";

const pem = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs1", format: "pem" })
  .toString();

const closers: (() => Promise<void> | void)[] = [];
const names = [
  "NO_SMEE_SETUP",
  "WEBHOOK_PROXY_URL",
  "PROJECT_DOMAIN",
  "GHE_HOST",
  "GHE_PROTOCOL",
  "GH_ORG",
  "NODE_ENV",
];
let before: Record<string, string | undefined>;
beforeEach(() => {
  before = Object.fromEntries(names.map((name) => [name, processVariables()[name]]));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  exportVariables(before);
});

/** Listens on a free port, and tells which. */
async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(
    () =>
      new Promise<void>(
        (resolve) =>
          void server.close(() => {
            resolve();
          }),
      ),
  );
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await closers.pop()?.();
  return port;
}

/** A GitHub that turns one code into an app. */
async function fakeGitHub(): Promise<{ host: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
    const found = request.url === "/api/v3/app-manifests/the-code/conversions";
    response.writeHead(found ? 201 : 404, { "content-type": "application/json" });
    const app = {
      id: 4711,
      client_id: "Iv1.x",
      client_secret: "oauth-secret",
      webhook_secret: "0123456789abcdef",
      pem,
      html_url: "https://github.test/apps/errand",
    };
    response.end(JSON.stringify(found ? app : { message: "Not Found" }));
  });
  return { host: `127.0.0.1:${await listen(server)}`, asked };
}

async function setUp(github: { host: string; scheme?: string; organisation?: string }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "errand-setup-"));
  const envFile = path.join(folder, ".env");
  const webUrl = `${github.scheme ?? "http"}://${github.host}`;
  const logged: string[] = [];
  const write = (fields: Record<string, unknown>, message: string): void => {
    logged.push(JSON.stringify({ message, ...fields }));
  };
  const server = await startSetupServer({
    environment: {
      github: { apiUrl: `${webUrl}/api/v3`, webUrl, organisation: github.organisation ?? null },
      listen: { host: "127.0.0.1", port: await freePort() },
    },
    log: { debug: write, info: write, warn: write, error: write },
    envFile,
  });
  closers.push(() => server.close());
  return { url: server.url, envFile, logged };
}

describe("the set-up page", () => {
  it("is where / leads, and asks GitHub for exactly what app.yml says", async () => {
    const { url } = await setUp({ host: "github.com", scheme: "https", organisation: "acme" });
    const root = await fetch(url, { redirect: "manual" });
    expect([root.status, root.headers.get("location")]).toEqual([302, "/probot"]);

    const html = await (await fetch(`${url}/probot`)).text();
    expect(html).toContain('action="https://github.com/organizations/acme/settings/apps/new"');
    const manifest = /name="manifest" id="manifest" value='([^']*)'/.exec(html)?.[1] ?? "";
    expect(JSON.parse(manifest)).toMatchObject({
      ...(parse(readFileSync("app.yml", "utf8")) as Record<string, unknown>),
      redirect_url: `${url}/probot/setup`,
    });
  });

  it("warns while app.yml names the example host", async () => {
    const { logged } = await setUp({ host: "github.com", scheme: "https" });
    expect(logged.join("\n")).toContain("hook_attributes.url");
  });

  it("trades GitHub's code for the credentials, and stores what the next start reads", async () => {
    const github = await fakeGitHub();
    const { url, envFile, logged } = await setUp(github);
    const back = await fetch(`${url}/probot/setup?code=the-code`, { redirect: "manual" });
    expect([back.status, back.headers.get("location")]).toEqual([
      302,
      "https://github.test/apps/errand/installations/new",
    ]);
    expect(github.asked).toEqual(["POST /api/v3/app-manifests/the-code/conversions"]);

    expect(readEnvironment(readEnvFile(envFile)).app).toEqual({
      id: 4711,
      privateKey: pem.trim(),
      webhookSecret: "0123456789abcdef",
    });
    expect(statSync(envFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(envFile, "utf8")).not.toContain("oauth-secret");
    expect(logged.join("\n")).toContain("credentials are stored");
    expect(logged.join("\n")).not.toMatch(/0123456789abcdef|PRIVATE KEY/);
  });

  it("sets the credentials once: nobody replaces them through the page", async () => {
    const github = await fakeGitHub();
    const { url, envFile } = await setUp(github);
    await fetch(`${url}/probot/setup?code=the-code`, { redirect: "manual" });
    const body = JSON.stringify({ appId: "666", pem, webhook_secret: "somebody-else" });
    const response = await fetch(`${url}/probot/import`, { method: "POST", body });
    expect(response.status).toBe(500);
    expect(readEnvFile(envFile)["APP_ID"]).toBe("4711");
  });

  it("does not open in production", async () => {
    exportVariables({ NODE_ENV: "production" });
    await expect(setUp({ host: "github.com", scheme: "https" })).rejects.toMatchObject({
      code: "config",
      remedy: expect.stringContaining("APP_ID") as unknown,
    });
  });
});
