// What was done, in order: a line for people while it happens, and a row of the report.
import type { FixReport } from "../../core/fix.ts";
import type { FixPorts } from "./types.ts";

export interface Journal {
  readonly note: (name: string, detail: string) => void;
  readonly steps: () => FixReport["steps"];
}

const longestDetail = 500;

export function openJournal(record: FixPorts["record"]): Journal {
  const steps: FixReport["steps"] = [];
  return {
    note: (name, detail) => {
      const short = detail.replace(/\s+/g, " ").trim().slice(0, longestDetail);
      steps.push({ name, detail: short });
      record({ step: name, detail: short });
    },
    steps: () => [...steps],
  };
}
