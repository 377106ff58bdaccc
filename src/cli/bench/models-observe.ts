// Listens to what an agent asks of its models, and to how each question ended; changes nothing.
import type { CallPurpose, Models } from "../../core/models.ts";

/** One question, however many samples it took. */
export interface ObservedQuestion {
  readonly slot: string;
  /** "agreed", "none", "declined", "disagreed", "answered", or why there is no answer. */
  readonly status: string;
}

export function observed(models: Models, onQuestion: (question: ObservedQuestion) => void): Models {
  const heard = async <T extends { readonly status: string }>(
    { slot }: CallPurpose,
    ended: Promise<T>,
  ): Promise<T> => {
    const answer = await ended;
    onQuestion({ slot, status: answer.status });
    return answer;
  };
  return {
    ...models,
    ask: (purpose, question) => heard(purpose, models.ask(purpose, question)),
    choose: (purpose, question) => heard(purpose, models.choose(purpose, question)),
    write: (purpose, question) => heard(purpose, models.write(purpose, question)),
  };
}
