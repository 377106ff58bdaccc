// The figures of `errand bench tests`, and how a person reads them.
import { percent, renderTable } from "./table.ts";
import type { Row } from "./table.ts";
import { printable } from "./printable.ts";
import type { MeasuredTests } from "./tests-measure.ts";

interface TestCounts {
  readonly n: number;
  /** The tests that should fail do, on this machine. */
  readonly reproducible: number;
  readonly pushed: number;
  readonly solved: number;
  /** Pushed, and no fix. */
  readonly falselyClaimed: number;
  readonly gaveUp: number;
  readonly proposed: number;
  readonly flakyRecognised: number;
  readonly greenRecognised: number;
  readonly notMaterialised: number;
  readonly errors: number;
  readonly calls: number;
  readonly tokens: number;
  readonly seconds: number;
}

export interface TestFigures extends TestCounts {
  readonly model: string;
  readonly large: string | null;
  readonly sandbox: string;
  /** Whether it was stopped before all cases were measured. */
  readonly interrupted: boolean;
  /** Lines of the file that are no cases. */
  readonly refused: number;
  readonly byKind: Readonly<Record<string, TestCounts>>;
  readonly cases: readonly MeasuredTests[];
}

const proposals: readonly string[] = ["test-edit", "doubtful"];

function countsOf(cases: readonly MeasuredTests[]): TestCounts {
  const count = (is: (one: MeasuredTests) => boolean) => cases.filter(is).length;
  const sum = (of: (one: MeasuredTests) => number) => cases.reduce((total, one) => total + of(one), 0);
  return {
    n: cases.length,
    reproducible: count(({ reproducible }) => reproducible),
    pushed: count(({ ending }) => ending === "fixed"),
    solved: count(({ solved }) => solved),
    falselyClaimed: count(({ falselyClaimed }) => falselyClaimed),
    gaveUp: count(({ ending }) => ending === "unfixed"),
    proposed: count(({ ending }) => proposals.includes(ending)),
    flakyRecognised: count(({ kind, ending }) => kind === "guard-flaky" && ending === "flaky"),
    greenRecognised: count(({ kind, ending }) => kind === "guard-green" && ending === "not-reproduced"),
    notMaterialised: count(({ ending }) => ending === "not-materialised"),
    errors: count(({ ending }) => ending === "error"),
    calls: sum(({ calls }) => calls),
    tokens: sum(({ tokens }) => tokens),
    seconds: Math.round(sum(({ seconds }) => seconds)),
  };
}

export function testFigures(
  cases: readonly MeasuredTests[],
  about: Pick<TestFigures, "model" | "large" | "sandbox" | "interrupted" | "refused">,
): TestFigures {
  const kinds = [...new Set(cases.map(({ kind }) => kind))].sort();
  const byKind = kinds.map((kind) => [kind, countsOf(cases.filter((one) => one.kind === kind))] as const);
  return { ...countsOf(cases), ...about, byKind: Object.fromEntries(byKind), cases };
}

export function testText(figures: TestFigures): string {
  const rows = Object.entries(figures.byKind).map(([kind, counts]) => rowOf(kind, counts));
  const title = `Failing tests: ${figures.model}${figures.large === null ? "" : ` and ${figures.large}`}, sandbox ${figures.sandbox}`;
  const open = figures.cases.filter(({ solved }) => !solved);
  const lines = open.map(({ id, ending, falselyClaimed, why }) =>
    printable(`${falselyClaimed ? "FALSE " : ""}${id}: ${ending}: ${why}`),
  );
  return [
    renderTable(title, [...rows, rowOf("all", figures)]),
    ...(lines.length === 0 ? [] : ["Not solved:", ...lines.map((line) => `  ${line}`), ""]),
    ...(figures.interrupted ? ["Stopped before all cases were measured.", ""] : []),
  ].join("\n");
}

function rowOf(kind: string, counts: TestCounts): Row {
  return {
    kind,
    n: counts.n,
    reproducible: counts.reproducible,
    pushed: counts.pushed,
    solved: counts.solved,
    share: percent(counts.n === 0 ? null : counts.solved / counts.n),
    false: counts.falselyClaimed,
    "gave up": counts.gaveUp,
    proposed: counts.proposed,
    recognised: counts.flakyRecognised + counts.greenRecognised,
    "not made": counts.notMaterialised,
    errors: counts.errors,
    calls: counts.calls,
    tokens: counts.tokens,
    seconds: counts.seconds,
  };
}
