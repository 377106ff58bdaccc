// Workers that share a store and a scripted server, die where they are told to, and are replaced; and what the server saw of it all.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { ModelSettings } from "../../src/core/model-settings.ts";
import { ModelUse } from "../../src/core/report.ts";
import { startScriptedServer } from "../../src/scripted/server.ts";
import type { ScriptedReply, ScriptedRequest, ScriptedServer } from "../../src/scripted/server.ts";
import type { Place } from "../store/drivers.ts";

export type QuestionKind = "choose" | "write" | "consult";

/** `reserved`: before the server is asked; `asked`: while it answers; `answered`: before what it cost is settled; `settled`: right after. */
export interface Death {
  readonly at: "reserved" | "asked" | "answered" | "settled";
  /** At which call, from 1; of `answered` and `settled` only those with an answer count. */
  readonly call: number;
}

/** One process, from its start to its end. */
export interface Life {
  /** Its key at the server, too: so the server knows who asks. */
  readonly name: string;
  readonly address: Place["address"];
  readonly settings: ModelSettings;
  readonly screened: boolean;
  readonly kinds: readonly QuestionKind[];
  /** How many each of its lanes asks; lanes ask at the same time. */
  readonly questions: number;
  readonly lanes: number;
  /** Runs that its questions belong to, in turn. */
  readonly runs: readonly { readonly runId: string; readonly number: number }[];
  readonly death: Death | null;
  /** Milliseconds since 1970, as its clock stands. */
  readonly now: number;
}

const Line = z.union([z.strictObject({ broke: z.string() }), z.strictObject({ use: ModelUse.nullable() })]);
export type Line = z.infer<typeof Line>;

export interface Ended {
  readonly life: Life;
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly said: readonly Line[];
}

/** What a worker's request gets; `asked` counts those of the same life, from 1. */
export type Answer = (
  request: ScriptedRequest,
  life: string,
  asked: number,
) => ScriptedReply | Promise<ScriptedReply>;

export interface Crew {
  readonly server: ScriptedServer;
  /** Lives one after another until the last has ended by itself. */
  readonly work: (lives: readonly Life[]) => Promise<readonly Ended[]>;
  /** Tokens of the last answer that each life was given. */
  readonly lastTold: ReadonlyMap<string, { readonly model: string; readonly tokens: number }>;
  readonly close: () => Promise<void>;
}

/**
 * Workers of `first` go in step: no answer leaves before every worker that is alive waits for one, so that their next reservations meet in the store. Whoever
 * comes later falls in with its first request. `seen` is called before each answer, and waited for.
 */
export async function startCrew(
  first: readonly string[],
  answer: Answer,
  seen: (life: string) => Promise<void> = () => Promise.resolve(),
): Promise<Crew> {
  const alive = new Map<string, { readonly child: ChildProcess; readonly life: Life }>();
  const counts = new Map<string, number>();
  const lastTold = new Map<string, { readonly model: string; readonly tokens: number }>();
  const step = marchInStep(first);

  const server = await startScriptedServer(async (request) => {
    const name = request.key ?? "";
    const asked = (counts.get(name) ?? 0) + 1;
    counts.set(name, asked);
    await step.wait(name);
    await seen(name);
    const one = alive.get(name);
    if (one === undefined) throw new Error(`nobody alive has the key ${name}`);
    if (one.life.death?.at === "asked" && one.life.death.call === asked) {
      const ended = once(one.child, "exit");
      one.child.kill("SIGKILL");
      await ended;
      return { kind: "hang" };
    }
    const reply = await answer(request, name, asked);
    if (reply.kind === "text" && reply.usage)
      lastTold.set(name, {
        model: request.model,
        tokens: reply.usage.inputTokens + reply.usage.outputTokens,
      });
    return reply;
  });

  const live = async (life: Life): Promise<Ended> => {
    const program = path.join(import.meta.dirname, "ledger-process.ts");
    const args = ["--import", import.meta.resolve("tsx"), program, JSON.stringify(life)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    alive.set(life.name, { child, life });
    const ended = once(child, "close");
    const said: Line[] = [];
    for await (const text of createInterface({ input: child.stdout }))
      said.push(Line.parse(JSON.parse(text)));
    await ended;
    alive.delete(life.name);
    step.leave(life.name);
    return { life, signal: child.signalCode, code: child.exitCode, said };
  };

  return {
    server,
    lastTold,
    work: async (lives) => {
      const ended: Ended[] = [];
      for (const life of lives) ended.push(await live(life));
      return ended;
    },
    close: async () => {
      for (const { child } of alive.values()) child.kill("SIGKILL");
      await server.close();
    },
  };
}

/** Lets all go on once somebody of each name waits. */
function marchInStep(first: readonly string[]) {
  const marching = new Set(first);
  let waiting: { readonly name: string; readonly release: () => void }[] = [];
  const go = (): void => {
    const here = new Set(waiting.map(({ name }) => name));
    if ([...marching].some((name) => !here.has(name))) return;
    const all = waiting;
    waiting = [];
    for (const { release } of all) release();
  };
  return {
    wait: (name: string): Promise<void> =>
      new Promise((resolve) => {
        marching.add(name);
        waiting.push({ name, release: resolve });
        go();
      }),
    leave: (name: string): void => {
      marching.delete(name);
      waiting = waiting.filter((one) => one.name !== name);
      go();
    },
  };
}
