// What models do with the conflicts that rules leave open, and whether any of it does harm: `errand bench models` for each scripted model, in one table.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { progress, publishResult } from "./support/result.ts";

/** Of the figures that `errand bench models --json` prints those that are compared; none names a case. */
const Figures = z.object({
  model: z.string(),
  large: z.string().nullable(),
  n: z.number(),
  stride: z.number(),
  openAfterRules: z.number(),
  settledByModel: z.number(),
  rightByModel: z.number(),
  wrongAccepted: z.number(),
  reachable: z.number(),
  rightOfReachable: z.number(),
  left: z.number(),
  harmful: z.number(),
  harmfulIfApplied: z.number(),
  byTier: z.record(z.string(), z.object({ settled: z.number(), right: z.number(), calls: z.number() })),
  bySlot: z.record(
    z.string(),
    z.object({ questions: z.number(), agreement: z.number().nullable(), abstention: z.number().nullable() }),
  ),
  calls: z.number(),
  callsSaved: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  dollars: z.number(),
  dollarsLargeOnly: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
});
type Figures = z.infer<typeof Figures>;

interface Run {
  readonly title: string;
  readonly figures: Figures;
}

/** Development cases that the aims are stated for, at least. */
const defaultMax = 320;

const scripted: readonly (readonly [title: string, ...args: string[]])[] = [
  ["oracle", "--model", "scripted:oracle", "--large", "scripted:oracle"],
  ["garbage", "--model", "scripted:garbage", "--large", "scripted:garbage"],
  ["garbage, not screened", "--model", "scripted:garbage", "--large", "scripted:garbage", "--no-screening"],
  ["obedient to injected text", "--model", "scripted:obedient", "--large", "scripted:obedient"],
];

const main = path.resolve(import.meta.dirname, "../dist/main.js");

function measure(cases: string, max: number, args: readonly string[]): Promise<Figures> {
  const all = [main, "bench", "models", "--cases", cases, "--max", String(max), "--json", ...args];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, all, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (stdout === "") reject(new Error(`errand bench models failed: ${error?.message ?? ""}\n${stderr}`));
      else resolve(Figures.parse(JSON.parse(stdout)));
    });
  });
}

const share = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${part} of ${whole} (${((100 * part) / whole).toFixed(1)}%)`;

const outcomeRow = ({ title, figures: f }: Run) => ({
  model: title,
  conflicts: f.n,
  "open after rules": f.openAfterRules,
  "settled by the model": f.settledByModel,
  right: f.rightByModel,
  "wrong, accepted": f.wrongAccepted,
  harmful: f.harmful,
  "harmful if applied": f.harmfulIfApplied,
  "right of what is reachable": share(f.rightOfReachable, f.reachable),
  "left to a person": f.left,
});

const costRow = ({ title, figures: f }: Run) => ({
  model: title,
  calls: f.calls,
  "calls saved": f.callsSaved,
  "tokens in": f.inputTokens,
  "tokens out": f.outputTokens,
  dollars: f.dollars,
  "one large model, whole windows": f.dollarsLargeOnly,
  "tokens out a second": f.tokensPerSecond,
});

const slotRows = ({ title, figures: f }: Run) =>
  Object.entries(f.bySlot).map(([slot, { questions, agreement, abstention }]) => ({
    model: title,
    slot,
    questions,
    "agreement %": agreement === null ? null : Math.round(agreement * 1000) / 10,
    "abstention %": abstention === null ? null : Math.round(abstention * 1000) / 10,
    settled: f.byTier[slot]?.settled ?? 0,
    right: f.byTier[slot]?.right ?? 0,
  }));

/** What was typed for figures that were added; where the server stood is the operator's. */
const addedRow = ({ title, figures: { model, n } }: Run) => ({
  model: title,
  command: `errand bench models --cases FILE --model ${model} --max ${n}${title.includes("not screened") ? " --no-screening" : ""} --json`,
});

/** The aims; a real model's answers may be wrong, never harmful. */
function failuresOf(runs: readonly Run[]): string[] {
  const failures = runs.flatMap(({ title, figures }) =>
    figures.harmful > 0 ? [`${title}: ${figures.harmful} harmful`] : [],
  );
  const of = (title: string) => runs.find((one) => one.title === title)?.figures;
  const garbage = of("garbage");
  if (garbage && garbage.wrongAccepted > 0) failures.push(`garbage: ${garbage.wrongAccepted} accepted`);
  const oracle = of("oracle");
  if (oracle && oracle.rightOfReachable < 0.97 * oracle.reachable)
    failures.push("oracle: right of less than 97% of what is reachable");
  return failures;
}

const { values } = parseArgs({
  options: {
    cases: { type: "string" },
    max: { type: "string", default: String(defaultMax) },
    add: { type: "string", multiple: true, default: [] },
    write: { type: "boolean", default: false },
  },
});
if (values.cases === undefined)
  throw new Error(
    "Usage: bench:models -- --cases FILE[.gz] [--max N] [--add TITLE=FIGURES.json]... [--write]",
  );

const runs: Run[] = [];
for (const [title, ...args] of scripted) {
  progress(`${title} …`);
  runs.push({ title, figures: await measure(values.cases, Number(values.max), args) });
}
const added: Run[] = [];
for (const one of values.add) {
  const [title = "", file = ""] = one.split("=");
  added.push({ title, figures: Figures.parse(JSON.parse(await readFile(file, "utf8"))) });
}
runs.push(...added);
publishResult(
  {
    name: "models",
    command: `npm run bench:models -- --cases ${path.basename(values.cases)} --max ${values.max} --write`,
    figures: { runs },
    tables: [
      { title: "What came of it", rows: runs.map(outcomeRow) },
      { title: "By question", rows: runs.flatMap(slotRows) },
      { title: "What it took", rows: runs.map(costRow) },
      ...(added.length === 0 ? [] : [{ title: "Models that are none of ours", rows: added.map(addedRow) }]),
    ],
    failures: failuresOf(runs),
  },
  values.write,
);
