// What failed checks are about, by rules: the strongest evidence wins, and where there is none the kind is "unknown".
import type { FailedCheck, FailureKind } from "../../core/failed-check.ts";
import { hintsOf } from "./failure-hints.ts";
import { failureRules, nameRules } from "./failure-rules.ts";
import type { Classified } from "./types.ts";

/** What is looked at of a log; the collector keeps less. */
const mostLogLength = 200_000;
const lineLength = 1_000;
const mostHints = 50;

interface Evidence {
  readonly kind: FailureKind;
  readonly weight: number;
  /** Reads on from the check's name: "has failed tests of jest". */
  readonly what: string;
}

const none: Evidence = { kind: "unknown", weight: 0, what: "says nothing that the rules know" };
const stepWeight = 30;
const nameWeight = 20;
/** Evidence of this weight is a tool's word, or a runner's: more than a name, or a line that may stand in any log. */
const strong = 50;
/** Where several checks failed, each for its own reason: what can be reproduced comes before what can only be run again. */
const precedence: readonly FailureKind[] = ["test", "type", "lint", "install", "infrastructure", "unknown"];

const conclusions: Readonly<Partial<Record<FailedCheck["conclusion"], Evidence>>> = {
  timed_out: { kind: "infrastructure", weight: 72, what: "took longer than it may" },
  cancelled: { kind: "infrastructure", weight: 72, what: "was cancelled" },
  startup_failure: { kind: "infrastructure", weight: 72, what: "could not be started" },
};

/** Never throws, whatever the checks hold; time is linear in their size. */
export function classify(checks: readonly FailedCheck[]): Classified {
  const judged = checks.map((check) => ({ check, lines: linesOf(check) }));
  const found = judged
    .map(({ check, lines }) => ({ check, evidence: evidenceOf(check, lines) }))
    .sort((a, b) => order(a.evidence) - order(b.evidence) || b.evidence.weight - a.evidence.weight);
  const hints = judged.map(({ check, lines }) => hintsOf(check, lines));
  const [best] = found;
  return {
    kind: best?.evidence.kind ?? "unknown",
    why:
      best === undefined
        ? "No check failed."
        : `The check "${shortName(best.check.name)}" ${best.evidence.what}.`,
    hints: {
      tests: distinct(hints.flatMap(({ tests }) => tests)),
      files: distinct(hints.flatMap(({ files }) => files)),
    },
  };
}

const order = ({ kind, weight }: Evidence): number =>
  precedence.indexOf(kind) + (weight >= strong ? 0 : precedence.length);

const distinct = (all: readonly string[]): readonly string[] => [...new Set(all)].slice(0, mostHints);

function linesOf({ log, annotations }: FailedCheck): readonly string[] {
  const text = [...annotations.map(({ message }) => message.slice(0, 10 * lineLength)), log ?? ""].join("\n");
  return text
    .slice(0, mostLogLength)
    .split("\n")
    .map((line) => line.slice(0, lineLength).trimEnd());
}

function evidenceOf(check: FailedCheck, lines: readonly string[]): Evidence {
  const all = [fromResults(check), conclusions[check.conclusion] ?? none, fromLines(lines), fromNames(check)];
  return all.reduce((best, one) => (one.weight > best.weight ? one : best), none);
}

function fromResults({ results }: FailedCheck): Evidence {
  const failed = results.filter(({ status }) => status === "failed").length;
  return failed === 0
    ? none
    : { kind: "test", weight: 97, what: `left a report with ${failed} failed tests` };
}

function fromLines(lines: readonly string[]): Evidence {
  let best: Evidence = none;
  for (const { kind, weight, what, pattern } of failureRules) {
    if (weight <= best.weight || !lines.some((line) => pattern.test(line))) continue;
    best = { kind, weight, what: `has ${what} in its log` };
  }
  return best;
}

function fromNames({ step, name }: FailedCheck): Evidence {
  for (const [text, weight, where] of [
    [step ?? "", stepWeight, "failed in a step"],
    [name, nameWeight, "is a check"],
  ] as const) {
    const rule = nameRules.find(({ pattern }) => pattern.test(text.slice(0, lineLength)));
    if (rule !== undefined)
      return { kind: rule.kind, weight, what: `${where} that is named like ${rule.what}` };
  }
  return none;
}

function shortName(name: string): string {
  return name
    .slice(0, 80)
    .replace(/[\p{C}\p{Zl}\p{Zp}"]/gu, " ")
    .trim();
}
