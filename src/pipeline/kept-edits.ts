// Edits that passed their gates before: a second attempt at a run, and `apply`, take these and no others.
import type { KeptEdits } from "../core/fix.ts";
import type { Store } from "../core/store.ts";
import type { BoundRun } from "./bind-run.ts";
import type { KeepInRun } from "./keep-in-run.ts";

export interface EditsOfRun {
  /** `null` where there are none for this head. */
  readonly known: KeptEdits | null;
  readonly keep: (edits: KeptEdits) => Promise<void>;
  /** What was kept last, or known. */
  readonly newest: () => KeptEdits | null;
}

/** Those of an earlier attempt at this run; for `apply`, of the run whose proposal is to be applied. */
export async function keptEdits(
  run: BoundRun,
  { store, keep }: { readonly store: Pick<Store, "loadRun" | "loadPull">; readonly keep: KeepInRun },
): Promise<EditsOfRun> {
  const source =
    run.command.verb === "apply"
      ? ((await store.loadPull(run.command.pull))?.proposal?.runId ?? run.id)
      : run.id;
  const edits = (await store.loadRun(source))?.edits ?? null;
  const known = edits?.headSha === run.headSha ? edits : null;
  let newest = known;
  return {
    known,
    keep: async (kept) => {
      newest = kept;
      await keep({ edits: kept });
    },
    newest: () => newest,
  };
}
