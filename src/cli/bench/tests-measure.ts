// One case through the loop, and what came of it.
import { messageOf } from "../../core/errors.ts";
import type { FailedCheck } from "../../core/failed-check.ts";
import type { FixEnding, FixReport } from "../../core/fix.ts";
import type { Models } from "../../core/models.ts";
import type { DependencyMount, Sandbox } from "../../core/sandbox.ts";
import type { Suite } from "../../core/suite.ts";
import type { FixPorts, FixProblem, FixResult } from "../../agents/test-fixer/types.ts";
import type { TestCase } from "./tests-cases.ts";
import type { Installs } from "./tests-install.ts";
import { judge, reproduce } from "./tests-judge.ts";
import type { Judgement } from "./tests-judge.ts";
import { materialise } from "./tests-materialise.ts";
import type { MaterialCase } from "./tests-materialise.ts";
import type { Repositories } from "./tests-repositories.ts";
import { notFailing } from "./tests-run.ts";

export interface CaseModels {
  readonly models: Models;
  /** What was used so far. */
  readonly used: () => Promise<{ readonly calls: number; readonly tokens: number }>;
}

export interface MeasureTools {
  readonly repositories: Repositories;
  readonly installs: Installs;
  readonly sandbox: Sandbox;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The loop under test. */
  readonly fix: (problem: FixProblem, ports: FixPorts) => Promise<FixResult>;
  readonly suiteFor: (
    one: TestCase,
    command: { readonly line: string; readonly wallMs: number },
    parts: { readonly material: MaterialCase; readonly cache: DependencyMount | null } & Pick<
      FixPorts,
      "signal" | "record"
    >,
  ) => Promise<Suite>;
  readonly modelsFor: (one: TestCase, material: MaterialCase, signal: AbortSignal) => CaseModels;
  readonly now: () => number;
  /** One line for people. */
  readonly tell: (line: string) => void;
}

type CaseEnding = FixEnding | "not-materialised" | "error";

export interface MeasuredTests {
  readonly id: string;
  readonly kind: string;
  readonly ending: CaseEnding;
  readonly reproducible: boolean;
  readonly solved: boolean;
  readonly falselyClaimed: boolean;
  readonly calls: number;
  readonly tokens: number;
  readonly seconds: number;
  /** What went wrong, or what the loop said; "" where it is solved. */
  readonly why: string;
  /** What was pushed and is no fix, by path; `null` elsewhere. */
  readonly edits: Readonly<Record<string, string>> | null;
}

type Ended = Omit<MeasuredTests, "id" | "kind" | "seconds">;
const nothing = {
  reproducible: false,
  solved: false,
  falselyClaimed: false,
  calls: 0,
  tokens: 0,
  edits: null,
};

/** What goes wrong is an ending; throws only the signal's reason, where `signal` is the bench's own. */
export async function measureTests(
  one: TestCase,
  tools: MeasureTools,
  signals: { readonly bench: AbortSignal; readonly limitMs: number },
): Promise<MeasuredTests> {
  const begun = tools.now();
  const signal = AbortSignal.any([signals.bench, AbortSignal.timeout(signals.limitMs)]);
  const ended = await ending(one, tools, signal).catch((error: unknown): Ended => {
    signals.bench.throwIfAborted();
    const why = signal.aborted
      ? `stopped after ${Math.round(signals.limitMs / 60_000)} minutes`
      : messageOf(error);
    return { ...nothing, ending: "error", why };
  });
  return { id: one.id, kind: one.kind, ...ended, seconds: Math.round((tools.now() - begun) / 100) / 10 };
}

async function ending(one: TestCase, tools: MeasureTools, signal: AbortSignal): Promise<Ended> {
  const { repositories, environment } = tools;
  let material: MaterialCase;
  let cache: DependencyMount | null;
  try {
    material = await materialise(one, { repositories, environment, signal });
  } catch (error) {
    signal.throwIfAborted();
    return { ...nothing, ending: "not-materialised", why: messageOf(error) };
  }
  try {
    cache = await tools.installs(one.deps);
  } catch (error) {
    await material.dispose();
    signal.throwIfAborted();
    return { ...nothing, ending: "not-materialised", why: messageOf(error) };
  }
  try {
    return await measured(one, { material, cache, signal }, tools);
  } finally {
    await material.dispose();
  }
}

interface Prepared {
  readonly material: MaterialCase;
  readonly cache: DependencyMount | null;
  readonly signal: AbortSignal;
}

async function measured(
  one: TestCase,
  { material, cache, signal }: Prepared,
  tools: MeasureTools,
): Promise<Ended> {
  const ports = { sandbox: tools.sandbox, archive: material.trees.archive, cache, signal };
  const { head, base, changed } = material;
  const found = await reproduce(one, head, ports, notFailing);
  if (!found.reproducible) tools.tell(`${one.id}: ${found.why}`);
  const record: FixPorts["record"] = () => undefined;
  const { models, used } = tools.modelsFor(one, material, signal);
  const suite = await tools.suiteFor(
    one,
    { line: found.line, wallMs: allowedMs(found.wallMs) },
    { material, cache, signal, record },
  );
  const { report, edits } = await tools.fix(
    { head, base, changed, checks: checksOf(one), seed: one.id },
    {
      trees: material.trees,
      suite,
      models,
      rerunJob: () => Promise.resolve(false),
      signal,
      now: tools.now,
      record,
    },
  );
  const verdict = report.ending === "fixed" ? await judged(one, material, edits, ports) : unpushed(report);
  return {
    ending: report.ending,
    reproducible: found.reproducible,
    ...verdict,
    ...(await used()),
    edits: verdict.falselyClaimed ? Object.fromEntries(edits) : null,
  };
}

/** Milliseconds of one run: a candidate that loops for ever must not take all the time there is, and a busy machine is ten times slower now and then. */
const allowedMs = (tookMs: number): number => Math.max(60_000, 10 * tookMs);

/** What a pull request would have: a check that failed, and which tests it names. */
function checksOf({ fail_ids }: TestCase): readonly FailedCheck[] {
  if (fail_ids.length === 0) return [];
  return [
    {
      ...{ id: 1, name: "test", app: "github-actions", conclusion: "failure", url: "", annotations: [] },
      ...{ log: null, step: "npm test", trouble: "", jobId: null },
      results: fail_ids.map((id) => ({ id, status: "failed", message: "" })),
    },
  ];
}

async function judged(
  one: TestCase,
  material: MaterialCase,
  edits: ReadonlyMap<string, string>,
  ports: Parameters<typeof judge>[3],
): Promise<Judgement> {
  const tree = await material.withFiles(material.head, Object.fromEntries(edits));
  return await judge(one, material, { tree, paths: [...edits.keys()] }, ports);
}

const unpushed = ({ words }: FixReport): Judgement => ({ solved: false, falselyClaimed: false, why: words });
