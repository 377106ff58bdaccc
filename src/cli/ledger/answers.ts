// What a logged answer says, and how a text is given as an answer: by the label under which a prompt shows it, or in one fenced block.
import { stripHidden } from "../../core/prompt.ts";
import { readConsultAnswer } from "../../agents/conflict-resolver/consult-answer.ts";
import { sameLines } from "../../core/same-lines.ts";
import { onlyFencedBlock } from "../../model/fence.ts";
import { readLabel } from "../../model/read-label.ts";

/** Slots that are answered by a label, whichever agent asks. */
const labelSlots: ReadonlySet<string> = new Set(["pick", "classify"]);

export const isLabelSlot = (slot: string): boolean => labelSlots.has(slot);

/** The agent whose answers are hunks: what people commit in their place is text of the same kind. */
const hunkAgent = "conflict-resolver";

/** The form that a question asks for. */
type AnswerForm =
  | "label"
  /** A letter, a block, or a word that hands over. */
  | "consult"
  /** One fenced block: the hunk. */
  | "block"
  /** What was written, as it was written: many answers are right, and none can be told from its words alone. */
  | "whole";

function formOf({ agent, slot }: { readonly agent: string; readonly slot: string }): AnswerForm {
  if (isLabelSlot(slot)) return "label";
  if (agent !== hunkAgent) return "whole";
  return slot === "consult" ? "consult" : "block";
}

/** Whether two answers can be told to say the same by their texts: so a label's and a hunk's, and not a fix's or a test's. */
export const isComparable = (call: { readonly agent: string; readonly slot: string }): boolean =>
  formOf(call) !== "whole";

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
  readonly agent: string;
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
export function readSaid(call: Answered): Said | null {
  const { user, answer } = call;
  switch (formOf(call)) {
    case "label":
      return optionNamed(user, readLabel(answer, labelsOf(user)));
    case "consult": {
      const read = readConsultAnswer(answer);
      if (read.kind === "write") return { text: read.text, written: true };
      return read.kind === "choice" ? optionNamed(user, read.letter) : null;
    }
    case "block": {
      const block = onlyFencedBlock(answer);
      return "text" in block ? { text: block.text, written: true } : null;
    }
    case "whole":
      return answer.trim() === "" ? null : { text: answer, written: true };
  }
}

/** Whether an answer has the form that its slot asks for. */
export function isWellFormed(call: Answered): boolean {
  const { user, answer } = call;
  switch (formOf(call)) {
    case "label":
      return readLabel(answer, labelsOf(user)) !== null;
    case "consult":
      return readConsultAnswer(answer).kind !== "malformed";
    case "block":
      return "text" in onlyFencedBlock(answer) || /^\W*CANNOT\W*$/.test(answer);
    case "whole":
      return answer.trim() !== "";
  }
}

export interface GivenAnswer {
  readonly answer: string;
  /** Whether the text itself is in the answer, and not just the label under which the prompt shows it. */
  readonly spelt: boolean;
}

/** The answer that stands for this text, in the form that the slot asks for; `null` where that is a label and the prompt shows none. */
export function answerSaying(text: string, call: Omit<Answered, "answer">): GivenAnswer | null {
  const { user } = call;
  switch (formOf(call)) {
    case "label": {
      const label = labelOf(user, text);
      return label === null ? null : { answer: JSON.stringify({ choice: label }), spelt: false };
    }
    case "consult": {
      const label = labelOf(user, text);
      return label === null
        ? { answer: `WRITE\n${inFence(text)}`, spelt: true }
        : { answer: `CHOICE: ${label}`, spelt: false };
    }
    case "block":
      return { answer: inFence(text), spelt: true };
    case "whole":
      return { answer: text, spelt: true };
  }
}

/** A fence longer than every run of backticks in the text. */
function inFence(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${fence}`;
}
