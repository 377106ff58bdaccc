// Rows of our own making, in a ledger in memory, and what the commands print of them.
import type { CallContents, Ledger, ModelCall } from "../../../src/core/ledger.ts";
import { definePrompt, renderPrompt } from "../../../src/core/prompt.ts";
import type { LedgerPorts } from "../../../src/cli/ledger/ports.ts";
import { createMemoryLedger } from "../../../src/model/memory-ledger.ts";

/** 2026-11-01. */
export const start = Date.UTC(2026, 10, 1);
export const small = "openai:small";
export const other = "anthropic:other";

let made = 0;

export function callOf(change: Partial<ModelCall> = {}): ModelCall {
  made++;
  return {
    id: `call-${String(made).padStart(5, "0")}`,
    runId: "run-1",
    installationId: 1,
    owner: "octo",
    repo: "app",
    number: 7,
    fromFork: false,
    agent: "conflict-resolver",
    slot: "generate",
    model: small,
    promptHash: "0123456789abcdef",
    subject: "src/a.ts#1",
    kind: "code",
    sample: 0,
    attempt: 1,
    at: start + made * 1_000,
    status: "answered",
    failure: null,
    usage: { inputTokens: 100, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 10 },
    priced: true,
    reservedMicros: 0,
    costMicros: 50,
    scopes: [],
    latencyMs: 200,
    gates: [],
    accepted: true,
    outcome: "accepted",
    outcomeAt: start,
    contents: null,
    ...change,
  };
}

const unbounded = { maxBytes: 10_000, maxLines: 500 };

const pickPrompt = definePrompt("test/pick", { system: "Choose.", user: "{{hunk}}\n{{options}}\n" });
const writePrompt = definePrompt("test/write", { system: "Write.", user: "{{hunk}}\n" });

/** Texts of a call that chooses among options, labelled A, B, … in the order given. */
export function pickTexts(hunk: string, options: readonly string[], answer: string): CallContents {
  const shown = options.map((text, place) => ({ text, label: "ABCDEF".charAt(place), ...unbounded }));
  const { prompt } = renderPrompt(pickPrompt, { hunk: { text: hunk, ...unbounded }, options: shown });
  return { system: prompt.system, user: prompt.user, answer, target: null, meaning: null };
}

export function writeTexts(hunk: string, written: string): CallContents {
  const { prompt } = renderPrompt(writePrompt, { hunk: { text: hunk, ...unbounded } });
  const answer = `\`\`\`\n${written}\`\`\``;
  return { system: prompt.system, user: prompt.user, answer, target: null, meaning: null };
}

/** As the product writes it: reserved, settled, noted. */
async function record(ledger: Ledger, call: ModelCall): Promise<void> {
  await ledger.reserveCall(call, []);
  const { status, failure, usage, costMicros, latencyMs, contents } = call;
  if (status !== "reserved")
    await ledger.settleCall(call.id, { status, failure, usage, costMicros, latencyMs, contents });
}

export interface Desk {
  readonly ports: LedgerPorts;
  readonly ledger: Ledger;
  /** What was printed and told, and forgets it. */
  readonly printed: () => string;
  readonly told: () => string;
}

export async function deskWith(calls: readonly ModelCall[], now = start + 30 * 86_400_000): Promise<Desk> {
  const ledger = createMemoryLedger();
  for (const call of calls) await record(ledger, call);
  let out = "";
  let err = "";
  const taken = (text: string, empty: () => void): string => {
    empty();
    return text;
  };
  return {
    ledger,
    ports: {
      ledger,
      now: () => now,
      print: (text) => {
        out += text;
      },
      tell: (text) => {
        err += text;
      },
    },
    printed: () =>
      taken(out, () => {
        out = "";
      }),
    told: () =>
      taken(err, () => {
        err = "";
      }),
  };
}
