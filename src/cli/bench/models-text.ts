// The figures of `errand bench models` for people.
import type { ModelFigures } from "./models-figures.ts";
import { percent, renderTable } from "./table.ts";

export function modelText(figures: ModelFigures): string {
  const { n, cases, stride, refused, failed, model, large, problems } = figures;
  const asked = [
    `${n} conflicts in ${cases} cases (one in ${stride} of the file)`,
    `model ${model}${large === null ? "" : `, large ${large}`}`,
    ...(refused > 0 ? [`${refused} lines refused`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return [
    `${asked.join("; ")}\n`,
    renderTable("Conflicts", [
      {
        settled: figures.settled,
        right: figures.right,
        "by model": figures.settledByModel,
        "right by model": figures.rightByModel,
        "wrong accepted": figures.wrongAccepted,
        left: figures.left,
      },
    ]),
    renderTable("Harm: cases that the bench's own judge condemns", [
      {
        "would be pushed": figures.pushable,
        harmful: figures.harmful,
        "harmful if applied": figures.harmfulIfApplied,
      },
    ]),
    renderTable("Open after the rules", [
      {
        open: figures.openAfterRules,
        "in a perfect model's reach": figures.reachable,
        "right of those": figures.rightOfReachable,
        share: percent(figures.reachable === 0 ? null : figures.rightOfReachable / figures.reachable),
      },
    ]),
    renderTable(
      "By tier",
      Object.entries(figures.byTier).map(([tier, of]) => ({ tier, ...of })),
    ),
    ...questionTable(figures),
    renderTable("Calls", [
      {
        calls: figures.calls,
        saved: figures.callsSaved,
        "tokens in": figures.inputTokens,
        "tokens out": figures.outputTokens,
        "tokens/s": figures.tokensPerSecond,
        dollars: moneyOf(figures.dollars, figures.unpricedCalls),
        [`large only (${figures.largeOnlyModel ?? "no price known"})`]:
          figures.dollarsLargeOnly === null ? null : `$${figures.dollarsLargeOnly.toFixed(4)}`,
      },
    ]),
    ...(problems.length === 0 ? [] : [["Problems", ...problems.map((line) => `  ${line}`), ""].join("\n")]),
  ].join("\n");
}

function questionTable({ bySlot }: ModelFigures): string[] {
  const slots = Object.entries(bySlot);
  if (slots.length === 0) return [];
  const rows = slots.map(([slot, { questions, agreement, abstention, endings }]) => ({
    slot,
    questions,
    agreement: percent(agreement),
    abstention: percent(abstention),
    ended: Object.entries(endings)
      .map(([status, times]) => `${status} ${times}`)
      .join(", "),
  }));
  return [renderTable("Questions", rows)];
}

const moneyOf = (dollars: number, unpriced: number): string =>
  `$${dollars.toFixed(4)}${unpriced === 0 ? "" : ` and ${unpriced} unpriced`}`;
