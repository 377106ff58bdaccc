// A worker in a process of its own that begins with a mailbox and never ends; says what happens to it.
import { openQueue } from "../../src/queue/index.ts";
import { openStore } from "../../src/store/index.ts";
import { silentLog } from "../store/fixtures.ts";

const [place = "{}", name = "", mailbox = ""] = process.argv.slice(2);
const { redisUrl, databaseUrl, dataDir } = JSON.parse(place) as Record<string, string>;
const opened = await openStore({ redisUrl, databaseUrl, dataDir: dataDir ?? "/nowhere", log: silentLog });
const queue = await openQueue(opened.connection, silentLog, name);
queue.startWorker(
  async (_, signal) => {
    signal.addEventListener("abort", () => process.stdout.write("aborted\n"));
    process.stdout.write("started\n");
    await new Promise(() => undefined);
  },
  { lockMs: 1_000, stalledCheckMs: 500 },
);
await queue.wakeUps.wake(mailbox);
