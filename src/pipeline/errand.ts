// Which errand a command is about.
import { Errand } from "../core/command.ts";
import type { Command } from "../core/command.ts";
import type { Run } from "../core/run.ts";

/** Of `apply` only the bound run knows it: it is that of the proposal. */
export function errandOf({ errand, command }: Pick<Run, "errand" | "command">): Errand {
  return errand ?? errandOfVerb(command.verb);
}

export function errandOfVerb(verb: Command["verb"]): Errand {
  return Errand.safeParse(verb).data ?? "fix-conflicts";
}
