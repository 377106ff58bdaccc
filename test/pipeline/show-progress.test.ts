// What people see of a long run: its newest steps in the sticky comment, and nothing after its end.
import { describe, expect, test } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import { showProgress } from "../../src/pipeline/show-progress.ts";
import { renderer } from "../../src/github/index.ts";
import { runOf, worldOf } from "./outcome-world.ts";

const turn = { mailbox: "acme/shop#1", token: 1, signal: new AbortController().signal };

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

function shown(write: () => Promise<void> = () => Promise.resolve()) {
  const run = { ...runOf("now", [], { endedAt: null }), errand: "fix-tests" as const };
  const bound = { ...run, headSha: "a".repeat(40), baseSha: "b".repeat(40) };
  const { services, state } = worldOf([run], []);
  const bodies: string[] = [];
  const progress = showProgress(
    { run: bound, pull: state.details },
    turn,
    {
      ...services,
      store: {
        ...services.store,
        loadPull: () => Promise.resolve(state.pull),
        listRuns: () => Promise.resolve([]),
        savePull: () => Promise.resolve(true),
      },
      render: renderer,
      githubFor: (id) => ({
        ...services.githubFor(id),
        upsertComment: async (_, body) => {
          await write();
          bodies.push(body);
          return { id: 1, url: "" };
        },
      }),
    },
    1,
  );
  return { progress, bodies };
}

describe("progress", () => {
  test("is told while the work goes on, the newest steps last, and not again without news", async () => {
    const { progress, bodies } = shown();
    const ended = await progress.during(async () => {
      for (let n = 1; n <= 15; n++) progress.record({ step: "run", detail: `tests, time ${n}` });
      await until(() => bodies.length > 0);
      progress.record({ step: "propose", detail: "sample 1" });
      await until(() => bodies.length > 1);
      return "done";
    });
    expect(ended).toBe("done");
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toMatch(/time 14[\s\S]*time 15/);
    expect(bodies[0]).not.toMatch(/time 3\b/);
    expect(bodies[1]).toContain("propose: sample 1");
  });

  test("that cannot be told harms nothing", async () => {
    let tried = 0;
    const { progress } = shown(() => {
      tried++;
      return Promise.reject(new AppError("github", "It is down.", { retryable: true, remedy: "" }));
    });
    const ended = await progress.during(async () => {
      progress.record({ step: "run", detail: "tests" });
      await until(() => tried > 0);
      return "done";
    });
    expect(ended).toBe("done");
  });

  test("ends before the work's own end is told, whose failure goes through", async () => {
    let writing = false;
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { progress, bodies } = shown(() => {
      writing = true;
      return gate;
    });
    const order: string[] = [];
    const begun = progress
      .during(async () => {
        progress.record({ step: "run", detail: "tests" });
        await until(() => writing);
        order.push("work failed");
        throw new Error("the work failed");
      })
      .finally(() => order.push(`told ${bodies.length}`));
    await until(() => order.length > 0);
    release();
    await expect(begun).rejects.toThrow("the work failed");
    expect(order).toEqual(["work failed", "told 1"]);
  });
});
