// A stop that comes while tasks run: seen, obeyed once it is somebody's who may, and told from a worker that shuts down.
import { describe, expect, it } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import type { Command, InboxItem } from "../../src/core/command.ts";
import type { GitHub } from "../../src/core/github.ts";
import type { Store } from "../../src/core/store.ts";
import { holdTurn } from "../../src/pipeline/hold-turn.ts";
import { watchForStop } from "../../src/pipeline/watch-stop.ts";
import { command } from "./outcome-world.ts";

const running = command("fix-conflicts");
const item = (verb: Command["verb"], login = "ann"): InboxItem => ({
  kind: "command",
  command: { ...command(verb, `${verb}/${login}`), actor: { login, type: "User" } },
});

/** An inbox whose looks are counted; `fails` makes looks fail. */
function inbox(waiting: InboxItem[]) {
  const shutdown = new AbortController();
  const seen = { looks: 0, asked: [] as string[], fails: false };
  let awaited: { readonly looks: number; readonly resolve: () => void } | null = null;
  const store: Partial<Store> = {
    listWaiting: () => {
      seen.looks++;
      if (awaited !== null && seen.looks >= awaited.looks) awaited.resolve();
      return seen.fails
        ? Promise.reject(new Error("The store is gone."))
        : Promise.resolve([{ kind: "command", command: running }, ...waiting]);
    },
  };
  const github: Partial<GitHub> = {
    permission: (_, login) => {
      seen.asked.push(login);
      return Promise.resolve(login === "ann" ? "write" : "read");
    },
  };
  const turn = { mailbox: "acme/shop#7", token: 1, signal: shutdown.signal };
  const services = { store: store as Store, githubFor: () => github as GitHub };
  const watch = watchForStop(running, turn, services, 1);
  /** Resolves after so many more looks. */
  const looked = (more: number) =>
    new Promise<void>((resolve) => {
      awaited = { looks: seen.looks + more, resolve };
    });
  return { watch, seen, looked, shutdown, waiting };
}

/** Work that goes on until its signal is aborted, and then fails as a call does. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(new Error("called off"));
    });
  });
}

describe("while tasks run", () => {
  it.each([
    ["stop", "because ann asked for it"],
    ["close", "because the pull request was closed"],
  ] as const)("a %s that comes meanwhile calls the work off", async (verb, words) => {
    const { watch, waiting, looked } = inbox([]);
    const ended = watch.during(() => untilAborted(watch.signal));
    await looked(2);
    waiting.push(item(verb));
    expect(await ended).toContain(words);
  });

  it("nobody is asked on GitHub unless a stop waits, and about one who may not only once", async () => {
    const { watch, waiting, seen, looked } = inbox([item("status"), item("fix-conflicts", "eve")]);
    const stopped = await watch.during(async () => {
      await looked(3);
      expect(seen.asked).toEqual([]);
      waiting.push(item("stop", "eve"));
      await looked(4);
      expect(seen.asked).toEqual(["eve"]);
    });
    expect([stopped, watch.signal.aborted]).toEqual([null, false]);
  });

  it("looks that fail are passed over", async () => {
    const { watch, waiting, seen, looked } = inbox([]);
    seen.fails = true;
    const ended = watch.during(() => untilAborted(watch.signal));
    await looked(3);
    waiting.push(item("stop"));
    seen.fails = false;
    expect(await ended).toContain("because ann asked for it");
  });

  it("work that ends in spite of the stop was stopped all the same", async () => {
    const { watch } = inbox([item("stop")]);
    const stopped = await watch.during(() => untilAborted(watch.signal).catch(() => undefined));
    expect(stopped).toContain("because ann asked for it");
  });
});

describe("what is no stop", () => {
  it("a worker that shuts down", async () => {
    const { watch, shutdown, looked } = inbox([]);
    const ended = watch.during(() => untilAborted(watch.signal));
    await looked(1);
    shutdown.abort();
    await expect(ended).rejects.toThrow("called off");
    expect(watch.signal.reason).toBe(shutdown.signal.reason);
  });

  it("a turn that was lost, and work that fails by itself", async () => {
    const lost = inbox([item("stop")]);
    const losing = async () => {
      await untilAborted(lost.watch.signal).catch(() => undefined);
      holdTurn(false);
    };
    await expect(lost.watch.during(losing)).rejects.toMatchObject({ code: "turn-lost" });
    const failing = inbox([]);
    const error = new AppError("bug", "x", { retryable: false, remedy: "y" });
    await expect(failing.watch.during(() => Promise.reject(error))).rejects.toBe(error);
  });

  it("what comes after the work", async () => {
    const { watch, waiting, seen, looked } = inbox([]);
    expect(await watch.during(() => looked(2))).toBeNull();
    waiting.push(item("stop"));
    const { looks } = seen;
    const second = inbox([]);
    await second.watch.during(() => second.looked(5));
    expect([seen.looks, watch.signal.aborted]).toEqual([looks, false]);
  });
});
