// Runners of JavaScript: jest, vitest, mocha and node's own.
import { itFixes, itLeavesAlone, itUpdates } from "./failing-tests.ts";
import { describeRepaired } from "./real-agent.ts";

describeRepaired("tests of node", { packages: [], programs: [], user: 0 }, (repair) => {
  itFixes("node", repair);
  itLeavesAlone("node", repair);
  itUpdates("node", repair);
});

for (const [index, runner] of (["jest", "vitest", "mocha"] as const).entries()) {
  describeRepaired(`tests of ${runner}`, { packages: [runner], programs: [], user: index + 1 }, (repair) => {
    itFixes(runner, repair);
  });
}
