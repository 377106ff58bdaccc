// Checks of others that have ended, and that no delivery can pass for a run that we start ourselves.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { InboxItem, automaticPrefix, errands, itemId } from "../../src/core/command.ts";
import { handledEvents, itemsFor } from "../../src/webhooks/events.ts";
import { installation, person, repository } from "./deliveries.ts";

const self = { appId: 42, botLogin: "errand[bot]" };
const bot = { login: "github-actions[bot]", type: "Bot" };
const ourselves = { login: "Errand[bot]", type: "Bot" };
const common = { installation, repository, sender: person };

const none = (event: string, payload: unknown) => {
  expect(itemsFor(event, payload, self, "guid-1")).toEqual([]);
};

describe("checks of others that have ended", () => {
  const pull_requests = [
    { number: 12, base: { repo: { id: repository.id } } },
    { number: 13, base: { repo: { id: repository.id } } },
    { number: 99, base: { repo: { id: 78 } } },
  ];
  const head_sha = "e".repeat(40);
  const about = { head_sha, pull_requests, updated_at: "2026-01-02T03:04:05Z" };
  const suite = (changes = {}, sender: object = bot) => ({
    ...{ ...common, sender, action: "completed" },
    check_suite: { id: 8, ...about, conclusion: "success", app: { id: 15368 }, ...changes },
  });
  const workflow = (changes = {}) => ({
    ...{ ...common, action: "completed" },
    workflow_run: { id: 900, check_suite_id: 8, conclusion: "failure", ...about, ...changes },
  });
  const run = (changes = {}) => ({
    ...{ ...common, action: "completed" },
    check_run: {
      ...{ id: 300, name: "build", head_sha, pull_requests, conclusion: "failure" },
      ...{ completed_at: "2026-01-02T03:04:05Z", app: { id: 15368 }, ...changes },
    },
  });
  const told = (event: string, payload: unknown) =>
    itemsFor(event, payload, self, "guid-1").map((item) => InboxItem.parse(item));

  it.each([
    ["check_suite.completed", suite()],
    ["workflow_run.completed", workflow()],
    ["check_run.completed", run()],
  ])("%s is news for each pull request of ours that it names, whoever is behind it", (event, payload) => {
    const items = told(event, payload);
    expect(items).toHaveLength(2);
    expect(items).toMatchObject(
      [12, 13].map((number) => ({
        kind: "command",
        command: {
          verb: "checks-ended",
          pull: { number },
          headSha: head_sha,
          source: { kind: "event", event },
        },
      })),
    );
    expect(new Set(items.map(itemId)).size).toBe(2);
  });

  it("a suite is news however it ended, also of a commit that we pushed", () => {
    for (const conclusion of ["success", "failure", "cancelled", null])
      expect(told("check_suite.completed", suite({ conclusion }, ourselves))).toHaveLength(2);
  });

  it("a single check only where it failed or ran out of time: its suite tells of the rest", () => {
    expect(told("check_run.completed", run({ conclusion: "timed_out" }))).toHaveLength(2);
    for (const conclusion of ["success", "neutral", "skipped", "cancelled", null])
      none("check_run.completed", run({ conclusion }));
  });

  it("of our own checks, and of a fork, for which GitHub names no pull request, is none", () => {
    none("check_suite.completed", suite({ app: { id: 42 } }));
    none("check_run.completed", run({ app: { id: 42 } }));
    for (const [event, of] of [
      ["check_suite.completed", suite],
      ["workflow_run.completed", workflow],
      ["check_run.completed", run],
    ] as const)
      none(event, of({ pull_requests: [] }));
  });

  it("has one id for every telling of the same end, and another for the next end", () => {
    const ids = (payload: unknown, event = "check_suite.completed") => told(event, payload).map(itemId);
    expect(ids(suite())).toEqual(ids(suite({}, ourselves)));
    expect(ids(workflow(), "workflow_run.completed")).toEqual(ids(suite()));
    expect(ids(suite({ updated_at: "2026-01-02T03:09:05Z" }))).not.toEqual(ids(suite()));
    expect(ids(suite({ id: 9 }))).not.toEqual(ids(suite()));
    expect(ids(run({ id: 301 }), "check_run.completed")).not.toEqual(ids(run(), "check_run.completed"));
  });

  it("of a head that very many pull requests share is told to some of them", () => {
    const many = Array.from({ length: 300 }, (_, index) => ({
      number: index + 1,
      base: { repo: { id: repository.id } },
    }));
    expect(told("check_suite.completed", suite({ pull_requests: many }))).toHaveLength(10);
  });
});

describe("ids of automatic runs", () => {
  /** Text that strives to look like ours, wherever a payload has any. */
  const text = fc.oneof(fc.constantFrom("automatic/", "automatic/fix-tests/acme/widgets#12/x"), fc.string());
  const payload = fc.record({
    ...{
      action: text,
      installation: fc.constant(installation),
      ref: text.map((name) => `refs/heads/${name}`),
      before: text,
      after: text,
    },
    repository: fc.constant({ ...repository, pushed_at: "automatic/" }),
    sender: fc.record({ login: fc.constantFrom("ada", "automatic/"), type: fc.constant("User") }),
    deleted: fc.constant(false),
    issue: fc.constant({ number: 12, pull_request: {} }),
    comment: fc.record({
      id: fc.nat(),
      ...{ node_id: text, created_at: text, body: fc.constant("/agent fix-tests\n/agent automatic/") },
    }),
    pull_request: fc.record({
      number: fc.constant(12),
      ...{ node_id: text, updated_at: text, head: fc.record({ sha: text }) },
    }),
    label: fc.constantFrom(...errands.map((errand) => ({ name: `agent: ${errand}` }))),
    check_run: fc.record({
      id: fc.nat(),
      ...{ name: text, head_sha: text, completed_at: text, external_id: text },
      conclusion: fc.constant("failure"),
      app: fc.constantFrom({ id: 42 }, { id: 1 }),
      pull_requests: fc.constant([{ number: 12, base: { repo: { id: repository.id } } }]),
    }),
    requested_action: fc.record({ identifier: fc.constantFrom("apply", "apply#12", "automatic/") }),
    check_suite: fc.record({
      id: fc.nat(),
      ...{ head_sha: text, updated_at: text },
      app: fc.constantFrom({ id: 42 }, { id: 1 }),
      pull_requests: fc.constant([{ number: 12, base: { repo: { id: repository.id } } }]),
    }),
    workflow_run: fc.record({
      id: fc.nat(),
      ...{ head_sha: text, updated_at: text },
      pull_requests: fc.constant([{ number: 12, base: { repo: { id: repository.id } } }]),
    }),
  });

  it("are never made from a delivery, whatever it says", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(...handledEvents), payload, text, (event, of, deliveryId) => {
        for (const item of itemsFor(event, of, self, deliveryId)) {
          seen.add(event);
          expect(itemId(item).startsWith(automaticPrefix)).toBe(false);
        }
      }),
      { numRuns: 2_000 },
    );
    // The payload above is a good one for every event that starts anything on a pull request.
    expect(handledEvents.filter((event) => !event.startsWith("installation") && !seen.has(event))).toEqual(
      [],
    );
  });
});
