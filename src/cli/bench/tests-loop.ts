// The loop as the product has it, for cases.
import { fixTests } from "../../agents/test-fixer/fix-tests.ts";
import { commandSuite } from "../../checks/suite/command-suite.ts";
import { formatOf, plainLine, reportingLine } from "./tests-cases.ts";
import { caseEnvironment } from "./tests-run.ts";
import type { LoopUnderTest } from "./tests.ts";

export const loopUnderTest: LoopUnderTest = {
  fix: fixTests,
  suiteFor:
    (sandbox) =>
    async (one, { line, wallMs }, { material, cache, signal, record }) => {
      const open = (text: string) =>
        commandSuite({
          sandbox: { kind: "ready", sandbox },
          trees: material.trees,
          detectOn: material.head,
          line: text,
          folder: "",
          cache,
          environment: caseEnvironment,
          report: { format: formatOf(one), variable: "REPORT" },
          limits: { wallMs },
          signal,
          record,
        });
      const suite = await open(plainLine(line));
      const isKnown = suite.commands.every(({ runner }) => runner !== null);
      return isKnown ? suite : await open(reportingLine(line));
    },
};
