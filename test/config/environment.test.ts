// The environment: what is read, what is refused and how it is said, and that the documents tell of every variable.
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readEnvFile, updateEnvFile } from "../../src/config/env-file.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import type { Variables } from "../../src/config/read-variables.ts";
import { readModelSettings } from "../../src/config/model-settings.ts";
import { processVariables } from "../../src/config/process-environment.ts";
import { parseSize } from "../../src/config/sizes.ts";
import { notes, variableNames } from "../../src/config/variables.ts";
import { AppError } from "../../src/core/errors.ts";

const pem = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString()
  .trim();
const credentials = { APP_ID: "42", PRIVATE_KEY: pem, WEBHOOK_SECRET: "hunter2hunter2" };
const folder = () => mkdtempSync(path.join(os.tmpdir(), "errand-environment-"));

function failureOf(variables: Variables): AppError {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("readEnvironment", () => {
  it("needs nothing at all: defaults, and no app yet", () => {
    expect(readEnvironment({})).toEqual({
      app: null,
      github: { apiUrl: "https://api.github.com", webUrl: "https://github.com", organisation: null },
      store: { kind: "embedded", directory: path.resolve(".data") },
      dataDirectory: path.resolve(".data"),
      cache: { directory: path.resolve(".data/cache"), maxBytes: 10e9 },
      concurrency: 2,
      replay: true,
      listen: { host: "127.0.0.1", port: 3000 },
      log: { level: "info", format: "pretty" },
      models: readModelSettings({}),
      sandbox: readEnvironment({}).sandbox,
      warnings: [],
    });
  });

  it("takes empty and blank as not set", () => {
    const blank = Object.fromEntries(variableNames.map((name, at) => [name, at % 2 ? "" : "  "]));
    expect(readEnvironment(blank)).toEqual(readEnvironment({}));
  });

  it.each([
    ["PEM", pem],
    ["PEM with \\n", pem.replaceAll("\n", "\\n")],
    ["base64 of PEM", Buffer.from(pem).toString("base64")],
  ])("reads a private key given as %s", (_, text) => {
    expect(readEnvironment({ ...credentials, PRIVATE_KEY: text }).app).toEqual({
      id: 42,
      privateKey: pem,
      webhookSecret: "hunter2hunter2",
    });
  });

  it("reads a private key from a file", () => {
    const file = path.join(folder(), "key.pem");
    writeFileSync(file, `${pem}\n`);
    const rest = { ...credentials, PRIVATE_KEY: undefined };
    expect(readEnvironment({ ...rest, PRIVATE_KEY_PATH: file }).app?.privateKey).toBe(pem);
    writeFileSync(file, "no key");
    expect(failureOf({ ...rest, PRIVATE_KEY_PATH: file }).message).toContain(
      "PRIVATE_KEY_PATH: names a file that holds no",
    );
    expect(failureOf({ ...rest, PRIVATE_KEY_PATH: `${file}.gone` }).message).toContain("cannot be read");
  });

  it.each([
    [{}, "https://api.github.com", "https://github.com"],
    [{ GHE_HOST: "github.example.com" }, "https://github.example.com/api/v3", "https://github.example.com"],
    [{ GHE_HOST: "localhost:8443" }, "https://localhost:8443/api/v3", "https://localhost:8443"],
    [{ GITHUB_API_URL: "https://api.acme.ghe.com/" }, "https://api.acme.ghe.com", "https://acme.ghe.com"],
    [{ GITHUB_API_URL: "http://127.0.0.1:4000" }, "http://127.0.0.1:4000", "http://127.0.0.1:4000"],
    [{ GITHUB_API_URL: "http://[::1]:4000/api/v3" }, "http://[::1]:4000/api/v3", "http://[::1]:4000"],
  ])("finds GitHub for %j", (variables, apiUrl, webUrl) => {
    expect(readEnvironment(variables).github).toMatchObject({ apiUrl, webUrl });
  });

  it("prefers Redis to Postgres to the embedded store", () => {
    const DATABASE_URL = "postgres://localhost/errand";
    const REDIS_URL = "rediss://:password@redis:6379/1";
    expect(readEnvironment({ DATABASE_URL, REDIS_URL }).store).toEqual({ kind: "redis", url: REDIS_URL });
    expect(readEnvironment({ DATABASE_URL }).store).toEqual({ kind: "postgres", url: DATABASE_URL });
    expect(readEnvironment({ ERRAND_DATA_DIR: "/data" })).toMatchObject({
      store: { kind: "embedded", directory: "/data" },
      cache: { directory: "/data/cache" },
    });
  });

  const wrong: [string, string][] = [
    ["APP_ID", "errand"],
    ["APP_ID", "0"],
    ["PRIVATE_KEY", "SECRETVALUE"],
    ["PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\nSECRETVALUE\n-----END PRIVATE KEY-----"],
    ["WEBHOOK_SECRET", "SECRET!"],
    ["GHE_HOST", "https://SECRETVALUE.example.com"],
    ["GHE_HOST", "example.com/SECRETVALUE"],
    ["GITHUB_API_URL", "http://SECRETVALUE.example.com"],
    ["GITHUB_API_URL", "http://127.0.0.1.SECRETVALUE.com"],
    ["GITHUB_API_URL", "https://SECRETVALUE@api.example.com"],
    ["GITHUB_API_URL", "https://api.example.com/?token=SECRETVALUE"],
    ["GITHUB_API_URL", "ftp://SECRETVALUE"],
    ["GH_ORG", "a/SECRETVALUE"],
    ["REDIS_URL", "http://SECRETVALUE@redis"],
    ["REDIS_URL", "redis:6379"],
    ["DATABASE_URL", "mysql://u:SECRETVALUE@host/db"],
    ["ERRAND_CACHE_MAX_BYTES", "5 SECRETVALUE"],
    ["ERRAND_CACHE_MAX_BYTES", "1MB"],
    ["ERRAND_CONCURRENCY", "0"],
    ["ERRAND_CONCURRENCY", "65"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "3000;SECRETVALUE"],
    ["HOST", "a b"],
    ["LOG_LEVEL", "SECRETVALUE"],
    ["LOG_FORMAT", "xml"],
  ];

  it.each(wrong)("refuses %s=%j: names it, gives an example, and never repeats the value", (name, value) => {
    const error = failureOf({ ...credentials, [name]: value });
    expect(error).toMatchObject({ code: "config", retryable: false });
    expect(error.message).toContain(`a problem:\n  ${name}: must`);
    expect(error.message).toContain(`example: ${name}=`);
    expect(error.message + error.remedy).not.toContain("SECRET!");
    expect(error.message + error.remedy).not.toMatch(/SECRETVALUE/i);
  });

  it("tells everything that is wrong at once, and what is missing beside it", () => {
    const { message } = failureOf({ APP_ID: "x", PORT: "x", LOG_LEVEL: "x" });
    expect(message.split("\n").map((line) => line.trim().split(":")[0])).toEqual([
      "The environment has 5 problems",
      "APP_ID",
      "PORT",
      "LOG_LEVEL",
      "PRIVATE_KEY",
      "WEBHOOK_SECRET",
    ]);
  });

  it("has an example for every variable that the rules accept", () => {
    for (const name of variableNames.filter((known) => !known.startsWith("PRIVATE_KEY"))) {
      const { ERRAND_ENDPOINTS } = notes;
      const variables = { ...credentials, ERRAND_ENDPOINTS: ERRAND_ENDPOINTS.example };
      expect(() => readEnvironment({ ...variables, [name]: notes[name].example })).not.toThrow();
    }
  });

  it("warns of an ERRAND_ variable that is none, with the one that was meant", () => {
    expect(readEnvironment({ ERRAND_CONCURENCY: "4" }).warnings).toEqual([
      "ERRAND_CONCURENCY is not a variable of Errand; was ERRAND_CONCURRENCY meant?",
    ]);
  });
});

describe("sizes", () => {
  it.each([
    ["0", 0],
    ["1000000", 1e6],
    ["5GB", 5e9],
    ["5gib", 5 * 2 ** 30],
    ["1.5 MB", 1.5e6],
    ["512 MiB", 512 * 2 ** 20],
    ["5 G", null],
    ["GB", null],
    ["-1", null],
    ["1e9", null],
    ["999999999999999TB", null],
    ["", null],
  ])("reads %j as %s bytes", (text, bytes) => {
    expect(parseSize(text)).toBe(text === "" ? null : bytes);
  });
});

describe("the .env file", () => {
  it("lies below the process's own variables, and need not be there", () => {
    const directory = folder();
    expect(processVariables(directory)["PATH"]).toBe(process.env["PATH"]);
    writeFileSync(path.join(directory, ".env"), "PATH=nowhere\nERRAND_FROM_FILE='yes'\n");
    expect(processVariables(directory)).toMatchObject({ PATH: process.env["PATH"], ERRAND_FROM_FILE: "yes" });
  });

  it("keeps what it does not change, and is for its owner alone", () => {
    const file = path.join(folder(), ".env");
    writeFileSync(file, "# mine\nPORT=8080\nAPP_ID=1\nexport WEBHOOK_SECRET=old\n\n");
    updateEnvFile(file, { ...credentials });
    expect(readEnvFile(file)).toEqual({ PORT: "8080", ...credentials });
    expect(readFileSync(file, "utf8")).toContain("# mine\nPORT=8080\n");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("gives back every value that was written", () => {
    const file = path.join(folder(), ".env");
    // A backslash before an n inside double quotes is a line end to Node's parser; no credential holds one.
    const value = fc
      .string({ unit: "grapheme-ascii" })
      .filter((text) => !/["'\\]/.test(text) && text.trim() === text);
    fc.assert(
      fc.property(value, value, (one, two) => {
        updateEnvFile(file, { ONE: one, TWO: `${two}\nend` });
        expect(readEnvFile(file)).toEqual({ ONE: one, TWO: `${two}\nend` });
      }),
      { numRuns: 200 },
    );
  });

  it("that cannot be read is an error with a remedy", () => {
    const directory = folder();
    expect(() => readEnvFile(directory)).toThrow(AppError);
  });
});

describe("the documents", () => {
  it(".env.example names every variable and no other", () => {
    const named = readFileSync(".env.example", "utf8").matchAll(/^#?([A-Z_]+)=/gm);
    expect([...named].map(([, name]) => name).sort()).toEqual([...variableNames].sort());
  });

  it(".env.example sets nothing, as it comes", () => {
    const file = path.resolve(".env.example");
    expect(readEnvironment(readEnvFile(file))).toEqual(readEnvironment({}));
  });

  it("docs/configuration.md has the table that the rules make", () => {
    const rows = variableNames.map((name) => {
      const { what, default: fallback } = notes[name];
      return `| \`${name}\` | ${what} | ${fallback ?? "–"} |`;
    });
    const cells = (text: string) => text.split("\n").map((row) => row.replaceAll(/ +/g, " ").trim());
    expect(cells(readFileSync("docs/configuration.md", "utf8"))).toEqual(expect.arrayContaining(rows));
  });
});
