// Workers that die or sleep, and servers that go away.
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import { openQueue } from "../../src/queue/index.ts";
import { describeDrivers, type Driver, type Place } from "../store/drivers.ts";
import { silentLog, unique } from "../store/fixtures.ts";
import { deferred, until } from "./support.ts";

const mailbox = "acme/shop#1";
/** Short, so that a test sees in a second what takes a minute in earnest. */
const impatient = { lockMs: 1_000, stalledCheckMs: 500, closeGraceMs: 0 } as const;

function otherWorker(
  place: Place,
  name: string,
): { child: ChildProcess; said: (line: string) => Promise<void> } {
  const program = path.join(import.meta.dirname, "queue-process.ts");
  const args = [
    "--import",
    import.meta.resolve("tsx"),
    program,
    JSON.stringify(place.address),
    name,
    mailbox,
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  return { child, said: (line) => until(() => lines.includes(line)) };
}

function crashes(place: () => Place, driver: Driver): void {
  it("gives the mailbox of a worker that was killed to another one", async () => {
    const name = `killed-${unique()}`;
    const { child, said } = otherWorker(place(), name);
    await said("started");
    child.kill("SIGKILL");
    await until(() => child.signalCode !== null);
    const { store, connection } = await place().open();
    const queue = await openQueue(connection, silentLog, name);
    const seen = deferred();
    const worker = queue.startWorker((woken) => {
      if (woken === mailbox) seen.resolve();
      return Promise.resolve();
    }, impatient);
    await seen.promise;
    await worker.close();
    await queue.close();
    await store.close();
  }, 60_000);

  if (driver.name === "embedded") return;

  it("tells a worker that slept too long that its mailbox is another's", async () => {
    const name = `asleep-${unique()}`;
    const { store, connection } = await place().open();
    const queue = await openQueue(connection, silentLog, name);
    const { child, said } = otherWorker(place(), name);
    await said("started");
    child.kill("SIGSTOP");
    const [seen, gate] = [deferred(), deferred()];
    const worker = queue.startWorker(() => {
      seen.resolve();
      return gate.promise;
    }, impatient);
    await seen.promise;
    child.kill("SIGCONT");
    await said("aborted");
    child.kill("SIGKILL");
    gate.resolve();
    await worker.close();
    await queue.close();
    await store.close();
  }, 60_000);

  it("fails a wake-up while the server is gone, and goes on by itself when it is back", async () => {
    const { store, connection } = await place().open();
    const queue = await openQueue(connection, silentLog, `gone-${unique()}`);
    const seen = new Set<string>();
    const worker = queue.startWorker((woken) => Promise.resolve(void seen.add(woken)), impatient);
    await queue.wakeUps.wake("before");
    await until(() => seen.has("before"));
    await place().server?.kill();
    const failure: unknown = await queue.wakeUps.wake(mailbox).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({
      code: "queue",
      retryable: true,
      remedy: expect.stringContaining("is running"),
    });
    await expect(queue.wakeUps.counts()).rejects.toMatchObject({ code: "queue" });
    await place().server?.restart();
    const wake = (): Promise<boolean> =>
      queue.wakeUps.wake("after").then(
        () => true,
        () => false,
      );
    await until(wake);
    await until(() => seen.has("after"));
    await worker.close();
    await queue.close();
    await store.close();
  }, 60_000);
}

describeDrivers(["embedded", "redis", "postgres"], "queue and crashes", crashes);
