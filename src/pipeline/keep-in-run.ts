// What a run has found out at a price, stored with it as it comes: several keepers write one record.
import type { Run } from "../core/run.ts";
import type { Store } from "../core/store.ts";
import type { BoundRun } from "./bind-run.ts";
import { holdTurn } from "./hold-turn.ts";
import type { Turn } from "./process-mailbox.ts";

/** Stores the change beside whatever was kept before it. Throws where the turn is lost. */
export type KeepInRun = (change: Partial<Pick<Run, "settlements" | "edits">>) => Promise<void>;

export function keepInRun(
  run: BoundRun,
  { mailbox, token }: Turn,
  { store }: { readonly store: Pick<Store, "saveRun"> },
): KeepInRun {
  let current: Run = run;
  return async (change) => {
    current = { ...current, ...change };
    holdTurn(await store.saveRun(mailbox, token, current));
  };
}
