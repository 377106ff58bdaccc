// What the queue of wake-ups must do, whatever it stands on.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import type { Log } from "../../src/core/log.ts";
import { openQueue, type JobQueue } from "../../src/queue/index.ts";
import type { Handler, RunningWorker, WorkerSettings } from "../../src/queue/worker.ts";
import type { OpenedStore } from "../../src/store/index.ts";
import { describeDrivers, type Place } from "../store/drivers.ts";
import { silentLog, unique } from "../store/fixtures.ts";
import { deferred, until } from "./support.ts";

const hourMs = 3_600_000;
const failure = (retryable: boolean, retryAfterMs?: number): AppError =>
  new AppError("github", "It did not work.", {
    retryable,
    remedy: "Try again.",
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

function contract(place: () => Place): void {
  let opened: OpenedStore;
  let queue: JobQueue;
  let workers: RunningWorker[] = [];
  let errors: string[] = [];
  const log: Log = { ...silentLog, error: (_, message) => void errors.push(message) };

  beforeAll(async () => {
    opened = await place().open();
  }, 60_000);
  afterAll(async () => {
    await opened.store.close();
  });
  beforeEach(async () => {
    errors = [];
    workers = [];
    queue = await openQueue(opened.connection, log, `test-${unique()}`);
  });
  afterEach(async () => {
    for (const worker of workers) await worker.close();
    await queue.close();
  });

  const work = (handle: Handler, settings: WorkerSettings = {}): RunningWorker => {
    const worker = queue.startWorker(handle, { closeGraceMs: 0, ...settings });
    workers.push(worker);
    return worker;
  };
  const isEmpty = async (): Promise<boolean> =>
    Object.values(await queue.wakeUps.counts()).every((count) => count === 0);

  describe("a mailbox", () => {
    it("is looked after by one handler at a time, and once more after wake-ups that came meanwhile", async () => {
      const gate = deferred();
      let running = 0;
      let most = 0;
      let runs = 0;
      work(async () => {
        most = Math.max(most, ++running);
        runs++;
        await gate.promise;
        running--;
      });
      await queue.wakeUps.wake("acme/shop#1");
      await until(() => runs === 1);
      for (let n = 0; n < 5; n++) await queue.wakeUps.wake("acme/shop#1");
      gate.resolve();
      await until(async () => runs >= 2 && (await isEmpty()));
      expect({ most, runs }).toEqual({ most: 1, runs: 2 });
    });

    it("is woken once by many wake-ups before anybody looks", async () => {
      for (let n = 0; n < 5; n++) await queue.wakeUps.wake("acme/shop#1");
      expect(await queue.wakeUps.counts()).toMatchObject({ waiting: 1 });
      const seen: string[] = [];
      work((mailbox) => Promise.resolve(void seen.push(mailbox)));
      await until(isEmpty);
      expect(seen).toEqual(["acme/shop#1"]);
    });

    it("does not wait for another one", async () => {
      const started = new Map([
        ["acme/shop#1", deferred()],
        ["acme/shop#2", deferred()],
      ]);
      work(async (mailbox) => {
        started.get(mailbox)?.resolve();
        // Ends only if both run at the same time.
        for (const each of started.values()) await each.promise;
      });
      for (const mailbox of started.keys()) await queue.wakeUps.wake(mailbox);
      for (const each of started.values()) await each.promise;
      await until(isEmpty);
    });

    it("keeps a name that BullMQ would not take as an id", async () => {
      const seen: string[] = [];
      work((mailbox) => Promise.resolve(void seen.push(mailbox)));
      await queue.wakeUps.wake("a:b%3A/c#1");
      await until(() => seen.length > 0);
      expect(seen).toEqual(["a:b%3A/c#1"]);
    });
  });

  describe("a failure", () => {
    it("is tried again when it may pass", async () => {
      let runs = 0;
      work(() => (++runs < 3 ? Promise.reject(failure(true)) : Promise.resolve()), {
        retryMs: { first: 1, longest: 5 },
      });
      await queue.wakeUps.wake("acme/shop#1");
      await until(async () => runs === 3 && (await isEmpty()));
    });

    it("of an unknown kind is tried again", async () => {
      let runs = 0;
      work(() => (++runs < 2 ? Promise.reject(new TypeError("x is undefined")) : Promise.resolve()), {
        retryMs: { first: 1, longest: 5 },
      });
      await queue.wakeUps.wake("acme/shop#1");
      await until(async () => runs === 2 && (await isEmpty()));
    });

    it("that will not pass is logged, and its wake-up dropped", async () => {
      let runs = 0;
      work(() => {
        runs++;
        return Promise.reject(failure(false));
      });
      await queue.wakeUps.wake("acme/shop#1");
      await until(async () => runs === 1 && (await isEmpty()));
      expect(errors).toEqual(["a run failed for good"]);
    });

    it("waits as long as it was told, whatever the sweeper and new commands do", async () => {
      let runs = 0;
      work(() => (++runs === 1 ? Promise.reject(failure(true, hourMs)) : Promise.resolve()));
      await queue.wakeUps.wake("acme/shop#1");
      await until(async () => (await queue.wakeUps.counts()).delayed === 1);
      let sweeps = 0;
      const list = () => {
        sweeps++;
        return Promise.resolve(["acme/shop#1"]);
      };
      const sweeper = queue.startSweeper(list, { everyMs: 5 });
      await until(() => sweeps >= 4);
      await sweeper.stop();
      await queue.wakeUps.wake("acme/shop#1");
      expect(await queue.wakeUps.counts()).toMatchObject({ delayed: 1, active: 0, waiting: 0 });
      expect(runs).toBe(1);
    });
  });

  it("delays a wake-up that asks for it", async () => {
    let runs = 0;
    work(() => {
      runs++;
      return Promise.resolve();
    });
    await queue.wakeUps.wake("acme/shop#1", { delayMs: hourMs });
    expect(await queue.wakeUps.counts()).toMatchObject({ delayed: 1, waiting: 0 });
    await queue.wakeUps.wake("acme/shop#2", { delayMs: 5 });
    await until(() => runs === 1);
    expect(await queue.wakeUps.counts()).toMatchObject({ delayed: 1 });
  });

  describe("the sweeper", () => {
    it("wakes what was left, goes on after a failure, and stops when told", async () => {
      const seen: string[] = [];
      work((mailbox) => Promise.resolve(void seen.push(mailbox)));
      let calls = 0;
      const list = () =>
        ++calls === 1
          ? Promise.reject(new Error("no store"))
          : Promise.resolve(["acme/shop#1", "acme/shop#2"]);
      const sweeper = queue.startSweeper(list, { everyMs: 5 });
      await until(() => new Set(seen).size === 2);
      await sweeper.stop();
      const after = calls;
      await until(isEmpty);
      expect(calls).toBe(after);
    });
  });

  describe("closing", () => {
    it("lets a handler finish", async () => {
      const gate = deferred();
      const started = deferred();
      let aborted: boolean | null = null;
      const worker = work(
        async (_, signal) => {
          started.resolve();
          await gate.promise;
          aborted = signal.aborted;
        },
        { closeGraceMs: 20_000 },
      );
      await queue.wakeUps.wake("acme/shop#1");
      await started.promise;
      const closed = worker.close();
      gate.resolve();
      await closed;
      expect(aborted).toBe(false);
      expect(await isEmpty()).toBe(true);
    });

    it("aborts a handler that takes too long, and its mailbox goes to another worker", async () => {
      const started = deferred();
      const worker = work(async (_, signal) => {
        started.resolve();
        await new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            reject(signal.reason as Error);
          });
        });
      });
      await queue.wakeUps.wake("acme/shop#1");
      await started.promise;
      await worker.close();
      expect(await queue.wakeUps.counts()).toMatchObject({ waiting: 1, active: 0, failed: 0 });
      const seen: string[] = [];
      work((mailbox) => Promise.resolve(void seen.push(mailbox)));
      await until(isEmpty);
      expect(seen).toEqual(["acme/shop#1"]);
    });
  });
}

describeDrivers(["embedded", "redis", "postgres"], "queue", contract);
