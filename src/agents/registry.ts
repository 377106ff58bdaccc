// Every sub-agent. To add one: make a folder beside this file and list it here.
import type { Agent } from "../core/agent.ts";
import { conflictResolver } from "./conflict-resolver/index.ts";

export const agents: readonly Agent[] = [conflictResolver];
