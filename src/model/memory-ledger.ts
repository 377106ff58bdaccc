// A ledger in memory, for one process and as long as that lives: the command line and benchmarks. The contract of core/ledger.ts in full.
import {
  byTime,
  countOutcomes,
  lostCall,
  notedCall,
  reservedCall,
  settledCall,
} from "../core/call-changes.ts";
import type { CallQuery, Ledger, ModelCall, SpendScope } from "../core/ledger.ts";

interface Memory {
  readonly calls: Map<string, ModelCall>;
  readonly sums: Map<string, number>;
  readonly capabilities: Map<string, { readonly text: string; readonly expiresAt: number }>;
}

interface Names {
  readonly owner: string;
  readonly repo: string;
}

/** GitHub's names ignore case. */
const sameRepository = (one: Names, other: Names): boolean =>
  `${one.owner}/${one.repo}`.toLowerCase() === `${other.owner}/${other.repo}`.toLowerCase();

function isWanted(call: ModelCall, { runId, repository, since }: CallQuery): boolean {
  if (runId !== undefined && call.runId !== runId) return false;
  if (since !== undefined && call.at < since) return false;
  if (repository === undefined) return true;
  const { number = call.number } = repository;
  return call.number === number && sameRepository(call, repository);
}

function add(sums: Map<string, number>, keys: readonly string[], micros: number): void {
  for (const key of keys) sums.set(key, (sums.get(key) ?? 0) + micros);
}

function reserve(
  { calls, sums }: Memory,
  call: ModelCall,
  scopes: readonly SpendScope[],
): Awaited<ReturnType<Ledger["reserveCall"]>> {
  if (calls.has(call.id)) return { granted: true };
  for (const scope of scopes) {
    const spentMicros = sums.get(scope.key) ?? 0;
    if (spentMicros + call.reservedMicros > scope.limitMicros) return { granted: false, scope, spentMicros };
  }
  const row = structuredClone(reservedCall(call, scopes));
  add(sums, row.scopes, row.reservedMicros);
  calls.set(row.id, row);
  return { granted: true };
}

/** Replaces every call of which `change` makes another. Returns how many. */
function replace(
  { calls }: Memory,
  which: Iterable<ModelCall>,
  change: (call: ModelCall) => ModelCall | null,
): number {
  let replaced = 0;
  for (const call of which) {
    const after = change(call);
    if (after === null) continue;
    calls.set(call.id, structuredClone(after));
    replaced++;
  }
  return replaced;
}

function list({ calls }: Memory, query: CallQuery): readonly ModelCall[] {
  const last = query.after === undefined ? undefined : calls.get(query.after);
  const found = [...calls.values()]
    .filter((call) => isWanted(call, query) && (last === undefined || byTime(last, call) < 0))
    .sort(byTime);
  return structuredClone(found.slice(0, Math.max(0, query.limit)));
}

function purge(memory: Memory, before: number, what: "contents" | "rows"): number {
  const { calls } = memory;
  const old = [...calls.values()].filter(({ at }) => at < before);
  if (what === "rows") {
    for (const { id } of old) calls.delete(id);
    return old.length;
  }
  const forgets = (call: ModelCall) => (call.contents === null ? null : { ...call, contents: null });
  return replace(memory, old, forgets);
}

/** Nothing outlives the process; sums are kept until then, whatever their `expiresAt`. */
export function createMemoryLedger(): Ledger {
  const memory: Memory = { calls: new Map(), sums: new Map(), capabilities: new Map() };
  const { calls, sums, capabilities } = memory;
  return {
    reserveCall: (call, scopes) => Promise.resolve(reserve(memory, call, scopes)),
    settleCall: (id, settled) => {
      const call = calls.get(id);
      const after = call && settledCall(call, settled);
      if (!after) return Promise.resolve(false);
      calls.set(id, structuredClone(after));
      add(sums, after.scopes, after.costMicros - after.reservedMicros);
      return Promise.resolve(true);
    },
    noteCalls: (ids, note) => {
      const known = ids.flatMap((id) => calls.get(id) ?? []);
      replace(memory, known, (call) => notedCall(call, note));
      return Promise.resolve();
    },
    listCalls: (query) => Promise.resolve(list(memory, query)),
    spent: (keys) => Promise.resolve(keys.map((key) => sums.get(key) ?? 0)),
    giveUpCalls: (before) =>
      Promise.resolve(replace(memory, [...calls.values()], (call) => lostCall(call, before))),
    outcomeCounts: (repository) =>
      Promise.resolve(countOutcomes([...calls.values()].filter((call) => sameRepository(call, repository)))),
    purgeCalls: (before, what) => Promise.resolve(purge(memory, before, what)),
    loadCapabilities: (model) => {
      const found = capabilities.get(model);
      return Promise.resolve(found && found.expiresAt > Date.now() ? found.text : null);
    },
    saveCapabilities: (model, text, expiresAt) => {
      capabilities.set(model, { text, expiresAt });
      return Promise.resolve();
    },
  };
}
