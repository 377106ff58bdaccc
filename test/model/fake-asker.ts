// An asker that answers from a list: samples without money, ledger or servers.
import type { ModelRequest } from "../../src/core/model.ts";
import type { CallPurpose } from "../../src/core/models.ts";
import type { Asker, Sample } from "../../src/model/asker.ts";

export const purpose: CallPurpose = {
  agent: "conflict-resolver",
  slot: "pick",
  role: "small",
  subject: "src/a.ts#1",
  kind: "code",
};

type Say = (
  request: ModelRequest,
  call: number,
) => string | Partial<Extract<Sample, { answered: true }>> | null;

/** `null` is a model that does not answer. Requests are kept in order. */
export function fakeAsker(say: Say): Asker & { readonly requests: readonly ModelRequest[] } {
  const requests: ModelRequest[] = [];
  return {
    requests,
    isAvailable: () => true,
    problems: () => [],
    sample: (_purpose, request) => {
      requests.push(request);
      const callIds = [`call-${requests.length}`];
      const said = say(request, requests.length - 1);
      if (said === null) return Promise.resolve({ answered: false, callIds, why: "nobody is there" });
      const text = typeof said === "string" ? said : "";
      const answer = { text, stopReason: "end" as const, usage: null };
      const answered = {
        answered: true as const,
        callIds,
        model: "openai:small",
        status: "answered" as const,
        answer,
      };
      return Promise.resolve(typeof said === "string" ? answered : { ...answered, ...said });
    },
  };
}
