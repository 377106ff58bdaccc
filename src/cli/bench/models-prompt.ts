// A prompt as a scripted model reads it: nothing but what a real one is sent.
import { z } from "zod";

/** A question that a scripted model is asked. */
export interface ScriptedQuestion {
  readonly system: string;
  readonly user: string;
  /** JSON Schema of the answer; `null` for free text. */
  readonly schema: unknown;
  /** Counts samples where the server takes a seed. */
  readonly seed: number | null;
}

/** Data that the prompt shows, by its name; an option is "options.A". */
export interface ReadPrompt {
  readonly blocks: ReadonlyMap<string, string>;
  readonly options: readonly { readonly label: string; readonly text: string }[];
}

const block = /<data ([\da-f]{16}) ([^>\n]*)>\n([\s\S]*?)<\/data \1>/g;
const optionName = /^options\.([A-Z])$/;

export function readPrompt(user: string): ReadPrompt {
  const blocks = new Map<string, string>();
  for (const [, , name = "", inner = ""] of user.matchAll(block)) blocks.set(name, textOf(inner));
  const options = [...blocks].flatMap(([name, text]) => {
    const label = optionName.exec(name)?.[1];
    return label === undefined ? [] : [{ label, text }];
  });
  return { blocks, options };
}

/** What the renderer writes for no text at all. */
const textOf = (inner: string): string => (inner === "(nothing)\n" ? "" : inner);

/** Line ends and blanks at the ends are not what texts are told apart by: prompts have their own. */
export const bare = (text: string): string => text.replaceAll("\r\n", "\n").trim();

const ObjectSchema = z.object({ properties: z.record(z.string(), z.unknown()) });

/** An answer of the shape that is asked for: the label in every field; the label alone where no shape is asked for. */
export function labelled({ schema }: ScriptedQuestion, label: string): string {
  const shape = ObjectSchema.safeParse(schema);
  if (!shape.success) return label;
  return JSON.stringify(Object.fromEntries(Object.keys(shape.data.properties).map((name) => [name, label])));
}

/** What is asked for: a label in the shape of the schema, a text, or a decision of the large model, in words. */
export function askedFor({ schema, system, user }: ScriptedQuestion): "label" | "text" | "decision" {
  if (schema !== null) return "label";
  if (/^CHOICE: /m.test(system)) return "decision";
  return readPrompt(user).options.length > 0 ? "label" : "text";
}

/** The large model's decision: an option, or a text of its own. */
export const choiceOf = (label: string): string => `CHOICE: ${label}\nGUIDANCE: Keep what each branch meant.`;
export const writingOf = (text: string): string =>
  `WRITE\n${fencedBlock(text)}\nGUIDANCE: Keep what each branch meant.`;
export const handOver = "HUMAN\nGUIDANCE: Ask a person.";

/** One fenced block that the text cannot close. */
export function fencedBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${fence}`;
}
