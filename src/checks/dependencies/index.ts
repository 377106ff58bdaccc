// What a tree depends on, read from its lockfiles.
import { cargoPlans } from "./cargo.ts";
import { goPlans } from "./go.ts";
import { nodePlans } from "./node.ts";
import { pythonPlans } from "./python.ts";
import type { InstallPlans, TreeFiles } from "./types.ts";

/** Pure, but for reading from the tree. A sentence for each manifest that nothing can be installed for; none where nothing is wanted. */
export async function installPlans(files: TreeFiles): Promise<InstallPlans> {
  const all = [await nodePlans(files), await pythonPlans(files), goPlans(files), await cargoPlans(files)];
  return { plans: all.flatMap(({ plans }) => plans), left: all.flatMap(({ left }) => left) };
}
