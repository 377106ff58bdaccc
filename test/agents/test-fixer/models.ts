// A fake `Models` for the loop: answers by question and sample, and everything that was asked.
import type { CallNote } from "../../../src/core/ledger.ts";
import type { ModelRole } from "../../../src/core/model.ts";
import type {
  Asked,
  AskQuestion,
  CallPurpose,
  ChooseQuestion,
  Chosen,
  Models,
} from "../../../src/core/models.ts";
import { renderPrompt } from "../../../src/core/prompt.ts";

interface Asking {
  readonly slot: string;
  readonly role: ModelRole;
  readonly subject: string | null;
  readonly sample: number;
  /** What the model sees. */
  readonly user: string;
  readonly bytes: number;
  /** How many questions were asked before. */
  readonly index: number;
}

type Answer = string | { readonly status: "truncated" | "refused" | "empty" };

export interface Script {
  readonly small?: (asking: Asking) => Answer;
  readonly large?: (asking: Asking) => Answer;
  /** The index of an option, by its text. */
  readonly choose?: (options: readonly string[]) => number;
}

export interface ScriptedModels extends Models {
  readonly asked: readonly Asking[];
  readonly notes: readonly CallNote[];
  /** Calls by id, and whether the last note of each says that it settled what was asked. */
  readonly labels: ReadonlyMap<string, boolean>;
}

export function scriptedModels(script: Script): ScriptedModels {
  const asked: Asking[] = [];
  const notes: CallNote[] = [];
  const labels = new Map<string, boolean>();
  const answerOf = (role: ModelRole) => (role === "small" ? script.small : script.large);
  return {
    asked,
    notes,
    labels,
    isAvailable: (role) => answerOf(role) !== undefined || (role === "small" && script.choose !== undefined),
    ask: ({ slot, role, subject }: CallPurpose, question: AskQuestion): Promise<Asked> => {
      const { prompt, bytes } = renderPrompt(question.prompt, question.data);
      const asking = {
        slot,
        role,
        subject,
        sample: question.sample ?? 0,
        user: prompt.user,
        bytes,
        index: asked.length,
      };
      if (bytes > question.maxBytes) return Promise.resolve(nobody("too-large"));
      const answer = answerOf(role)?.(asking);
      if (answer === undefined) return Promise.resolve(nobody("unavailable"));
      asked.push(asking);
      const calls = { callIds: [`call ${asked.length}`], model: `${role} model`, why: "Asked." };
      return Promise.resolve(
        typeof answer === "string"
          ? { ...calls, status: "answered", text: answer }
          : { ...calls, ...answer, text: null },
      );
    },
    choose: (_purpose: CallPurpose, { options }: ChooseQuestion): Promise<Chosen> => {
      const index = script.choose?.(options.map(({ text }) => text)) ?? -1;
      const calls = { callIds: ["a", "b", "c"], model: "small model", why: "3 of 3 samples chose it." };
      return Promise.resolve(
        index < 0
          ? { ...calls, votes: ["none"], status: "none", index: null }
          : { ...calls, votes: [index, index, index], status: "agreed", index },
      );
    },
    write: () => {
      throw new Error("The loop does not use it.");
    },
    note: (ids, note) => {
      notes.push(note);
      for (const id of ids) if (note.accepted !== undefined) labels.set(id, note.accepted);
      return Promise.resolve();
    },
    problems: () => [],
  };
}

const nobody = (status: "unavailable" | "too-large"): Asked => ({
  status,
  text: null,
  callIds: [],
  model: null,
  why: "Nobody was asked.",
});

export const fenced = (code: string, words = "The comparison is wrong."): string =>
  `${words}\n\`\`\`js\n${code}\n\`\`\`\n`;
