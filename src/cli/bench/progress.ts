// How far a measurement is, on stderr: one line that is rewritten on a terminal, a line now and then elsewhere.
import { printable } from "./printable.ts";

/** Where progress goes: `process.stderr`, or a test's own. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Rewritings of the line on a terminal: as often as an eye can follow, not more. */
const terminalSteps = 200;
/** Refused lines that are told one by one; the rest only by their number. */
const mostRefusals = 50;

export interface Progress {
  /** A line is no case. */
  readonly refuse: (number: number, problem: string) => void;
  /** Says how many lines were refused in all, if any, and learns how many cases there are. */
  readonly start: (cases: number, refused: number) => void;
  readonly advance: (cases: number) => void;
  /** Says one thing, without breaking the line that is rewritten. */
  readonly note: (text: string) => void;
  readonly end: () => void;
}

/** `every`: cases between two lines where nothing can be rewritten. */
export function progressOn(
  stream: ProgressStream,
  { what, every }: { readonly what: string; readonly every: number },
): Progress {
  const terminal = stream.isTTY === true;
  let [done, told, total, refusals] = [0, 0, 0, 0];
  const step = () => (terminal ? Math.ceil(total / terminalSteps) : every);
  const clear = terminal ? "\r\u001B[K" : "";
  const tell = () => {
    told = done;
    stream.write(`${clear}${what}: ${done} of ${total}${terminal ? "" : "\n"}`);
  };
  const note = (text: string) => stream.write(`${clear}${printable(text)}\n`);
  return {
    refuse: (number, problem) => {
      if (refusals++ < mostRefusals) note(`line ${number} is refused: ${problem}`);
    },
    start: (cases, refused) => {
      total = cases;
      if (refused > 0) note(`${refused} of ${cases + refused} lines are refused; the others are measured`);
    },
    advance: (cases) => {
      done += cases;
      if (done - told >= step()) tell();
    },
    note,
    end: () => {
      if (done > told) tell();
      if (terminal && done > 0) stream.write("\n");
    },
  };
}
