// A pull request in a store in memory, with GitHub's answers, for the tests of automatic runs. Any effect can be made to fail, as if the worker died there.
import { defaultPolicy } from "../../../src/config/policy-defaults.ts";
import { itemId, mailboxOf } from "../../../src/core/command.ts";
import type { Command, InboxItem, Verb } from "../../../src/core/command.ts";
import type { CheckSummary } from "../../../src/core/failed-check.ts";
import type { GitHub } from "../../../src/core/github.ts";
import type { Policy } from "../../../src/core/policy.ts";
import type { PullDetails, PullRef } from "../../../src/core/pull.ts";
import { idlePull } from "../../../src/core/run.ts";
import type { PullState, Run } from "../../../src/core/run.ts";
import type { Store } from "../../../src/core/store.ts";
import type { Sandbox } from "../../../src/core/sandbox.ts";
import type { Services } from "../../../src/pipeline/services.ts";

export const pull: PullRef = { installationId: 1, owner: "acme", repo: "shop", number: 7 };
export const mailbox = "acme/shop#7";
export const turn = { mailbox, token: 1, signal: new AbortController().signal };
export const botLogin = "errand[bot]";
export const sha = (letter: string) => letter.repeat(40);

export function detailsOf(changes: Partial<PullDetails> = {}): PullDetails {
  const end = (ref: string, at: string) => ({ sha: at, ref, owner: "acme", repo: "shop" });
  return {
    ...{ pull, title: "", state: "open", defaultBranch: "main", headDeleted: false, fromFork: false },
    ...{ cloneUrl: "https://example.com/a.git", htmlUrl: "", mergeCommitSha: null, draft: false, labels: [] },
    ...{ head: end("topic", sha("a")), base: end("main", sha("b")), mergeable: true },
    ...{ author: { login: "ann", type: "User" } },
    ...changes,
  };
}

export function eventCommand(verb: Verb, changes: Partial<Command> = {}): Command {
  return {
    ...{ id: `${verb}-1`, pull, actor: { login: "ann", type: "User" }, verb, args: [], headSha: sha("a") },
    source: { kind: "event", event: "check_suite.completed" },
    ...changes,
  };
}

/** A run that pushed `commitSha` for the head aaaa…. */
export function pushedRun(commitSha: string | null, changes: Partial<Run> = {}): Run {
  const command = eventCommand("fix-tests", { id: "asked" });
  return {
    ...{ id: "run", command, startedAt: 1, errand: "fix-tests", endedAt: 2, attempts: 1 },
    ...{ headSha: sha("a"), baseSha: sha("b"), settlements: [], edits: null },
    report: {
      ...{
        runId: "run",
        errand: "fix-tests",
        ending: "pushed",
        summary: "",
        baseRef: "main",
        tree: sha("e"),
      },
      ...{ headSha: sha("a"), baseSha: sha("b"), commitSha, signed: true, tasks: [], patch: null },
      ...{ notes: ["Said before."], problems: [], models: null },
    },
    ...changes,
  };
}

/** How a worker's death looks from inside. */
const death = new Error("killed");

/** Nothing is run in these tests; that something could be is what counts. */
const notRun: Sandbox = {
  driver: "none",
  run: () => Promise.reject(new Error("no code is run in this test")),
  dependencies: { find: () => Promise.resolve(null), fill: () => Promise.resolve(null) },
};

export interface World {
  readonly services: Services;
  readonly inbox: Map<string, InboxItem[]>;
  readonly wakes: { readonly mailbox: string; readonly delayMs: number }[];
  /** What was asked of GitHub, in order. */
  readonly asked: string[];
  readonly checkRuns: string[];
  readonly state: {
    pull: PullState | null;
    details: PullDetails | null;
    checks: CheckSummary;
    auto: Policy["auto"];
    runs: Run[];
    open: PullRef[];
    comment: string;
    now: number;
    held: boolean;
    /** Effects until the worker dies; `Infinity`: never. */
    lives: number;
  };
  /** Ids of what lies in a mailbox, oldest first. */
  readonly waiting: (mailbox?: string) => string[];
}

export function worldOf(changes: Partial<World["state"]> = {}): World {
  const state: World["state"] = {
    ...{ pull: idlePull(pull), details: detailsOf(), checks: { pending: 0, failed: ["test"], passed: 3 } },
    ...{ auto: defaultPolicy.auto, runs: [], open: [], comment: "", now: 1_000, held: true, lives: Infinity },
    ...changes,
  };
  const inbox: World["inbox"] = new Map();
  const keys = new Set<string>();
  const [wakes, asked, checkRuns]: [World["wakes"], string[], string[]] = [[], [], []];
  /** Dies after the effect: the next attempt finds it done. */
  const effect = <Result>(result: Result): Promise<Result> =>
    state.lives-- > 0 ? Promise.resolve(result) : Promise.reject(death);
  const answer = <Result>(what: string, result: Result): Promise<Result> => {
    asked.push(what);
    return Promise.resolve(result);
  };
  const store: Partial<Store> = {
    accept: (deliveryId, item) => {
      const known = keys.has(deliveryId) || keys.has(itemId(item));
      keys.add(deliveryId).add(itemId(item));
      if (!known) inbox.set(mailboxOf(item), [...(inbox.get(mailboxOf(item)) ?? []), item]);
      return effect(known ? "duplicate" : "accepted");
    },
    listWaiting: (of) => Promise.resolve(inbox.get(of) ?? []),
    loadPull: () => Promise.resolve(state.pull),
    savePull: (_, __, next) => {
      if (state.held) state.pull = next;
      return effect(state.held);
    },
    loadRun: (id) => Promise.resolve(state.runs.find((run) => run.id === id) ?? null),
    listRuns: () => Promise.resolve(state.runs),
    saveRun: (_, __, run) => {
      if (state.held) state.runs = state.runs.map((known) => (known.id === run.id ? run : known));
      return effect(state.held);
    },
  };
  const github: Partial<GitHub> = {
    botLogin: () => Promise.resolve(botLogin),
    pull: ({ number }) => answer(`pull ${number}`, state.details),
    checkSummary: (_, at) => answer(`checks ${at.slice(0, 1)}`, state.checks),
    openPulls: (_, base, most) => answer(`open ${base}`, state.open.slice(0, most)),
    upsertComment: (_, body) => {
      state.comment = body;
      return effect({ id: 1, url: "" });
    },
    upsertCheck: (_, check) => {
      checkRuns.push(`${check.sha.slice(0, 1)}: ${check.summary}`);
      return effect({ id: 2, url: "" });
    },
  };
  const services: Partial<Services> = {
    store: store as Store,
    githubFor: () => github as GitHub,
    wakeUps: {
      wake: (of, { delayMs = 0 } = {}) => {
        wakes.push({ mailbox: of, delayMs });
        return effect(undefined);
      },
    },
    sandbox: { kind: "ready", sandbox: notRun },
    loadPolicy: () =>
      answer("policy", { policy: { ...defaultPolicy, auto: state.auto }, problems: [], sources: [] }),
    render: {
      comment: ({ report }) => (report?.notes ?? []).join("\n"),
      check: ({ notes }, { sha: at }) => ({
        ...{
          name: "",
          runId: "run",
          sha: at,
          conclusion: "success",
          title: "",
          annotations: [],
          actions: [],
        },
        summary: notes.join(" | "),
      }),
    },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    now: () => state.now,
  };
  const waiting = (of = mailbox) => (inbox.get(of) ?? []).map(itemId);
  return { services: services as Services, inbox, wakes, asked, checkRuns, state, waiting };
}

/** Runs `work` again and again, dying after one effect more each time, until it lives. Returns how often it died. */
export async function untilItLives(world: World, work: () => Promise<void>): Promise<number> {
  for (let deaths = 0; ; deaths++) {
    world.state.lives = deaths;
    try {
      await work();
      return deaths;
    } catch (error) {
      if (error !== death) throw error;
    } finally {
      world.state.lives = Infinity;
    }
  }
}
