// What each of GitHub's events turns into, and what it must not turn into.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { InboxItem, errands, itemId, mailboxOf } from "../../src/core/command.ts";
import { checkNames } from "../../src/core/github.ts";
import { handledEvents, itemsFor } from "../../src/webhooks/events.ts";
import { comment, installation, person, repository } from "./deliveries.ts";

const self = { appId: 42, botLogin: "errand[bot]" };
const bot = { login: "dependabot[bot]", type: "Bot" };
const ourselves = { login: "Errand[bot]", type: "Bot" };
const common = { installation, repository, sender: person };

/** The only item of an event, checked against the schema that the queue's other side parses with. */
function only(event: string, payload: unknown): InboxItem {
  const items = itemsFor(event, payload, self, "guid-1");
  expect(items).toHaveLength(1);
  return InboxItem.parse(items[0]);
}

const none = (event: string, payload: unknown) => {
  expect(itemsFor(event, payload, self, "guid-1")).toEqual([]);
};

describe("a new comment", () => {
  it("on a pull request becomes a command that says where it came from", () => {
    expect(only("issue_comment.created", comment("/agent fix conflicts"))).toEqual({
      kind: "command",
      command: {
        id: "comment/IC_900/2026-01-02T03:04:05Z/0",
        pull: { installationId: 5, owner: "Acme", repo: "Widgets", number: 12 },
        actor: { login: "ada", type: "User" },
        verb: "fix-conflicts",
        args: [],
        headSha: null,
        source: {
          kind: "comment",
          place: "issue",
          commentId: 900,
          bodyHash: "8364306d057f8bf5d4aa41fc7325cf68ccb7c908231c49eef48e3cf585eb2427",
          createdAt: "2026-01-02T03:04:05Z",
        },
      },
    });
  });

  it("on a line of the diff is answered there", () => {
    const payload = { ...comment("/agent status"), issue: undefined, pull_request: { number: 12 } };
    expect(only("pull_request_review_comment.created", payload)).toMatchObject({
      command: { pull: { number: 12 }, source: { kind: "comment", place: "review" } },
    });
  });

  it("tells the same request by the same id in every delivery, and different requests apart", () => {
    const ids = (payload: unknown) => itemsFor("issue_comment.created", payload, self, "guid-1").map(itemId);
    expect(ids(comment("/agent apply"))).toEqual(ids(comment("/agent apply")));
    expect(new Set(ids(comment("/agent apply\n/agent status"))).size).toBe(2);
  });

  it.each([
    ["an issue that is no pull request", comment("/agent apply", { issue: { number: 12 } })],
    ["a bot", comment("/agent apply", { sender: bot })],
    ["ourselves", comment("/agent apply", { sender: ourselves })],
    [
      "a login that ends like a bot's",
      comment("/agent apply", { sender: { login: "x[BOT]", type: "User" } }),
    ],
    ["a mannequin", comment("/agent apply", { sender: { login: "x", type: "Mannequin" } })],
    [
      "an app in a person's name",
      comment("/agent apply", {
        comment: { ...comment("/agent apply").comment, performed_via_github_app: { id: 9 } },
      }),
    ],
    ["no installation", comment("/agent apply", { installation: undefined })],
    ["somebody who asks for nothing", comment("LGTM")],
  ])("of %s starts nothing", (_, payload) => {
    none("issue_comment.created", payload);
  });

  it("that was edited or deleted starts nothing", () => {
    none("issue_comment.edited", { ...comment("/agent apply"), action: "edited" });
    none("issue_comment.deleted", { ...comment("/agent apply"), action: "deleted" });
  });
});

describe("a pull request", () => {
  const payload = (action: string, changes = {}) => ({
    ...common,
    action,
    pull_request: {
      number: 12,
      node_id: "PR_12",
      updated_at: "2026-01-02T03:04:05Z",
      head: { sha: "a".repeat(40) },
    },
    label: { name: "Agent: fix-conflicts" },
    ...changes,
  });

  it.each([
    ["opened", "refresh"],
    ["synchronize", "refresh"],
    ["reopened", "refresh"],
    ["closed", "close"],
  ])("%s asks for %s, whoever did it", (action, verb) => {
    for (const sender of [person, bot]) {
      expect(only(`pull_request.${action}`, payload(action, { sender }))).toMatchObject({
        command: {
          verb,
          headSha: "a".repeat(40),
          source: { kind: "event", event: `pull_request.${action}` },
        },
      });
    }
  });

  it("that our own push changed starts nothing", () => {
    none("pull_request.synchronize", payload("synchronize", { sender: ourselves }));
  });

  it("labeled by a person with our label is a command; other labels and bots are not", () => {
    expect(only("pull_request.labeled", payload("labeled"))).toMatchObject({
      command: { verb: "fix-conflicts", source: { kind: "label", label: "Agent: fix-conflicts" } },
    });
    for (const verb of errands)
      expect(
        only("pull_request.labeled", payload("labeled", { label: { name: `agent: ${verb}` } })),
      ).toMatchObject({ command: { verb, args: [] } });
    none("pull_request.labeled", payload("labeled", { label: { name: "agent: apply" } }));
    none("pull_request.labeled", payload("labeled", { label: { name: "agent" } }));
    none("pull_request.labeled", payload("labeled", { sender: bot }));
  });
});

describe("a push", () => {
  const payload = (changes = {}) => ({
    ...common,
    ref: "refs/heads/release/`x`",
    before: "b".repeat(40),
    after: "c".repeat(40),
    deleted: false,
    repository: { ...repository, pushed_at: 1_767_322_800 },
    ...changes,
  });

  it("to a branch is news for the installation's mailbox", () => {
    const item = only("push", payload());
    expect(item).toMatchObject({
      notice: {
        kind: "branch-pushed",
        owner: "Acme",
        repo: "Widgets",
        branch: "release/`x`",
        sha: "c".repeat(40),
      },
    });
    expect(mailboxOf(item)).toBe("installation/5");
  });

  it("names the commits that its commits revert, in git's own words at the start of a line", () => {
    const reverted = (letter: string) => letter.repeat(40);
    const commits = [
      { message: `Revert "x"\n\nThis reverts commit ${reverted("1")}.\n` },
      { message: `This reverts commit ${reverted("2")}, reversing\nchanges made to ${reverted("9")}.` },
      { message: "This reverts commit 3333333 (a subject, 2026-01-01)." },
      { message: `Again\n\nThis reverts commit ${reverted("1")}.` },
      { message: `He said: This reverts commit ${reverted("4")}.\nThis reverts commit main.\n` },
    ];
    expect(only("push", payload({ commits }))).toMatchObject({
      notice: { reverts: [reverted("1"), reverted("2"), "3333333"] },
    });
    const many = Array.from({ length: 500 }, (_, index) => ({
      message: `This reverts commit ${String(index).padStart(40, "0")}.`,
    }));
    const item = only("push", payload({ commits: many }));
    expect(
      item.kind === "notice" && item.notice.kind === "branch-pushed" && item.notice.reverts,
    ).toHaveLength(20);
    expect(only("push", payload())).toMatchObject({ notice: { reverts: [] } });
  });

  it("of a tag, of a deletion, and of our own is none", () => {
    none("push", payload({ ref: "refs/tags/v1" }));
    none("push", payload({ deleted: true }));
    none("push", payload({ sender: ourselves }));
  });

  it("that goes back to an earlier commit and forward again is news each time", () => {
    const there = only("push", payload());
    const again = only("push", payload({ repository: { ...repository, pushed_at: 1_767_322_900 } }));
    expect(itemId(there)).not.toBe(itemId(again));
  });
});

describe("a button of a check run", () => {
  const named = (number: number, repositoryId = repository.id) => ({
    number,
    base: { repo: { id: repositoryId } },
  });
  const payload = (changes = {}, check = {}) => ({
    ...common,
    check_run: {
      id: 300,
      head_sha: "d".repeat(40),
      completed_at: "2026-01-02T03:04:05Z",
      app: { id: 42 },
      check_suite: { updated_at: "2026-01-02T03:04:06Z" },
      pull_requests: [named(12)],
      ...check,
    },
    requested_action: { identifier: "apply" },
    ...changes,
  });

  it("Apply is the command apply on the head that the person saw", () => {
    expect(only("check_run.requested_action", payload())).toMatchObject({
      command: {
        verb: "apply",
        pull: { number: 12 },
        headSha: "d".repeat(40),
        source: { kind: "button", checkRunId: 300, identifier: "apply" },
      },
    });
  });

  it("Apply names the run whose check run it stands on, where GitHub tells it", () => {
    const pressed = (external_id: string | null | undefined) =>
      only("check_run.requested_action", payload({}, { external_id }));
    expect(pressed("0123456789abcdef")).toMatchObject({ command: { args: ["0123456789abcdef"] } });
    for (const untold of ["", null, undefined])
      expect(pressed(untold)).toMatchObject({ command: { args: [] } });
    const rerun = only("check_run.rerequested", payload({}, { external_id: "0123456789abcdef" }));
    expect(rerun).toMatchObject({ command: { verb: "fix-conflicts", args: [] } });
  });

  it("Apply finds its pull request by the number in its identifier, where GitHub names none (a fork) or several", () => {
    const requested_action = { identifier: "apply#34" };
    for (const pull_requests of [[], [named(12), named(34)]]) {
      expect(
        only("check_run.requested_action", payload({ requested_action }, { pull_requests })),
      ).toMatchObject({ command: { pull: { number: 34 }, verb: "apply" } });
    }
    none("check_run.requested_action", payload({}, { pull_requests: [] }));
    none("check_run.requested_action", payload({}, { pull_requests: [named(12), named(34)] }));
  });

  it.each(["merge", "apply#", "apply#0", "apply#x", "apply#1e3", "", "apply2"])(
    "with the identifier %j starts nothing",
    (identifier) => {
      none("check_run.requested_action", payload({ requested_action: { identifier } }));
    },
  );

  it("Re-run is the command fix-conflicts; Re-run all, which names no check, asks for each errand", () => {
    expect(only("check_run.rerequested", payload())).toMatchObject({
      command: { verb: "fix-conflicts", source: { identifier: "rerequested" } },
    });
    const check_suite = { id: 8, head_sha: "d".repeat(40), app: { id: 42 }, pull_requests: [named(12)] };
    const asked = itemsFor("check_suite.rerequested", { ...common, check_suite }, self, "guid-1");
    expect(asked).toMatchObject(
      ["fix-conflicts", "fix-tests", "write-tests"].map((verb) => ({
        command: { verb, headSha: "d".repeat(40), pull: { number: 12 } },
      })),
    );
    expect(new Set(asked.map(itemId)).size).toBe(3);
  });

  it("Re-run asks for what the check run is of, by its name", () => {
    for (const verb of errands)
      expect(only("check_run.rerequested", payload({}, { name: checkNames[verb] }))).toMatchObject({
        command: { verb },
      });
    expect(only("check_run.rerequested", payload({}, { name: "agent / of old" }))).toMatchObject({
      command: { verb: "fix-conflicts" },
    });
  });

  it("of another app, by a bot, or for a pull request elsewhere starts nothing", () => {
    for (const event of ["check_run.rerequested", "check_run.requested_action"]) {
      none(event, payload({}, { app: { id: 43 } }));
      none(event, payload({}, { app: null }));
      none(event, payload({ sender: bot }));
      none(event, payload({}, { pull_requests: [named(12, 78)] }));
    }
  });

  it("pressed again after the check has changed is a new request, and the same until then", () => {
    const id = (payload_: unknown) => itemId(only("check_run.requested_action", payload_));
    expect(id(payload())).toBe(id(payload()));
    expect(id(payload({}, { check_suite: { updated_at: "2026-01-02T03:05:00Z" } }))).not.toBe(id(payload()));
  });
});

describe("an installation", () => {
  const at = { id: 5, suspended_at: "2026-01-02T03:04:05Z", updated_at: "2026-01-02T03:04:05Z" };

  it("deleted or suspended is told; back again needs nothing", () => {
    const repositories = [{ id: 1, full_name: "acme/app" }];
    expect(only("installation.deleted", { installation: at, repositories })).toMatchObject({
      notice: {
        kind: "installation-deleted",
        installationId: 5,
        repositories: [{ owner: "acme", repo: "app" }],
      },
    });
    expect(only("installation.suspend", { installation: at })).toMatchObject({
      notice: { kind: "installation-suspended", installationId: 5 },
    });
    none("installation.unsuspend", { installation: at });
  });

  it("that lost repositories names them", () => {
    const repositories_removed = [
      { id: 2, full_name: "Acme/b" },
      { id: 1, full_name: "Acme/a" },
    ];
    expect(
      only("installation_repositories.removed", { installation: at, repositories_removed }),
    ).toMatchObject({
      notice: {
        kind: "repositories-removed",
        repositories: [
          { owner: "Acme", repo: "b" },
          { owner: "Acme", repo: "a" },
        ],
      },
    });
    none("installation_repositories.removed", { installation: at, repositories_removed: [] });
  });
});

describe("news of an installation", () => {
  const repositories_removed = [{ id: 1, full_name: "Acme/a" }];
  const timed = { id: 5, suspended_at: "2026-01-02T03:04:05Z", updated_at: "2026-01-02T03:04:05Z" };

  it.each(["installation_repositories.removed", "installation.suspend"])(
    "%s counts once for each delivery, whether or not a time tells two of them apart",
    (event) => {
      for (const installation of [timed, { id: 5 }]) {
        const idOf = (deliveryId: string) =>
          itemsFor(event, { installation, repositories_removed }, self, deliveryId).map(itemId);
        expect(idOf("guid-1")).toHaveLength(1);
        expect(idOf("guid-2")).not.toEqual(idOf("guid-1"));
        expect(idOf("guid-1")).toEqual(idOf("guid-1"));
      }
    },
  );

  it("takes no part in the ids of commands", () => {
    const idOf = (deliveryId: string) =>
      itemsFor("issue_comment.created", comment("/agent apply"), self, deliveryId).map(itemId);
    expect(idOf("guid-2")).toEqual(idOf("guid-1"));
  });
});

describe("anything else", () => {
  it("no event and no payload makes it throw", () => {
    const events = fc.constantFrom(...handledEvents, "star", "constructor", "__proto__", "toString");
    fc.assert(
      fc.property(events, fc.jsonValue(), (event, payload) => {
        expect(itemsFor(event, payload, self, "guid-1")).toEqual([]);
      }),
    );
  });
});
