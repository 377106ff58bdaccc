// A tree of a test: its files by path.
import { installPlans } from "../../../src/checks/dependencies/index.ts";
import type { InstallPlan, InstallPlans, TreeFiles } from "../../../src/checks/dependencies/types.ts";

export function treeFiles(files: Readonly<Record<string, string>>): TreeFiles {
  return { paths: Object.keys(files).sort(), read: (path) => Promise.resolve(files[path] ?? null) };
}

export async function plansOf(files: Readonly<Record<string, string>>): Promise<InstallPlans> {
  return await installPlans(treeFiles(files));
}

/** Throws unless there is exactly one. */
export async function planOf(files: Readonly<Record<string, string>>): Promise<InstallPlan> {
  const { plans } = await plansOf(files);
  const [plan, ...others] = plans;
  if (plan === undefined || others.length > 0) throw new Error(`${plans.length} plans`);
  return plan;
}
