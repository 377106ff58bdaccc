// Scripted models for failing tests, in the place of real ones: they read what a model is shown, and keep to its limits.
import { renderPrompt } from "../../core/prompt.ts";
import type { PromptData, PromptTemplate } from "../../core/prompt.ts";
import type { Asked, Chosen, Models, Vote, Written } from "../../core/models.ts";
import type { CaseModels } from "./tests-measure.ts";

/** What a scripted model is asked. */
export interface ScriptedTask {
  /** Name of the question, without the agent's: "write-function", "consult", "pick-place". */
  readonly question: string;
  /** What is shown, by name; several pieces of one name are joined. */
  readonly data: ReadonlyMap<string, string>;
  readonly sample: number;
  /** Counts the questions of a case, from 0. */
  readonly turn: number;
}

/** One for each case: it may remember what it was asked. */
export interface TestScript {
  readonly write: (task: ScriptedTask) => Promise<string>;
  readonly choose: (task: ScriptedTask, options: readonly string[]) => Promise<Vote>;
}

/** UTF-8 bytes of a token, about. */
const bytesPerToken = 3.5;
const tokensIn = (bytes: number): number => Math.ceil(bytes / bytesPerToken);
const model = "scripted";

export function scriptedCase(script: TestScript): CaseModels {
  const used = { calls: 0, tokens: 0 };
  const begin = (prompt: PromptTemplate, data: PromptData, maxBytes: number, sample: number) => {
    const { bytes } = renderPrompt(prompt, data);
    if (bytes > maxBytes) return null;
    const turn = used.calls++;
    used.tokens += tokensIn(bytes);
    const question = prompt.name.slice(prompt.name.indexOf("/") + 1);
    return { question, data: textsOf(data), sample, turn } satisfies ScriptedTask;
  };
  const calls = ({ turn }: ScriptedTask) => ({ callIds: [`call-${turn}`], model, why: "" });
  const say = async (task: ScriptedTask, maxOutputTokens: number): Promise<Asked> => {
    const text = await script.write(task);
    const tokens = tokensIn(Buffer.byteLength(text));
    used.tokens += Math.min(tokens, maxOutputTokens);
    if (tokens > maxOutputTokens) return { ...calls(task), status: "truncated", text: null };
    return text.trim() === ""
      ? { ...calls(task), status: "empty", text: null }
      : { ...calls(task), status: "answered", text };
  };
  const models: Models = {
    isAvailable: () => true,
    ask: async (_, { prompt, data, maxBytes, maxOutputTokens, sample = 0 }) => {
      const task = begin(prompt, data, maxBytes, sample);
      return task === null ? { ...unasked, text: null } : await say(task, maxOutputTokens);
    },
    choose: async (_, question): Promise<Chosen> => {
      const options = question.options.map((option, index) => ({
        ...option,
        label: String.fromCharCode(65 + index),
      }));
      const task = begin(question.prompt, { ...question.data, options }, question.maxBytes, 0);
      if (task === null) return { ...unasked, votes: [], index: null };
      const vote = await script.choose(
        task,
        question.options.map(({ text }) => text),
      );
      const votes = [vote];
      if (typeof vote === "number") return { ...calls(task), votes, status: "agreed", index: vote };
      return { ...calls(task), votes, status: vote === "none" ? "none" : "malformed", index: null };
    },
    write: async (_, { prompt, data, maxBytes, maxOutputTokens }): Promise<Written> => {
      const task = begin(prompt, data, maxBytes, 0);
      if (task === null) return { ...unasked, votes: [], text: null };
      const said = await say(task, maxOutputTokens);
      if (said.status === "answered") return { ...said, status: "agreed", votes: [1] };
      return { ...said, votes: [] };
    },
    note: () => Promise.resolve(),
    problems: () => [],
  };
  return { models, used: () => Promise.resolve({ ...used }) };
}

const unasked = { status: "too-large", callIds: [], model: null, why: "It does not fit." } as const;

function textsOf(data: PromptData): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(data).map(([name, value]) => {
      const list = "text" in value && typeof value.text === "string" ? [value] : value;
      const texts = Array.isArray(list) ? list.map((one: { readonly text: string }) => one.text) : [];
      return [name, texts.join("\n").replaceAll("\r\n", "\n")];
    }),
  );
}

/** One fenced block that the text cannot close. */
export function inFence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.endsWith("\n") ? text : `${text}\n`}${fence}\n`;
}

/** A change of one file, as the large model is asked for it. */
export function inBlock(path: string, search: string, replace: string): string {
  const lines = (text: string) => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
  return `${path}\n<<<<<<< SEARCH\n${lines(search)}=======\n${lines(replace)}>>>>>>> REPLACE\n`;
}
