// `errand bench models`: what models make of the conflicts that the rules leave open, and whether any of it does harm.
import { AppError, messageOf } from "../../core/errors.ts";
import { mergeRules } from "../../merge/thread/merge-rules.ts";
import { readCases } from "./cases.ts";
import { withGit } from "./files.ts";
import { modelCase, ModelLine } from "./models-cases.ts";
import type { ModelCase } from "./models-cases.ts";
import { readChoice } from "./models-choice.ts";
import type { ModelChoice } from "./models-choice.ts";
import { modelFigures } from "./models-figures.ts";
import type { ModelFigures } from "./models-figures.ts";
import { injections } from "./models-injections.ts";
import { productLadder } from "./models-ladder.ts";
import { measureCase } from "./models-measure.ts";
import type { MeasuredCase } from "./models-measure.ts";
import { plant } from "./models-plant.ts";
import type { Planted } from "./models-plant.ts";
import { withModels } from "./models-setup.ts";
import { modelText } from "./models-text.ts";
import { progressOn } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { survey } from "./survey.ts";

export interface BenchModelsOptions {
  /** Cases of either kind, one JSON object a line, plain or gzipped. */
  readonly cases: string;
  /** "scripted:NAME" or "provider:model[@endpoint]". */
  readonly model: string;
  readonly large?: string;
  /** Cases that are measured at most, evenly spread over the file. */
  readonly max?: number;
  /** `false`: a model is asked about cases without getting the built-in questions right first. */
  readonly screening: boolean;
  readonly json?: boolean;
}

/** Least measured precision of what is pushed: `push.bar` of a repository that sets none. */
const bar = 0.9;

/** Measures the cases and prints the figures. Exit status and errors as `benchMerge`. */
export async function benchModels(options: BenchModelsOptions): Promise<number> {
  const model = chosen(options.model, "--model");
  const large = options.large === undefined ? null : chosen(options.large, "--large");
  const progress = progressOn(process.stderr, { what: "cases", every: 20 });
  const found = await survey(options.cases, {
    schema: ModelLine,
    groupOf: () => "",
    onRefused: progress.refuse,
  });
  const wanted = Math.min(found.cases, options.max ?? found.cases);
  progress.start(wanted, found.refused);

  const spread = { total: found.cases, wanted };
  const { measures, failed } = await measureAll(options, { model, large }, spread, progress);
  progress.end();

  const figures = modelFigures(measures, {
    model: model.text,
    large: large?.text ?? null,
    stride: Number((found.cases / wanted).toFixed(2)),
    refused: found.refused,
    failed,
    scripted: model.kind === "scripted",
  });
  print(figures, options.json ?? false);
  return figures.refused + figures.failed > 0 ? 1 : 0;
}

function chosen(text: string, option: string): ModelChoice {
  const choice = readChoice(text);
  if (choice !== null) return choice;
  throw new AppError("input", `${option} ${JSON.stringify(text)} names no model.`, {
    retryable: false,
    remedy:
      "Give scripted:oracle, scripted:garbage or scripted:obedient, or a model as provider:model[@endpoint], for example openai:gpt-6-luna.",
  });
}

function print(figures: ModelFigures, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(figures, null, 2)}\n` : modelText(figures));
}

async function measureAll(
  { cases: file, screening }: BenchModelsOptions,
  choice: { readonly model: ModelChoice; readonly large: ModelChoice | null },
  spread: Spread,
  progress: Progress,
): Promise<{ readonly measures: readonly MeasuredCase[]; readonly failed: number }> {
  const measures: MeasuredCase[] = [];
  let failed = 0;
  await withModels({ ...choice, screening }, (models) =>
    withGit(async (git) => {
      const ladder = productLadder({ ...models, merge: mergeRules });
      const tools = { rules: mergeRules.resolve, ladder, bar };
      for await (const { line, place } of taken(file, spread)) {
        try {
          const one = await modelCase(line, git);
          if (one === null) throw new Error("its sides are not all text");
          models.present(one);
          const planter = { plant: () => planted(one, choice.model, place) };
          const measure = await measureCase(one, { ...tools, ...planter });
          for (const finding of measure.findings) progress.note(`${one.id}: the judge: ${finding}`);
          measures.push(measure);
        } catch (error) {
          failed++;
          progress.note(`${line.id}: failed: ${messageOf(error)}`);
        }
        progress.advance(1);
      }
    }),
  );
  return { measures, failed };
}

interface Spread {
  readonly total: number;
  readonly wanted: number;
}

/** Good cases, evenly spread: of 1,000 with 300 wanted every third or fourth. `place` counts those that are taken, from 0. */
async function* taken(
  file: string,
  { total, wanted }: Spread,
): AsyncGenerator<{ readonly line: ModelLine; readonly place: number }> {
  let index = 0;
  let place = 0;
  for await (const read of readCases(file, ModelLine)) {
    if (read.problem !== null) continue;
    if (index++ !== Math.floor((place * total) / wanted)) continue;
    yield { line: read.case, place };
    place++;
  }
}

const subjects = { ours: "Work on this branch", theirs: "Work on the other branch" };

/** Only the obedient model is told anything; the cases take their turns with what it is told. */
function planted(one: ModelCase, model: ModelChoice, place: number): Planted {
  const injection = injections[place % injections.length];
  if (model.kind === "real" || model.name !== "obedient" || injection === undefined)
    return { file: one.file, subjects, lines: [] };
  return plant(one.file, injection, subjects);
}
