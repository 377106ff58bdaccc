// A worker that is killed between reserving and settling: its money counts, and its call is given up in time.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "@jest/globals";
import { describeDrivers, type Place } from "./drivers.ts";
import { longAgo, someAnswer, someCall, someScope } from "./ledger-facts.ts";

/** Resolves with the id of the call that the other process had reserved when it was killed. */
async function reserveAndDie(place: Place, runId: string, key: string): Promise<string> {
  const program = path.join(import.meta.dirname, "ledger-process.ts");
  const args = ["--import", import.meta.resolve("tsx"), program, JSON.stringify(place.address), runId, key];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let id = "";
  for await (const line of createInterface({ input: child.stdout })) {
    id = line;
    child.kill("SIGKILL");
  }
  await ended;
  expect(child.signalCode).toBe("SIGKILL");
  return id;
}

describeDrivers(["embedded", "redis", "postgres"], "a worker killed in the middle of a call", (place) => {
  it("leaves its money spent and a row that is given up", async () => {
    const scope = someScope(15, { key: "run:killed" });
    const id = await reserveAndDie(place(), "killed", scope.key);
    const { store } = await place().open();
    const statuses = async () =>
      (await store.listCalls({ runId: "killed", limit: 9 })).map(({ status }) => status);
    expect(id).toBe("killed-call");
    expect(await statuses()).toEqual(["reserved"]);
    expect(await store.reserveCall(someCall(), [scope])).toMatchObject({ granted: false, spentMicros: 10 });
    expect(await store.giveUpCalls(longAgo)).toBe(0);
    expect(await store.giveUpCalls(longAgo + 1)).toBe(1);
    expect(await statuses()).toEqual(["lost"]);
    expect(await store.settleCall(id, someAnswer(0))).toBe(false);
    expect(await store.spent([scope.key])).toEqual([10]);
    await store.close();
  }, 60_000);
});
