// A worker with a store, a fake GitHub and real git, whose agent settles every hunk as a model of the test's own would: rows in the ledger, and no model.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { loadPolicy } from "../../src/config/policy.ts";
import type { Agent, AgentContext } from "../../src/core/agent.ts";
import { mailboxOf } from "../../src/core/command.ts";
import type { Hunk } from "../../src/core/conflict.ts";
import { modelClass } from "../../src/core/ledger.ts";
import type { ModelCall } from "../../src/core/ledger.ts";
import type { LocalCounts } from "../../src/core/memory.ts";
import { noModelRun } from "../../src/core/models.ts";
import type { PullRef } from "../../src/core/pull.ts";
import { hunkSubject, settlementKey } from "../../src/core/settlement-key.ts";
import type { Store } from "../../src/core/store.ts";
import type { HunkReport, Outcome } from "../../src/core/task.ts";
import { createGitHubFor, renderer } from "../../src/github/index.ts";
import { processMailbox } from "../../src/pipeline/process-mailbox.ts";
import type { Services } from "../../src/pipeline/services.ts";
import { openStore } from "../../src/store/index.ts";
import { itemsFor } from "../../src/webhooks/events.ts";
import { redact } from "../../src/model/redact.ts";
import { createWorkspaces } from "../../src/workspace/index.ts";
import { startFakeGitHub } from "../support/fake-github.ts";
import type { FakeGitHub } from "../support/fake-github.ts";
import { embeddedDataDir } from "../support/servers.ts";

export const model = "scripted:test";
export const answer = (sides: Hunk): string => `${sides.ours.trimEnd()} // and ${sides.theirs.trim()}\n`;

export interface AnsweringWorker {
  readonly github: FakeGitHub;
  readonly store: Store;
  /** What the agent was told of this repository, newest last. */
  readonly counts: LocalCounts[];
  readonly warnings: string[];
  /** Whether the agent asks its model; else it settles the same by rule. */
  asks: boolean;
  /** Carries out what a webhook asks for, and everything that follows from it. */
  readonly deliver: (event: string, payload: unknown) => Promise<void>;
  readonly say: (pull: PullRef, body: string) => Promise<void>;
  /** Outcome and target of each call about the pull request. */
  readonly outcomes: (pull: PullRef) => Promise<(readonly [string | null, string | null])[]>;
  readonly close: () => Promise<void>;
}

export async function startAnsweringWorker(): Promise<AnsweringWorker> {
  const directory = await embeddedDataDir();
  const github = await startFakeGitHub();
  const warnings: string[] = [];
  const complain = (fields: Record<string, unknown>, message: string) =>
    void warnings.push(`${message}: ${String(fields["error"] ?? fields["why"])}`);
  const log = { debug: () => undefined, info: () => undefined, warn: complain, error: complain };
  const { store } = await openStore({ dataDir: directory, log });
  const workspaces = createWorkspaces({ cacheDir: join(directory, "mirrors"), maxCacheBytes: 1e9, log });
  const githubFor = createGitHubFor({
    ...{ appId: github.app.id, privateKey: github.app.privateKey, apiUrl: github.url, log },
    limits: { retryDelayMs: 1 },
  });
  const counts: LocalCounts[] = [];
  const woken: string[] = [];
  let runId = "";
  const state = { asks: true };
  const nothing = () => Promise.reject(new Error("not in this test"));
  const services: Services = {
    ...{ store, githubFor, render: renderer, log, now: Date.now, forgetMirrors: () => Promise.resolve() },
    ...{ openWorkspace: workspaces.open, findResolutions: workspaces.findResolutions, redact },
    wakeUps: { wake: (mailbox) => Promise.resolve(void woken.push(mailbox)) },
    agents: [
      answeringAgent({
        store,
        isAsking: () => state.asks,
        pull: () => ({ ...current, runId }),
        seen: (known) => void counts.push(known),
      }),
    ],
    merge: {
      ...{ resolve: nothing, parseErrors: () => Promise.resolve(null), learn: nothing },
      ...{ startLockfile: nothing, verifyLockfile: nothing },
    },
    modelsFor: (facts) => {
      runId = facts.runId;
      current = facts.pull;
      return noModelRun;
    },
    offerReplay: () => undefined,
    sandbox: { kind: "unavailable", why: "This test runs no code.", remedy: "None is needed." },
    loadPolicy: (api, { pull }) =>
      loadPolicy((owner, repo, path) => api.file({ owner, repo }, path, null), pull),
    limits: { maxConflictedFiles: 50, maxAttempts: 5 },
    reached: () => Promise.resolve(),
  };
  let current: PullRef = { installationId: 0, owner: "none", repo: "none", number: 1 };
  const self = { appId: github.app.id, botLogin: github.bot.login };
  let deliveries = 0;
  const deliver: AnsweringWorker["deliver"] = async (event, payload) => {
    for (const item of itemsFor(event, payload, self, String(++deliveries))) {
      await store.accept(`${deliveries}/${mailboxOf(item)}`, item);
      woken.push(mailboxOf(item));
    }
    for (let mailbox = woken.shift(); mailbox !== undefined; mailbox = woken.shift())
      await processMailbox(mailbox, services, new AbortController().signal);
  };
  return {
    ...{ github, store, counts, warnings, deliver },
    get asks() {
      return state.asks;
    },
    set asks(value) {
      state.asks = value;
    },
    say: (pull, body) => deliver("issue_comment.created", github.comment(pull, "ann", body).payload),
    outcomes: async ({ owner, repo, number }) => {
      const calls = await store.listCalls({ repository: { owner, repo, number }, limit: 100 });
      return calls.map(({ outcome, contents }) => [outcome, contents?.target ?? null] as const);
    },
    close: async () => {
      await store.close();
      await github.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Asking {
  readonly store: Store;
  readonly isAsking: () => boolean;
  readonly pull: () => PullRef & { readonly runId: string };
  readonly seen: (counts: LocalCounts) => void;
}

function answeringAgent(asking: Asking): Agent {
  return {
    name: "conflict-resolver",
    order: 10,
    verifiers: [],
    propose: ({ conflicts }) =>
      conflicts.length === 0
        ? []
        : [{ agent: "conflict-resolver", goal: "settle", paths: conflicts.map(({ path }) => path) }],
    run: async (_, context): Promise<Outcome> => {
      asking.seen(context.memory.counts);
      const hunks: HunkReport[] = [];
      for (const conflict of context.workspace.conflicts) {
        const split = await context.workspace.conflictedFile(conflict);
        if (split === null) continue;
        let merged = "";
        let index = 0;
        for (const segment of split.file.segments) {
          if (segment.kind === "hunk")
            await settle(asking, context, { path: conflict.path, index: ++index, segment });
          if (segment.kind === "hunk") hunks.push(rowOf(conflict.path, index, asking, context));
          merged += segment.kind === "hunk" ? answer(segment) : segment.text;
        }
        await context.workspace.write(conflict.path, { mode: "100644", bytes: split.encode(merged) });
      }
      return { status: "changed", summary: "", hunks };
    },
  };
}

function rowOf(path: string, index: number, { isAsking }: Asking, { approved }: AgentContext): HunkReport {
  return {
    ...{ path, index, class: modelClass(model, "code"), settled: true, precision: null, aboveBar: approved },
    ...{ tier: isAsking() ? ("pick" as const) : ("semantic" as const), why: "", line: 1, sides: null },
    candidates: [],
    result: null,
    proof: null,
  };
}

/** What the model tiers do: a row before the call, the answer, the settlement, and then that it was accepted. */
async function settle(
  { store, pull, isAsking }: Asking,
  { approved, keepSettlement }: AgentContext,
  { path, index, segment }: { readonly path: string; readonly index: number; readonly segment: Hunk },
): Promise<void> {
  if (approved || !isAsking()) return;
  const { runId, ...ref } = pull();
  const contents = { system: "", user: "", answer: "A", target: null, meaning: null };
  const call: ModelCall = {
    ...{ id: `${runId}-${index}`, runId, ...ref, fromFork: false, agent: "conflict-resolver", slot: "pick" },
    ...{ model, promptHash: "", subject: hunkSubject(path, index), kind: "code", sample: 0, attempt: 1 },
    ...{ at: Date.now(), status: "reserved", failure: null, usage: null, priced: true, reservedMicros: 1 },
    ...{
      costMicros: 1,
      scopes: [],
      latencyMs: null,
      gates: [],
      accepted: null,
      outcome: null,
      outcomeAt: null,
    },
    contents: null,
  };
  await store.reserveCall(call, []);
  const settled = { status: "answered" as const, failure: null, usage: null, costMicros: 1, latencyMs: 1 };
  await store.settleCall(call.id, { ...settled, contents });
  const text = answer(segment);
  const key = settlementKey(path, segment);
  await keepSettlement({ key, tier: "pick", class: modelClass(model, "code"), text, why: "" });
  await store.noteCalls([call.id], { accepted: true });
}
