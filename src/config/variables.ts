// Every environment variable: its rule, what it is for, an example. `.env.example` and docs/configuration.md are checked against this table.
import { createPrivateKey } from "node:crypto";
import { z } from "zod";
import { modelNotes, modelRules } from "./model-variables.ts";
import { sandboxNotes, sandboxRules } from "./sandbox-variables.ts";
import { parseSize } from "./sizes.ts";
import { integer, oneOf, text, variable } from "./variable-rules.ts";
import type { VariableNote } from "./variable-rules.ts";

/** PEM as it is, PEM with a literal \n for each line end (as .env files carry it), or either in base64. Gives PEM. */
function readPrivateKey(text: string): string | null {
  const candidates = [text, text.replaceAll("\\n", "\n"), Buffer.from(text, "base64").toString("utf8")];
  const pem = candidates.find((candidate) => {
    if (!candidate.includes("PRIVATE KEY-----")) return false;
    try {
      return createPrivateKey(candidate).asymmetricKeyType === "rsa";
    } catch {
      return false;
    }
  });
  return pem ?? null;
}

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

const parseUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);

/** https anywhere; http only to this machine (tests, the demo), since every request carries a token. */
function readApiUrl(text: string): string | null {
  const url = parseUrl(text);
  if (!url || `${url.search}${url.hash}${url.username}${url.password}` !== "") return null;
  const safe = url.protocol === "https:" || (url.protocol === "http:" && loopbackHosts.has(url.hostname));
  return safe ? url.href.replace(/\/$/, "") : null;
}

/** A host, with a port at most: no scheme, no path. */
function readHost(text: string): string | null {
  const url = parseUrl(`https://${text}`);
  return url?.host === text.toLowerCase() ? url.host : null;
}

const isUrlOf = (text: string, ...protocols: string[]): boolean => {
  const url = parseUrl(text);
  return url !== null && protocols.includes(url.protocol) && url.hostname !== "";
};

const folder = () => text("must be the path of a folder", (value) => !value.includes("\0"));

/** The rules. A variable that is absent or empty is `undefined`: defaults are in `readEnvironment`. */
export const rules = z.object({
  APP_ID: integer(1, Number.MAX_SAFE_INTEGER),
  PRIVATE_KEY: variable(
    "must be the app's RSA private key: PEM, PEM with \\n for line ends, or base64 of the PEM file",
    readPrivateKey,
  ),
  PRIVATE_KEY_PATH: text("must be the path of a PEM file", (value) => !value.includes("\0")),
  WEBHOOK_SECRET: text(
    "must have at least 8 characters: a short secret can be guessed",
    (value) => value.length >= 8,
  ),
  GHE_HOST: variable("must be a host name without https:// and without a path", readHost),
  GITHUB_API_URL: variable(
    "must be an https:// URL without user name or query (http:// only for localhost, 127.0.0.1 and [::1])",
    readApiUrl,
  ),
  GH_ORG: text("must be the name of a GitHub organisation", (value) => /^[a-z\d-]{1,39}$/i.test(value)),
  REDIS_URL: text("must be a redis:// or rediss:// URL", (value) => isUrlOf(value, "redis:", "rediss:")),
  DATABASE_URL: text("must be a postgres:// or postgresql:// URL", (value) =>
    isUrlOf(value, "postgres:", "postgresql:"),
  ),
  ERRAND_DATA_DIR: folder(),
  ERRAND_CACHE_DIR: folder(),
  ERRAND_CACHE_MAX_BYTES: variable(
    "must be a size of at least 10MB, such as 5GB, 512MiB or a number of bytes",
    (value) => {
      const bytes = parseSize(value);
      return bytes !== null && bytes >= 10e6 ? bytes : null;
    },
  ),
  ERRAND_CONCURRENCY: integer(1, 64),
  ERRAND_REPLAY: oneOf("on", "off"),
  PORT: integer(0, 65_535),
  HOST: text("must be a host name or an IP address to listen on", (value) =>
    /^[a-z\d.:[\]-]{1,253}$/i.test(value),
  ),
  LOG_LEVEL: oneOf("debug", "info", "warn", "error"),
  LOG_FORMAT: oneOf("pretty", "json"),
  ...modelRules,
  ...sandboxRules,
});

export type VariableName = keyof typeof rules.shape;

export const notes: Readonly<Record<VariableName, VariableNote>> = {
  APP_ID: { what: "The GitHub App's id, from its settings page.", example: "123456", default: null },
  PRIVATE_KEY: {
    what: "The app's private key: PEM with \\n for line ends, or base64 of the PEM file.",
    example: '"-----BEGIN RSA PRIVATE KEY-----\\n...\\n-----END RSA PRIVATE KEY-----\\n"',
    default: null,
  },
  PRIVATE_KEY_PATH: {
    what: "Path of the PEM file, in place of `PRIVATE_KEY`.",
    example: "/run/secrets/errand.pem",
    default: null,
  },
  WEBHOOK_SECRET: {
    what: "The app's webhook secret: every delivery is checked against it.",
    example: "a-long-random-text",
    default: null,
  },
  GHE_HOST: {
    what: "Host of a GitHub Enterprise Server; its API is then `https://HOST/api/v3`.",
    example: "github.example.com",
    default: "github.com",
  },
  GITHUB_API_URL: {
    what: "Base URL of GitHub's REST API, where it follows from neither github.com nor `GHE_HOST`; wins over `GHE_HOST`.",
    example: "https://api.example.ghe.com",
    default: "`https://api.github.com`",
  },
  GH_ORG: {
    what: "Set-up only: the organisation that is to own the new app.",
    example: "my-organisation",
    default: "your own account",
  },
  REDIS_URL: {
    what: "Redis as queue and store; wins over `DATABASE_URL`. Needs `maxmemory-policy noeviction`.",
    example: "redis://localhost:6379",
    default: null,
  },
  DATABASE_URL: {
    what: "Postgres as queue and store. With neither, an embedded database in `ERRAND_DATA_DIR` serves one process.",
    example: "postgres://errand:secret@localhost:5432/errand",
    default: null,
  },
  ERRAND_DATA_DIR: {
    what: "Folder of the embedded database.",
    example: "/var/lib/errand",
    default: "`.data`",
  },
  ERRAND_CACHE_DIR: {
    what: "Folder of the repository mirrors; may be deleted at any time while nothing runs.",
    example: "/var/cache/errand",
    default: "`cache` in `ERRAND_DATA_DIR`",
  },
  ERRAND_CACHE_MAX_BYTES: {
    what: "How large the mirrors may grow before the least recently used go: `5GB`, `512MiB`, a number of bytes.",
    example: "5GB",
    default: "`10GB`",
  },
  ERRAND_CONCURRENCY: {
    what: "Pull requests that one worker serves at a time, 1 to 64.",
    example: "4",
    default: "`2`",
  },
  ERRAND_REPLAY: {
    what: "Whether a worker with nothing else to do learns from each repository's own past merges: `on` or `off`.",
    example: "off",
    default: "`on`",
  },
  PORT: { what: "Port to listen on; 0 takes any free one.", example: "8080", default: "`3000`" },
  HOST: {
    what: "Address to listen on. `0.0.0.0` is every interface: behind a proxy that speaks TLS.",
    example: "0.0.0.0",
    default: "`127.0.0.1`",
  },
  LOG_LEVEL: { what: "debug, info, warn or error.", example: "debug", default: "`info`" },
  LOG_FORMAT: {
    what: "pretty (for people) or json (one object a line).",
    example: "json",
    default: "`pretty`",
  },
  ...modelNotes,
  ...sandboxNotes,
};

export const variableNames = Object.keys(notes) as VariableName[];
