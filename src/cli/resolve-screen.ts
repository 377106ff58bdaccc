// How an open hunk is shown on a terminal: what each side did, and the numbered candidates. Pure.
import type { Settlement } from "../core/conflict.ts";
import { chanceInWords } from "../core/chance.ts";
import { align } from "../merge/candidates/align.ts";
import { splitLines } from "../merge/lines.ts";
import { visibleLine } from "../github/text.ts";
import { openPlaces, questionAt } from "./resolve-walk.ts";
import type { Answer, Place, Question, Walk } from "./resolve-walk.ts";

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
  /** Whether it may be coloured. */
  readonly colour: boolean;
}

type Paint = (text: string) => string;

interface Paints {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly added: Paint;
  readonly removed: Paint;
}

function paintsFor(colour: boolean): Paints {
  const paint =
    (on: number, off: number): Paint =>
    (text) =>
      colour ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { bold: paint(1, 22), dim: paint(2, 22), added: paint(32, 39), removed: paint(31, 39) };
}

/** One line of a file or a name from it: hostile text that must move no cursor and wrap no line. `columns` is the room there is. */
function shownLine(line: string, columns: number): string {
  const text = line
    .replace(/\r?\n$/, "")
    .slice(0, columns * 4)
    .replaceAll("\t", "    ");
  const shown = visibleLine(text, text.length);
  return shown.length > columns ? `${shown.slice(0, Math.max(0, columns - 1))}…` : shown;
}

/** A line of code on as many rows as it takes, up to three: what differs may stand at its end. */
const codeLine = (line: string, columns: number): string => shownLine(line, columns * 3);

/** At most `limit` items as lines, and how many there are besides. */
function atMost<T>(items: readonly T[], limit: number, render: (item: T) => string): string[] {
  if (items.length <= limit) return items.map(render);
  return [...items.slice(0, limit - 1).map(render), `    … ${items.length - limit + 1} more lines`];
}

interface DiffRow {
  readonly sign: "-" | "+" | " ";
  readonly line: string;
}

/** What a side did to the base, line by line; of the lines that stayed, those that stand next to a change. */
function diffRows(base: string, side: string): DiffRow[] {
  const [old, now] = [splitLines(base), splitLines(side)];
  const numbers = new Map<string, number>();
  const numbered = (lines: readonly string[]): Int32Array =>
    Int32Array.from(lines, (line) => numbers.get(line) ?? numbers.set(line, numbers.size).size - 1);
  const matches = align(numbered(old), numbered(now));
  const rows: DiffRow[] = [];
  let next = 0;
  for (const [index, line] of old.entries()) {
    const match = matches[index] ?? -1;
    if (match < 0) rows.push({ sign: "-", line });
    else {
      for (; next < match; next++) rows.push({ sign: "+", line: now[next] ?? "" });
      rows.push({ sign: " ", line });
      next = match + 1;
    }
  }
  for (; next < now.length; next++) rows.push({ sign: "+", line: now[next] ?? "" });
  return rows.filter(
    (row, at) => row.sign !== " " || [rows[at - 1], rows[at + 1]].some((one) => one && one.sign !== " "),
  );
}

const clamp = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, Math.floor(value)));

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

/** Candidates are explained for a pull request; here its two sides are the current branch and the other one. */
const inThisRepository = (why: string): string =>
  why.replaceAll("pull request", "current branch").replaceAll("base branch", "other branch");

/** The hunk that is asked about, as lines of text; "" where none is. */
export function renderQuestion(walk: Walk, { columns, rows, colour }: ScreenSize): string {
  const { at } = walk;
  const file = at && walk.files[at.file];
  const question = at && questionAt(walk, at);
  if (!at || !file || !question) return "";
  const paints = paintsFor(colour);
  const { hunk, candidates, offer } = question;
  const signed = { "-": paints.removed, "+": paints.added, " ": paints.dim };
  const side = (name: string, label: string, text: string): string[] => {
    const heading = paints.bold(`  ${shownLine(label === name ? name : `${name} (${label})`, columns - 2)}`);
    const diff = atMost(diffRows(hunk.base, text), clamp(rows / 4, 4, 16), ({ sign, line }) =>
      signed[sign](`  ${sign} ${codeLine(line, columns - 4)}`),
    );
    return [heading, ...diff];
  };
  const sides = [
    ...side("ours", file.labels.ours, hunk.ours),
    ...side("theirs", file.labels.theirs, hunk.theirs),
  ];
  const room = clamp((rows - sides.length - 6) / Math.max(1, candidates.length) - 1, 4, 12);
  const shown = candidates.flatMap(({ text, why, probability }, index) => {
    const chance = `${chanceInWords(probability)}: ${inThisRepository(why)}`;
    return [
      `  ${paints.bold(String(index + 1))} ${codeLine(chance, columns - 4)}`,
      ...textLines(text, columns, room),
    ];
  });
  return [
    "",
    paints.bold(placeOf(walk, at, columns)) + paints.dim(` · ${remaining(walk)}`),
    ...sides,
    ...(shown.length === 0 ? [] : ["", ...shown]),
    "",
    ...(offer === null ? [] : [nowSure(question, offer, columns, paints)]),
    `${keysFor(candidates.length)} `,
  ].join("\n");
}

/** What has become sure; its text only where it is none of the candidates above. */
function nowSure(
  { candidates }: Question,
  { text, why }: Settlement,
  columns: number,
  { bold }: Paints,
): string {
  const number = candidates.findIndex((candidate) => candidate.text === text) + 1;
  const name = number === 0 ? "" : `candidate ${number}. `;
  const heading = bold(`  now sure: ${name}${codeLine(inThisRepository(why), columns - 12)}`);
  const lines = number > 0 ? [] : textLines(text, columns, 6);
  return [heading, ...lines, bold("  [Enter] accepts it")].join("\n");
}

/** A resolution's text, indented; in words where it is none. */
function textLines(text: string, columns: number, limit: number): string[] {
  if (text === "") return ["      (no lines)"];
  return atMost(splitLines(text), limit, (line) => `      ${codeLine(line, columns - 6)}`);
}

function placeOf({ files }: Walk, place: Place, columns: number): string {
  const file = files[place.file];
  const { line = 1 } = file?.questions.get(place.hunk) ?? {};
  return `${shownLine(file?.path ?? "", Math.max(20, columns - 40))}:${line}`;
}

function remaining(walk: Walk): string {
  const open = openPlaces(walk);
  const files = new Set(open.map(({ file }) => file)).size;
  return `${count(open.length, "open hunk")} in ${count(files, "file")}`;
}

function keysFor(candidates: number): string {
  const numbers = candidates === 0 ? "" : candidates === 1 ? "[1] take it  " : `[1-${candidates}] take one  `;
  return `${numbers}[o]urs [t]heirs [b]oth [s]kip [u]ndo [q]uit [?]`;
}

/** What is said of a hunk that other answers have settled. */
export function renderSettled(
  walk: Walk,
  { place, settlement }: Answer,
  { columns, colour }: ScreenSize,
): string {
  const { dim } = paintsFor(colour);
  const why = shownLine(inThisRepository(settlement?.why ?? ""), Math.max(20, columns - 30));
  return dim(`${placeOf(walk, place, columns)} is settled with it: ${why}`);
}

export const walkHelp = `
  1-8     take that candidate
  o t b   take ours, theirs, or both (ours first)
  Enter   accept what has become sure
  s       skip: the hunk stays marked as git marked it
  u       undo the last choice
  q       stop; what you chose is written, the rest stays marked (so does Ctrl-C)

  The figure says in how many of 100 such cases the developers had done just that. Every choice ranks the rest anew.`;
