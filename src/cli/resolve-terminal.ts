// The walk at a terminal: keys in, screens out. What a key means is decided in resolve-walk.ts.
import { emitKeypressEvents } from "node:readline";
import { ownVariables } from "../config/process-environment.ts";
import { renderQuestion, renderSettled, walkHelp } from "./resolve-screen.ts";
import type { ScreenSize } from "./resolve-screen.ts";
import { beginWalk, stepWalk } from "./resolve-walk.ts";
import type { Ranking, Walk, WalkEffect, WalkEvent, WalkFile, WalkStep } from "./resolve-walk.ts";

/** A terminal's two ends; a test puts streams in their place. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly setRawMode?: (on: boolean) => unknown };
  readonly output: NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number };
  readonly colour: boolean;
}

export function hasTerminal(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/** The process's own terminal, in colour unless NO_COLOR (no-color.org) or TERM=dumb says otherwise. */
export function ownTerminal(): Terminal {
  const { NO_COLOR: noColour = "", TERM: kind } = ownVariables();
  return { input: process.stdin, output: process.stdout, colour: noColour === "" && kind !== "dumb" };
}

export interface WalkOptions {
  readonly terminal: Terminal;
  /** Ranks a file of the walk in the light of the answers. */
  readonly rank: (file: number, walk: Walk) => Promise<Ranking>;
  /** Carried out while keys are still held back: no second Ctrl-C can cut it short. */
  readonly finish: (walk: Walk) => Promise<void>;
}

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

/** What stops a program from outside: the person's answers must not be lost with it. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Asks about open hunks until all are answered, or the person stops; then finishes. */
export async function walkAtTerminal(files: readonly WalkFile[], options: WalkOptions): Promise<void> {
  const { input } = options.terminal;
  emitKeypressEvents(input);
  input.setRawMode?.(true);
  input.resume();
  const restore = [() => input.setRawMode?.(false), () => input.pause()];
  try {
    const walk = await askAll(files, options, restore);
    await options.finish(walk);
  } finally {
    for (const undo of restore.toReversed()) undo();
  }
}

/** Listens until the end of the walk. Handlers of signals stay until `restore` takes them off. */
function askAll(
  files: readonly WalkFile[],
  { terminal, rank }: WalkOptions,
  restore: (() => unknown)[],
): Promise<Walk> {
  const { input, output } = terminal;
  return new Promise((resolve) => {
    let { walk, effects } = beginWalk(files);
    const size = (): ScreenSize => ({
      columns: Math.max(40, knownOr(output.columns, 80)),
      rows: Math.max(12, knownOr(output.rows, 24)),
      colour: terminal.colour,
    });
    const rankFile = async (file: number): Promise<void> => {
      const ranking = await rank(file, walk).catch(() => null);
      send({ kind: "ranked", file, ranking });
    };
    const carryOut = (effect: WalkEffect): void => {
      if (effect.kind === "rank") void rankFile(effect.file);
      else output.write(textOf(walk, effect, size()));
    };
    const take = (step: WalkStep): void => {
      ({ walk, effects } = step);
      for (const effect of effects) carryOut(effect);
      if (walk.ended !== null) {
        output.write("\n");
        input.off("keypress", onKey);
        resolve(walk);
      }
    };
    const send = (event: WalkEvent): void => {
      if (walk.ended === null) take(stepWalk(walk, event));
    };
    const onKey = (text: string | undefined, key: Key): void => {
      send({ kind: "key", key: keyOf(text, key) });
    };
    const quit = (): void => {
      send({ kind: "key", key: "q" });
    };
    input.on("keypress", onKey);
    // A terminal that goes away ends its streams, or breaks them.
    input.on("end", quit).on("error", quit);
    output.on("error", quit);
    restore.push(() => {
      input.off("end", quit).off("error", quit);
      output.off("error", quit);
    });
    for (const signal of signals) {
      process.on(signal, quit);
      restore.push(() => process.off(signal, quit));
    }
    take({ walk, effects });
  });
}

/** A terminal that does not know its size says 0. */
const knownOr = (size: number | undefined, otherwise: number): number =>
  size !== undefined && size > 0 ? size : otherwise;

function keyOf(text: string | undefined, { name, ctrl = false }: Key): string {
  if (ctrl) return `ctrl-${name ?? ""}`;
  return name === "return" || name === "enter" ? "enter" : (text ?? "").toLowerCase();
}

function textOf(walk: Walk, effect: Exclude<WalkEffect, { kind: "rank" }>, size: ScreenSize): string {
  switch (effect.kind) {
    case "ask":
      return renderQuestion(walk, size);
    case "help":
      return `\n${walkHelp}\n`;
    case "settled":
      return `\n${renderSettled(walk, effect.answer, size)}`;
    case "tell":
      return `\n${effect.text} `;
  }
}
