// What every store must do, whatever it stands on.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { itemId, type InboxItem } from "../../src/core/command.ts";
import { AppError } from "../../src/core/errors.ts";
import { memoryMailbox } from "../../src/core/memory.ts";
import type { PullRef } from "../../src/core/pull.ts";
import type { Store } from "../../src/core/store.ts";
import { describeDrivers, type Driver, type Place } from "./drivers.ts";
import {
  item,
  mailboxFor,
  someCommand,
  someNotice,
  someProgress,
  somePull,
  someResolution,
  someRun,
  someState,
  unique,
} from "./fixtures.ts";

const delivery = (): string => `delivery-${unique()}`;

function contract(place: () => Place, driver: Driver): void {
  let store: Store;
  beforeAll(async () => {
    ({ store } = await place().open());
  }, 60_000);
  afterAll(async () => {
    await store.close();
  });

  const accept = async (...items: InboxItem[]): Promise<void> => {
    for (const each of items) expect(await store.accept(delivery(), each)).toBe("accepted");
  };

  describe("accepting", () => {
    it("keeps items in the order in which they came", async () => {
      const pull = somePull();
      const [first, second, third] = [someCommand(pull), someCommand(pull), someCommand(pull)].map(item) as [
        InboxItem,
        InboxItem,
        InboxItem,
      ];
      await accept(first, second, third);
      const mailbox = mailboxFor(pull);
      expect(await store.listWaiting(mailbox)).toEqual([first, second, third]);
      const token = await store.takeTurn(mailbox);
      for (const expected of [first, second, third]) {
        const found = await store.peek(mailbox);
        expect(found).toEqual(expected);
        expect(await store.done(mailbox, itemId(expected), token)).toBe(true);
      }
      expect(await store.peek(mailbox)).toBeNull();
      expect(await store.listWaiting(mailbox)).toEqual([]);
    });

    it("takes a delivery once, and an item once, also when they have been carried out since", async () => {
      const pull = somePull();
      const mailbox = mailboxFor(pull);
      const first = item(someCommand(pull));
      expect(await store.accept("guid-1", first)).toBe("accepted");
      expect(await store.accept("guid-1", item(someCommand(pull)))).toBe("duplicate");
      expect(await store.accept(delivery(), first)).toBe("duplicate");
      await store.done(mailbox, itemId(first), await store.takeTurn(mailbox));
      expect(await store.accept("guid-1", first)).toBe("duplicate");
      expect(await store.accept(delivery(), first)).toBe("duplicate");
      expect(await store.peek(mailbox)).toBeNull();
    });

    it("remembers nothing of a delivery whose item was a duplicate", async () => {
      const first = item(someCommand());
      await accept(first);
      const guid = delivery();
      expect(await store.accept(guid, first)).toBe("duplicate");
      expect(await store.accept(guid, item(someCommand()))).toBe("accepted");
    });

    it("accepts exactly one of many deliveries of one item at the same time", async () => {
      const pull = somePull();
      const same = item(someCommand(pull));
      const answers = await Promise.all(Array.from({ length: 20 }, () => store.accept(delivery(), same)));
      expect(answers.filter((answer) => answer === "accepted")).toHaveLength(1);
      expect(await store.listWaiting(mailboxFor(pull))).toHaveLength(1);
    });

    it("gives back hostile text as it came", async () => {
      const pull = somePull();
      const hostile = item(
        someCommand(pull, { args: ["\u0000'; DROP TABLE x;--", '\ud83d\ude00 \u2028 "\\', "a\nb"] }),
      );
      await accept(hostile);
      expect(await store.peek(mailboxFor(pull))).toEqual(hostile);
    });

    it("names the mailboxes that hold something, and no others", async () => {
      const [full, emptied] = [somePull(), somePull()];
      const done = item(someCommand(emptied));
      await accept(item(someCommand(full)), item(someCommand(full)), done);
      await store.done(mailboxFor(emptied), itemId(done), await store.takeTurn(mailboxFor(emptied)));
      const waiting = await store.waitingMailboxes();
      expect(waiting.filter((mailbox) => mailbox === mailboxFor(full))).toHaveLength(1);
      expect(waiting).not.toContain(mailboxFor(emptied));
    });
  });

  describe("turns", () => {
    it("refuses every write of a turn that was lost", async () => {
      const pull = somePull();
      const mailbox = mailboxFor(pull);
      const command = someCommand(pull);
      await accept(item(command));
      const lost = await store.takeTurn(mailbox);
      const held = await store.takeTurn(mailbox);
      expect(held).toBeGreaterThan(lost);
      expect(await store.saveRun(mailbox, lost, someRun(command))).toBe(false);
      expect(await store.savePull(mailbox, lost, someState(pull))).toBe(false);
      expect(await store.done(mailbox, command.id, lost)).toBe(false);
      expect(await store.loadRun(someRun(command).id)).toBeNull();
      expect(await store.loadPull(pull)).toBeNull();
      expect(await store.listWaiting(mailbox)).toHaveLength(1);
      expect(await store.saveRun(mailbox, held, someRun(command))).toBe(true);
      expect(await store.savePull(mailbox, held, someState(pull))).toBe(true);
      expect(await store.done(mailbox, command.id, held)).toBe(true);
    });

    it("gives every taker another number, and only the highest may write", async () => {
      const pull = somePull();
      const mailbox = mailboxFor(pull);
      const tokens = await Promise.all(Array.from({ length: 20 }, () => store.takeTurn(mailbox)));
      expect(new Set(tokens).size).toBe(20);
      const writes = await Promise.all(
        tokens.map(async (token) => [token, await store.savePull(mailbox, token, someState(pull))] as const),
      );
      expect(writes.filter(([, written]) => written)).toEqual([[Math.max(...tokens), true]]);
    });

    it("does not mind that an item is gone already", async () => {
      const mailbox = mailboxFor(somePull());
      expect(await store.done(mailbox, "gone", await store.takeTurn(mailbox))).toBe(true);
    });
  });

  describe("runs and states", () => {
    it("replaces a run by the newer version of it", async () => {
      const command = someCommand();
      const mailbox = mailboxFor(command.pull);
      const token = await store.takeTurn(mailbox);
      const run = someRun(command);
      await store.saveRun(mailbox, token, run);
      const later = { ...run, attempts: 2, headSha: "a".repeat(40) };
      await store.saveRun(mailbox, token, later);
      expect(await store.loadRun(run.id)).toEqual(later);
      expect(await store.listRuns(mailbox, 10)).toEqual([later]);
      expect(await store.loadRun("unknown")).toBeNull();
    });

    it("lists runs newest first, up to a limit", async () => {
      const pull = somePull();
      const mailbox = mailboxFor(pull);
      const token = await store.takeTurn(mailbox);
      const runs = [3, 1, 2].map((startedAt) => someRun(someCommand(pull), { startedAt }));
      for (const run of runs) await store.saveRun(mailbox, token, run);
      expect((await store.listRuns(mailbox, 10)).map((run) => run.startedAt)).toEqual([3, 2, 1]);
      expect((await store.listRuns(mailbox, 2)).map((run) => run.startedAt)).toEqual([3, 2]);
      expect(await store.listRuns(mailbox, 0)).toEqual([]);
    });

    it("finds a pull request's state however its name is spelled, and by its phase", async () => {
      const pull = somePull();
      const other = { ...pull, number: pull.number + 1 };
      const save = async (state: Parameters<Store["savePull"]>[2]): Promise<void> => {
        const mailbox = mailboxFor(state.pull);
        expect(await store.savePull(mailbox, await store.takeTurn(mailbox), state)).toBe(true);
      };
      await save(someState(pull, { phase: "running" }));
      await save(someState(other, { phase: "proposed" }));
      await save(someState(pull, { phase: "proposed", commentId: 7 }));
      const shouted = { owner: pull.owner.toUpperCase(), repo: pull.repo.toUpperCase() };
      expect((await store.loadPull({ ...shouted, number: pull.number }))?.commentId).toBe(7);
      expect(await store.listPulls(shouted, "running")).toEqual([]);
      const proposed = await store.listPulls(shouted, "proposed");
      expect(proposed.map((state) => state.pull.number).sort((a, b) => a - b)).toEqual([
        pull.number,
        other.number,
      ]);
    });
  });

  describe("what a repository remembers", () => {
    it("gives resolutions back by key, replaced by newer versions of them, with the progress they were saved with", async () => {
      const repository = somePull();
      const turn = () => store.takeTurn(memoryMailbox(repository));
      expect(await store.loadReplay(repository)).toBeNull();
      expect(await store.recall(repository, ["a"])).toEqual([]);
      const [a, b] = [someResolution("a"), someResolution("b", { text: '\ud83d\ude00 "\\\n' })];
      const token = await turn();
      expect(await store.saveReplay(repository, token, someProgress(), [a, b])).toBe(true);
      const again = { ...a, agreed: 2, lastAt: 9 };
      const later = someProgress({
        replayed: 20,
        counts: { semantic: { "imports/es": { n: 2, right: 1 } } },
      });
      expect(await store.saveReplay(repository, token, later, [a, again])).toBe(true);
      expect(await store.saveReplay(repository, token, later, [])).toBe(true);

      const shouted = { owner: repository.owner.toUpperCase(), repo: repository.repo.toUpperCase() };
      expect(await store.loadReplay(shouted)).toEqual(later);
      const found = await store.recall(shouted, ["b", "c", "a", "a"]);
      expect([...found].sort((one, other) => (one.key < other.key ? -1 : 1))).toEqual([again, b]);
      expect(await store.recall(somePull(), ["a"])).toEqual([]);
      expect(await store.recall(repository, [])).toEqual([]);
    });

    it("takes nothing from a replay that has lost its turn", async () => {
      const repository = somePull();
      const lost = await store.takeTurn(memoryMailbox(repository));
      await store.takeTurn(memoryMailbox(repository));
      expect(await store.saveReplay(repository, lost, someProgress(), [someResolution("a")])).toBe(false);
      expect(await store.loadReplay(repository)).toBeNull();
      expect(await store.recall(repository, ["a"])).toEqual([]);
    });

    it("keeps the newest 2,000 resolutions", async () => {
      const repository = somePull();
      const token = await store.takeTurn(memoryMailbox(repository));
      const many = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, index) =>
          someResolution(`key-${from + index}`, { lastAt: from + index }),
        );
      for (const from of [1_000, 1_500, 2_000, 2_500])
        await store.saveReplay(repository, token, someProgress(), many(from, from + 500));
      await store.saveReplay(repository, token, someProgress(), [...many(0, 2), ...many(3_000, 3_002)]);
      const keys = ["key-0", "key-1", "key-1000", "key-1001", "key-1002", "key-3001"];
      const found = (await store.recall(repository, keys)).map(({ key }) => key);
      expect(found.sort()).toEqual(["key-1002", "key-3001"]);
    });

    it("forgets it with the repository or the installation, and lets a replay under way write nothing back", async () => {
      const mine = somePull();
      const other = somePull({ installationId: mine.installationId });
      const tokens = new Map<PullRef, number>();
      for (const repository of [mine, other]) {
        const token = await store.takeTurn(memoryMailbox(repository));
        await store.saveReplay(repository, token, someProgress(), [someResolution("a")]);
        tokens.set(repository, token);
      }
      const remembers = async (repository: PullRef) =>
        (await store.loadReplay(repository)) !== null && (await store.recall(repository, ["a"])).length === 1;
      await store.purge(mine.installationId, { keepHistory: true });
      expect(await remembers(mine)).toBe(true);
      await store.purge(mine.installationId, { repositories: [mine], keepHistory: false });
      expect([await remembers(mine), await remembers(other)]).toEqual([false, true]);
      expect(await store.saveReplay(mine, tokens.get(mine) ?? 0, someProgress(), [])).toBe(false);
      await store.purge(mine.installationId, { keepHistory: false });
      expect(await store.loadReplay(other)).toBeNull();
      expect(await store.recall(other, ["a"])).toEqual([]);
      expect(await store.saveReplay(other, tokens.get(other) ?? 0, someProgress(), [])).toBe(false);
    });
  });

  describe("forgetting", () => {
    const fill = async (pull: ReturnType<typeof somePull>) => {
      const command = someCommand(pull);
      const mailbox = mailboxFor(pull);
      await accept(item(command));
      const token = await store.takeTurn(mailbox);
      await store.saveRun(mailbox, token, someRun(command));
      await store.savePull(mailbox, token, someState(pull, { phase: "done" }));
      return { pull, command, mailbox, token, runId: someRun(command).id };
    };

    it("removes everything of an installation and nothing of another, and stops runs under way", async () => {
      const mine = await fill(somePull());
      const theirs = await fill(somePull());
      const { installationId } = mine.pull;
      const notice = someNotice(installationId);
      await accept(notice);
      const turn = await store.takeTurn(`installation/${installationId}`);
      expect(await store.purge(installationId, { keepHistory: false })).toBe(2);
      expect(await store.listWaiting(mine.mailbox)).toEqual([]);
      expect(await store.loadRun(mine.runId)).toBeNull();
      expect(await store.listRuns(mine.mailbox, 5)).toEqual([]);
      expect(await store.loadPull(mine.pull)).toBeNull();
      expect(await store.listPulls(mine.pull, "done")).toEqual([]);
      const waiting = await store.waitingMailboxes();
      expect(waiting).not.toContain(mine.mailbox);
      expect(waiting).toContain(theirs.mailbox);
      expect(await store.saveRun(mine.mailbox, mine.token, someRun(mine.command))).toBe(false);
      expect(await store.takeTurn(mine.mailbox)).toBeGreaterThan(mine.token);
      // The one who forgets carries out a notice of that very installation, and still has its turn.
      expect(await store.done(`installation/${installationId}`, itemId(notice), turn)).toBe(true);
      expect(await store.loadRun(theirs.runId)).not.toBeNull();
      expect(await store.loadPull(theirs.pull)).not.toBeNull();
    });

    it("stops a replay that has taken its turn and saved nothing yet", async () => {
      const { pull } = await fill(somePull());
      const token = await store.takeTurn(memoryMailbox(pull));
      await store.purge(pull.installationId, { keepHistory: false });
      expect(await store.saveReplay(pull, token, someProgress(), [])).toBe(false);
      expect(await store.loadReplay(pull)).toBeNull();
    });

    it("removes only the repositories that are named", async () => {
      const gone = await fill(somePull());
      const stays = await fill(somePull({ installationId: gone.pull.installationId }));
      const { owner, repo } = gone.pull;
      const options = { repositories: [{ owner: owner.toUpperCase(), repo }], keepHistory: false };
      expect(await store.purge(gone.pull.installationId, options)).toBe(1);
      expect(await store.loadPull(gone.pull)).toBeNull();
      expect(await store.loadPull(stays.pull)).not.toBeNull();
      expect(await store.listWaiting(stays.mailbox)).toHaveLength(1);
      expect(await store.purge(gone.pull.installationId, { repositories: [], keepHistory: false })).toBe(0);
      expect(await store.loadPull(stays.pull)).not.toBeNull();
    });

    it("keeps the history of an installation that is only suspended", async () => {
      const { pull, mailbox, runId } = await fill(somePull());
      expect(await store.purge(pull.installationId, { keepHistory: true })).toBe(1);
      expect(await store.listWaiting(mailbox)).toEqual([]);
      expect(await store.loadRun(runId)).not.toBeNull();
      expect((await store.loadPull(pull))?.phase).toBe("done");
    });

    it("leaves what a repository has under another installation by now", async () => {
      const before = somePull();
      await accept(item(someCommand(before)));
      const after = await fill({ ...before, installationId: before.installationId + 500_000 });
      expect(await store.purge(before.installationId, { keepHistory: false })).toBe(1);
      expect(await store.listWaiting(after.mailbox)).toEqual([item(after.command)]);
      expect(await store.loadPull(after.pull)).not.toBeNull();
    });
  });

  it("says what it is", async () => {
    expect(await store.health()).toMatch(/Redis \d|Postgres \d|embedded store in/);
  });

  if (driver.name === "embedded") return;
  it("fails with a remedy while its server is gone, and keeps what it had accepted", async () => {
    const pull = somePull();
    await accept(item(someCommand(pull)));
    await place().server?.kill();
    const failure: unknown = await store
      .accept(delivery(), item(someCommand()))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({ code: "store", retryable: true });
    await expect(store.health()).rejects.toMatchObject({ remedy: expect.stringContaining("is running") });
    await place().server?.restart();
    const again = await place().open();
    expect(await again.store.waitingMailboxes()).toContain(mailboxFor(pull));
    await again.store.close();
  });
}

describeDrivers(["embedded", "redis", "postgres"], "store", contract);
