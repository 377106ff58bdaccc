// Every sub-agent. To add one: make a folder beside this file and list it here.
import type { Agent } from "../core/agent.ts";
import { conflictResolver } from "./conflict-resolver/index.ts";
import { testFixer } from "./test-fixer/index.ts";
import { testWriter } from "./test-writer/index.ts";

export const agents: readonly Agent[] = [conflictResolver, testFixer, testWriter];
