// What the ledger's commands are handed: a test passes its own.
import type { Ledger, ModelCall } from "../../core/ledger.ts";

export interface LedgerPorts {
  readonly ledger: Ledger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Results: standard output. */
  readonly print: (text: string) => void;
  /** Progress, and what else a person should know: standard error. */
  readonly tell: (text: string) => void;
}

export const dayMs = 86_400_000;

/** Rows of one read of the store. */
const pageRows = 500;

/** Every call begun at or after `since` (milliseconds since 1970), oldest first, read page by page. */
export async function* allCalls(
  ledger: Pick<Ledger, "listCalls">,
  { since, runId }: { readonly since?: number | undefined; readonly runId?: string } = {},
): AsyncGenerator<ModelCall> {
  const query = {
    limit: pageRows,
    ...(since === undefined ? {} : { since }),
    ...(runId === undefined ? {} : { runId }),
  };
  let page = await ledger.listCalls(query);
  for (;;) {
    yield* page;
    const after = page.at(-1)?.id;
    if (after === undefined || page.length < pageRows) return;
    page = await ledger.listCalls({ ...query, after });
  }
}

/** The run id of replays begins with this: they are calls like all others, but nobody's errand. */
const shadowPrefix = "shadow:";

export const shadowRunId = (now: number): string => `${shadowPrefix}${new Date(now).toISOString()}`;

export const isShadow = ({ runId }: Pick<ModelCall, "runId">): boolean => runId.startsWith(shadowPrefix);

/** Which role answers a slot: the large model is consulted, small ones fill all others. */
export const roleOfSlot = (slot: string): "small" | "large" => (slot === "consult" ? "large" : "small");
