// What a logged answer says, and how a text is given as an answer: by the label under which a prompt shows it, or in one fenced block.
import { stripHidden } from "../../core/prompt.ts";
import { readConsultAnswer } from "../../agents/conflict-resolver/consult-answer.ts";
import { sameLines } from "../../core/same-lines.ts";
import { onlyFencedBlock } from "../../model/fence.ts";
import { readLabel } from "../../model/read-label.ts";

/** The slot that is answered by a label. */
export const labelSlot = "pick";
/** The slot that is answered by a letter, a block, or a word that hands over. */
const consultSlot = "consult";

interface ShownOption {
  readonly label: string;
  /** As shown: whole lines, "(nothing)" for an empty text. */
  readonly text: string;
}

/** A fence as `renderPrompt` writes it: its id occurs in no text between, so the first end with the same id is the end. */
const optionFence = /^<data ([\da-f]{16}) options\.([A-Z])>\n([\s\S]*?)^<\/data \1>$/gm;

const cutNote = "(cut here)\n";

/** The options of a logged prompt. A text that was cut, or shown under no label of its own, is left out: nobody can tell what it stood for. */
export function shownOptions(user: string): ShownOption[] {
  return [...user.matchAll(optionFence)].flatMap(([, , label, text]) =>
    label === undefined || text === undefined || text.endsWith(cutNote) ? [] : [{ label, text }],
  );
}

/** A text as `renderPrompt` shows it. */
function asShown(text: string): string {
  const visible = stripHidden(text);
  if (visible === "") return "(nothing)\n";
  return visible.endsWith("\n") ? visible : `${visible}\n`;
}

/** The label under which a prompt shows this text, to the letter or else but for layout; `null` where it does not, or where two labels do. */
function labelOf(user: string, text: string): string | null {
  const options = shownOptions(user);
  const exact = options.filter((option) => option.text === asShown(text));
  const [found, ...more] =
    exact.length > 0 ? exact : options.filter((option) => sameLines(option.text, asShown(text)));
  return found !== undefined && more.length === 0 ? found.label : null;
}

/** The labels that an answer to this prompt may name. */
export const labelsOf = (user: string): string[] => [...shownOptions(user).map(({ label }) => label), "NONE"];

interface Answered {
  readonly slot: string;
  readonly user: string;
  readonly answer: string;
}

/** A text, and whether the model wrote it out itself or named one that it was shown. */
interface Said {
  readonly text: string;
  readonly written: boolean;
}

function optionNamed(user: string, label: string | null): Said | null {
  const text = shownOptions(user).find((option) => option.label === label)?.text;
  if (text === undefined) return null;
  return { text: text === "(nothing)\n" ? "" : text, written: false };
}

/** What an answer stands for; `null` where it gives nothing: NONE, no such label, no block of code, HUMAN. */
export function readSaid({ slot, user, answer }: Answered): Said | null {
  if (slot === labelSlot) return optionNamed(user, readLabel(answer, labelsOf(user)));
  if (slot === consultSlot) {
    const read = readConsultAnswer(answer);
    if (read.kind === "write") return { text: read.text, written: true };
    return read.kind === "choice" ? optionNamed(user, read.letter) : null;
  }
  const block = onlyFencedBlock(answer);
  return "text" in block ? { text: block.text, written: true } : null;
}

/** Whether an answer has the form that its slot asks for. */
export function isWellFormed({ slot, user, answer }: Answered): boolean {
  if (slot === labelSlot) return readLabel(answer, labelsOf(user)) !== null;
  if (slot === consultSlot) return readConsultAnswer(answer).kind !== "malformed";
  return "text" in onlyFencedBlock(answer) || /^\W*CANNOT\W*$/.test(answer);
}

export interface GivenAnswer {
  readonly answer: string;
  /** Whether the text itself is in the answer, and not just the label under which the prompt shows it. */
  readonly spelt: boolean;
}

/** The answer that stands for this text, in the form that the slot asks for; `null` where that is a label and the prompt shows none. */
export function answerSaying(text: string, { slot, user }: Omit<Answered, "answer">): GivenAnswer | null {
  const label = slot === labelSlot || slot === consultSlot ? labelOf(user, text) : null;
  if (slot === labelSlot)
    return label === null ? null : { answer: JSON.stringify({ choice: label }), spelt: false };
  if (slot !== consultSlot) return { answer: inFence(text), spelt: true };
  return label === null
    ? { answer: `WRITE\n${inFence(text)}`, spelt: true }
    : { answer: `CHOICE: ${label}`, spelt: false };
}

/** A fence longer than every run of backticks in the text. */
function inFence(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${fence}`;
}
