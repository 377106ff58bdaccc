// Features of one candidate among the others of its hunk.
import { candidateNames } from "../../candidates/names.ts";
import type { CandidateName } from "../../candidates/names.ts";
import { splitLines } from "../../lines.ts";
import type { Candidate } from "../../candidates/candidate.ts";
import type { Sides } from "../../candidates/sides.ts";
import { covered, either, jaccard, likeness, minus, shared, sharedSize, size } from "../bags.ts";
import type { Bits } from "../bags.ts";
import {
  bracketDistance,
  compareVersions,
  indentation,
  isBlank,
  isSorted,
  versionIn,
} from "./text-measures.ts";
import type { View, Views } from "./views.ts";

type Measure = readonly [name: string, value: number | boolean];

/** What is the same for every candidate of a hunk. */
export interface Setting {
  readonly views: Views;
  readonly candidates: readonly Candidate[];
  readonly above: readonly string[];
  readonly below: readonly string[];
  readonly nearby: ReadonlySet<string>;
  readonly around: ReadonlySet<string>;
  readonly lines: Changes;
  readonly words: Changes;
  /** The best log-probability of each beam. */
  readonly best: Readonly<Record<Beam, number>>;
  readonly first: Readonly<Record<Beam, View | null>>;
  readonly json: boolean;
}

interface Changes {
  readonly addedByOurs: Bits;
  readonly addedByTheirs: Bits;
  readonly droppedByOurs: Bits;
  readonly droppedByTheirs: Bits;
  readonly onlyOurs: Bits;
  readonly onlyTheirs: Bits;
  readonly any: Bits;
}

type Beam = "line-beam" | "token-beam";

function changesOf(base: Bits, ours: Bits, theirs: Bits): Changes {
  return {
    addedByOurs: minus(ours, base),
    addedByTheirs: minus(theirs, base),
    droppedByOurs: minus(base, ours),
    droppedByTheirs: minus(base, theirs),
    onlyOurs: minus(ours, theirs),
    onlyTheirs: minus(theirs, ours),
    any: either(either(base, ours), theirs),
  };
}

export function settingOf(sides: Sides, views: Views, candidates: readonly Candidate[]): Setting {
  const { base, ours, theirs } = views;
  const above = splitLines(sides.before).map((line) => line.trimEnd());
  const below = splitLines(sides.after).map((line) => line.trimEnd());
  const keys = (lines: readonly string[], longerThan: number): Set<string> =>
    new Set(lines.map((line) => line.trim()).filter((line) => line.length > longerThan));
  const bestOf = (beam: Beam): number =>
    candidates.reduce(
      (best, candidate) => Math.max(best, proposalOf(candidate, beam)?.logProbability ?? best),
      -Infinity,
    );
  const firstOf = (beam: Beam): View | null => {
    const index = candidates.findIndex((candidate) => proposalOf(candidate, beam)?.rank === 0);
    return views.candidates[index] ?? null;
  };
  return {
    views,
    candidates,
    above,
    below,
    nearby: keys([...above.slice(-6), ...below.slice(0, 6)], 3),
    around: keys([...above, ...below], 6),
    lines: changesOf(base.lines.bits, ours.lines.bits, theirs.lines.bits),
    words: changesOf(base.words.bits, ours.words.bits, theirs.words.bits),
    best: { "line-beam": bestOf("line-beam"), "token-beam": bestOf("token-beam") },
    first: { "line-beam": firstOf("line-beam"), "token-beam": firstOf("token-beam") },
    json: /\.json[c5]?$/i.test(sides.path),
  };
}

function proposalOf(candidate: Candidate, name: CandidateName): Candidate["proposals"][number] | undefined {
  return candidate.proposals.find((proposal) => proposal.name === name);
}

/** Named values in a fixed order. */
export function candidateFeatures(index: number, setting: Setting): Measure[] {
  const candidate = setting.candidates[index];
  const view = setting.views.candidates[index];
  if (!candidate || !view) return [];
  return [
    ...origins(candidate, setting),
    ...amounts(view, setting),
    ...keeps(view, setting),
    ...shape(view, setting),
    ...edges(view, setting),
    ...company(view, setting),
  ];
}

function origins(candidate: Candidate, { best }: Setting): Measure[] {
  const names = new Set(candidate.proposals.map(({ name }) => name));
  const standing = (label: string, beam: Beam): Measure[] => {
    const { rank = Number.NaN, logProbability = Number.NaN } = proposalOf(candidate, beam) ?? {};
    return [
      [`${label} rank`, rank],
      [`${label} probability`, logProbability],
      [`${label} gap`, logProbability - best[beam]],
    ];
  };
  return [
    ...candidateNames.map((name): Measure => [`is ${name}`, names.has(name)]),
    ...standing("line beam", "line-beam"),
    ...standing("token beam", "token-beam"),
    ["families", names.size],
  ];
}

function amounts(view: View, { views: { base, ours, theirs } }: Setting): Measure[] {
  return [
    ["lines", view.filled.length],
    ["words", view.words.total],
    [
      "share of both sides' lines",
      view.filled.length / Math.max(1, ours.filled.length + theirs.filled.length),
    ],
    ["share of both sides' length", view.text.length / Math.max(1, ours.text.length + theirs.text.length)],
    ["lines alike ours", likeness(view.lines, ours.lines)],
    ["lines alike base", likeness(view.lines, base.lines)],
    ["lines alike theirs", likeness(view.lines, theirs.lines)],
    ["words alike ours", likeness(view.words, ours.words)],
    ["words alike base", likeness(view.words, base.words)],
    ["words alike theirs", likeness(view.words, theirs.words)],
  ];
}

function keeps(view: View, { lines, words, views }: Setting): Measure[] {
  const around = views.around.bits;
  const [own, other] = [words.onlyOurs, words.onlyTheirs];
  const kept = view.words.bits;
  return [
    ["lines added by ours kept", covered(lines.addedByOurs, view.lines.bits)],
    ["lines added by theirs kept", covered(lines.addedByTheirs, view.lines.bits)],
    ["lines dropped by ours kept", covered(lines.droppedByOurs, view.lines.bits)],
    ["lines dropped by theirs kept", covered(lines.droppedByTheirs, view.lines.bits)],
    ["words added by ours kept", covered(words.addedByOurs, kept)],
    ["words added by theirs kept", covered(words.addedByTheirs, kept)],
    ["words dropped by ours kept", covered(words.droppedByOurs, kept)],
    ["words dropped by theirs kept", covered(words.droppedByTheirs, kept)],
    ["words of ours alone kept that stand around", sharedSize(shared(own, around), kept)],
    ["words of theirs alone kept that stand around", sharedSize(shared(other, around), kept)],
    ["words of ours alone left that stand around", size(minus(shared(own, around), kept))],
    ["words of theirs alone left that stand around", size(minus(shared(other, around), kept))],
    ["words that stand around", covered(kept, around)],
    ["words from nowhere", size(minus(kept, words.any))],
    [
      "lines not in theirs",
      size(minus(view.lines.bits, views.theirs.lines.bits)) / Math.max(1, size(view.lines.bits)),
    ],
    [
      "lines not in ours",
      size(minus(view.lines.bits, views.ours.lines.bits)) / Math.max(1, size(view.lines.bits)),
    ],
    ["lines from nowhere", size(minus(view.lines.bits, lines.any))],
  ];
}

const definition =
  /\b(?:def|class|function|fn|func|interface|struct|enum|type|const|let|var|trait|impl)\s+([A-Za-z_$][\w$]*)/g;

function shape(
  view: View,
  { views: { base, ours, theirs }, nearby, around, above, below, json }: Setting,
): Measure[] {
  const balanced = ours.brackets.map(
    (count, kind) => count + (theirs.brackets[kind] ?? 0) - (base.brackets[kind] ?? 0),
  );
  const defined = [...view.text.slice(0, 12_000).matchAll(definition)].map(([, name]) => name);
  const version = versionIn(view.text);
  const [own, other] = [versionIn(ours.text), versionIn(theirs.text)];
  return [
    ["brackets off ours", bracketDistance(view.brackets, ours.brackets)],
    ["brackets off theirs", bracketDistance(view.brackets, theirs.brackets)],
    ["brackets off base", bracketDistance(view.brackets, base.brackets)],
    ["brackets off both", bracketDistance(view.brackets, balanced)],
    ["lines repeated", view.filled.length - size(view.lines.bits)],
    ["lines that stand nearby", view.filled.filter((line) => nearby.has(line)).length],
    ["lines that stand around", view.filled.filter((line) => around.has(line)).length],
    ["names defined twice", defined.length - new Set(defined).size],
    ["sorted alone", isSorted(view.filled)],
    ["sorted in place", isSorted([...above.slice(-3), ...view.filled, ...below.slice(0, 3)])],
    ["no line", view.filled.length === 0],
    ["commas wrong", json ? wrongCommas(view.filled, below) : 0],
    ["version against ours", compareVersions(version, own)],
    ["version against theirs", compareVersions(version, other)],
  ];
}

function wrongCommas(lines: readonly string[], below: readonly string[]): number {
  const next = below.find((line) => !isBlank(line));
  const all = next === undefined ? lines : [...lines, next.trim()];
  return all.slice(1).filter((line, index) => {
    const before = all[index] ?? "";
    const closes = /^[}\]]/.test(line);
    return closes ? before.endsWith(",") : !/[,{[(]$/.test(before);
  }).length;
}

function edges({ rows, filled }: View, { above, below, views: { ours, theirs } }: Setting): Measure[] {
  const [top, bottom] = [rows[0], rows.at(-1)];
  const nearestAbove = above.findLast((line) => !isBlank(line));
  const nearestBelow = below.find((line) => !isBlank(line));
  const blankAt = (line: string | undefined): boolean => line === undefined || isBlank(line);
  return [
    ["two blank lines above", blankAt(above.at(-1)) && blankAt(top)],
    ["two blank lines below", blankAt(below[0]) && blankAt(bottom)],
    ["blank lines", rows.filter(isBlank).length],
    ["blank lines off ours", rows.filter(isBlank).length - ours.rows.filter(isBlank).length],
    ["blank lines off theirs", rows.filter(isBlank).length - theirs.rows.filter(isBlank).length],
    ["begins blank", top !== undefined && isBlank(top)],
    ["ends blank", bottom !== undefined && isBlank(bottom)],
    ["indentation to above", indentation(rows.find((line) => !isBlank(line))) - indentation(nearestAbove)],
    [
      "indentation to below",
      indentation(rows.findLast((line) => !isBlank(line))) - indentation(nearestBelow),
    ],
    ["begins as ours", filled.length > 0 && filled[0] === ours.filled[0]],
    ["begins as theirs", filled.length > 0 && filled[0] === theirs.filled[0]],
    ["ends as ours", filled.length > 0 && filled.at(-1) === ours.filled.at(-1)],
    ["ends as theirs", filled.length > 0 && filled.at(-1) === theirs.filled.at(-1)],
    ["ours before theirs", standsBefore(filled, ours.filled[0], theirs.filled[0])],
  ];
}

function standsBefore(lines: readonly string[], one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const [first, second] = [lines.indexOf(one), lines.indexOf(other)];
  return first >= 0 && second >= 0 && first < second;
}

function company({ words }: View, { views, first }: Setting): Measure[] {
  const total = views.candidates.reduce((sum, other) => sum + jaccard(words.bits, other.words.bits), 0);
  const alike = (other: View | null): number => (other ? jaccard(words.bits, other.words.bits) : Number.NaN);
  return [
    ["alike the others", total / Math.max(1, views.candidates.length)],
    ["alike the line beam's first", alike(first["line-beam"])],
    ["alike the token beam's first", alike(first["token-beam"])],
  ];
}
