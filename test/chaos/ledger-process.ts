// A worker of its own process that asks models one question after another over a shared store, and kills itself at the boundary that it is told.
import type { Ledger } from "../../src/core/ledger.ts";
import type { CallPurpose, ModelRunFacts, Models } from "../../src/core/models.ts";
import { definePrompt } from "../../src/core/prompt.ts";
import { defaultPolicy } from "../../src/config/policy-defaults.ts";
import { clientFor } from "../../src/model/clients/client-for.ts";
import { createModels } from "../../src/model/index.ts";
import { noScreen } from "../../src/model/screen.ts";
import { openStore } from "../../src/store/index.ts";
import { silentLog } from "../store/fixtures.ts";
import type { Death, Life, Line, QuestionKind } from "./ledger-crew.ts";

/** Written by `ledger-crew.ts`. */
const readLife = (text: string): Life => JSON.parse(text) as Life;

const dieNow = (): Promise<never> => {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => undefined);
};

/** `asked` is not in here: that is when the server kills. */
function mortal(ledger: Ledger, death: Death | null): Ledger {
  let reserved = 0;
  let settled = 0;
  return {
    ...ledger,
    reserveCall: async (call, scopes) => {
      const reservation = await ledger.reserveCall(call, scopes);
      if (reservation.granted && death?.at === "reserved" && ++reserved >= death.call) await dieNow();
      return reservation;
    },
    settleCall: async (id, known) => {
      const isAnswer = known.usage !== null;
      if (isAnswer && death?.at === "answered" && ++settled >= death.call) await dieNow();
      const done = await ledger.settleCall(id, known);
      if (isAnswer && death?.at === "settled" && ++settled >= death.call) await dieNow();
      return done;
    },
  };
}

const shown = (text: string) => ({ text, maxBytes: 500, maxLines: 20 });
const data = { base: shown("a\n"), ours: shown("a b\n"), theirs: shown("a c\n") };
const sides = "{{base}}\n{{ours}}\n{{theirs}}";
const bounds = { maxBytes: 8_000, maxOutputTokens: 60 };
const purposeOf = (slot: string, role: CallPurpose["role"], subject: string): CallPurpose => ({
  agent: "conflict-resolver",
  slot,
  role,
  subject,
  kind: "code",
});

type Ask = (models: Models, subject: string) => Promise<{ readonly status: string; readonly why: string }>;

const questions: Readonly<Record<QuestionKind, Ask>> = {
  choose: (models, subject) =>
    models.choose(purposeOf("pick", "small", subject), {
      ...bounds,
      prompt: definePrompt("pick", { system: "Pick.", user: `${sides}\n{{options}}` }),
      data,
      options: ["a b\n", "a c\n", "a b c\n"].map(shown),
      samples: 3,
      seed: subject,
    }),
  write: (models, subject) =>
    models.write(purposeOf("generate", "small", subject), {
      ...bounds,
      prompt: definePrompt("generate", { system: "Write.", user: sides }),
      data,
      samples: 3,
      needed: 2,
      keyOf: (text) => text.trim(),
    }),
  consult: (models, subject) =>
    models.ask(purposeOf("consult", "large", subject), {
      ...bounds,
      prompt: definePrompt("consult", { system: "Advise.", user: sides }),
      data,
    }),
};

const life = readLife(process.argv[2] ?? "{}");
const { store } = await openStore({ dataDir: "/nowhere", ...life.address, log: silentLog });
const modelsFor = createModels({
  settings: life.settings,
  ledger: mortal(store, life.death),
  clientFor: clientFor(life.settings),
  now: () => life.now,
  log: silentLog,
  sleep: () => Promise.resolve(),
  ...(!life.screened && { screen: noScreen }),
});

const runOf = (index: number): ModelRunFacts => {
  const { runId, number } = life.runs[index % life.runs.length] ?? { runId: "none", number: 1 };
  const pull = { installationId: 7, owner: "Acme", repo: "app", number };
  return { runId, pull, fromFork: false, policy: defaultPolicy, signal: new AbortController().signal };
};

const say = (line: Line): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

// Models anew for each question, as each attempt of a run has them: a server that was given up is asked again.
async function askInTurn(lane: number): Promise<void> {
  for (let index = 0; index < life.questions; index++) {
    const kind = life.kinds[index % life.kinds.length] ?? "choose";
    const { why } = await questions[kind](modelsFor(runOf(index)).models, `src/${lane}.ts#${index}`);
    if (why.includes("the budget of")) {
      say({ broke: why });
      return;
    }
  }
}

await Promise.all(Array.from({ length: life.lanes }, (_, lane) => askInTurn(lane)));
say({ use: await modelsFor(runOf(0)).use([], []) });
await store.close();
