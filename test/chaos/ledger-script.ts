// What workers of the ledger's tests are told of models, and what their server does to them: the same for the same request, however workers are interleaved.
import { createHash } from "node:crypto";
import type { ModelSettings } from "../../src/core/model-settings.ts";
import { keepBoth } from "../../src/scripted/keep-both.ts";
import type { ScriptedReply, ScriptedRequest, ScriptedServer } from "../../src/scripted/server.ts";

const plenty = 1_000_000_000;

export const settingsFor = (server: ScriptedServer, name: string, day = plenty): ModelSettings => ({
  allowed: ["openai:small@here", "openai:spare@here", "anthropic:large@here"],
  roles: { small: ["openai:small@here", "openai:spare@here"], large: ["anthropic:large@here"] },
  keys: { openai: null, anthropic: null },
  endpoints: { here: { url: server.openaiUrl, key: name } },
  // A dollar for a million tokens: a token is a micro-dollar.
  prices: { "@here": { input: 1, output: 1 } },
  allowUnpriced: false,
  budget: { run: plenty, pull: plenty, day, installation: plenty },
  ledgerDays: { rows: 400, contents: 30 },
});

const mine = /^(?:Pick|Write|Advise)\./;

/**
 * 0 to 99 by the request's place among those of its life, so that how lives are interleaved does not matter. Questions go round in steps of 7: 15 of them meet
 * every trouble and every useless answer below, and one trouble upon another, until a model is given up. Screening goes in steps of 37, never twice into trouble.
 */
export function drawn({ system }: ScriptedRequest, life: string, asked: number): number {
  const start = createHash("sha256").update(life).digest().readUInt16BE();
  return (start + asked * (mine.test(system) ? 7 : 37)) % 100;
}

export type Trouble = "rate limited" | "overloaded" | "server error" | "unreachable";

export const troubles: Readonly<Record<Trouble, ScriptedReply>> = {
  "rate limited": { kind: "status", status: 429, retryAfterSeconds: 0 },
  overloaded: { kind: "status", status: 529, retryAfterSeconds: 0 },
  "server error": { kind: "status", status: 500 },
  unreachable: { kind: "drop" },
};

export function troubleOf(draw: number): Trouble | null {
  if (draw < 8) return "rate limited";
  if (draw < 16) return "overloaded";
  if (draw < 24) return "server error";
  return draw < 32 ? "unreachable" : null;
}

type Said = Extract<ScriptedReply, { kind: "text" }>;

/** What a model says: most of it right, some of it of no use, which is paid for all the same. While it is screened, all of it right. */
export async function said(request: ScriptedRequest, draw: number): Promise<Said> {
  if (!mine.test(request.system)) return kept(request);
  if (draw >= 92) return { kind: "text", text: "no such label" };
  if (draw >= 84) return { kind: "text", text: "" };
  if (draw >= 76) return { kind: "text", text: "half an ans", stop: "length" };
  if (draw >= 68) return { kind: "text", text: "I cannot.", stop: "refusal" };
  if (request.system.startsWith("Write.")) return { kind: "text", text: "```\na b c\n```\n" };
  return kept(request);
}

async function kept(request: ScriptedRequest): Promise<Said> {
  const reply = await keepBoth(request);
  if (reply.kind !== "text") throw new Error("keepBoth always says something");
  return reply;
}
