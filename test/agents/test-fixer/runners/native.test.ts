// Runners of other languages, where this machine has them.
import { itFixes, itLeavesAlone, itUpdates } from "./failing-tests.ts";
import { goBuilds, withBuilds } from "./go-builds.ts";
import { describeRepaired } from "./real-agent.ts";

describeRepaired("tests of pytest", { packages: [], programs: ["pytest"], user: 5 }, (repair) => {
  itFixes("pytest", repair);
  itLeavesAlone("pytest", repair);
  itUpdates("pytest", repair);
});

const go = { packages: [], programs: ["go"], fill: goBuilds, user: 6 };

describeRepaired("tests of go", go, (repair) => {
  itFixes("go", repair, withBuilds);
});
