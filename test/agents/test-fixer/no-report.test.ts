// A test command of which nothing but its exit status is known.
import { describe, expect, it } from "@jest/globals";
import { noReportId } from "../../../src/core/suite.ts";
import type { Suite } from "../../../src/core/suite.ts";
import { fenced } from "./models.ts";
import { broken, fix, rightMax } from "./support.ts";
import { worldOf } from "./world.ts";

describe("a test command without a report", () => {
  it("is never proof enough for a push: it ends with success, and that is all that is known", async () => {
    const { trees, suite } = worldOf(broken);
    const byExit: Suite["run"] = async (request) => {
      const run = await suite.run(request);
      const isRed = run.tests.some(({ status }) => status === "failed");
      const test = { id: noReportId("make check"), message: "" };
      return isRed
        ? { ...run, status: "unreadable", tests: [{ ...test, status: "failed" }] }
        : { ...run, tests: [{ ...test, status: "passed" }] };
    };
    const { report } = await fix(broken, {
      changed: ["src/list.js"],
      script: { small: () => fenced(rightMax) },
      ports: { trees, suite: { ...suite, run: byExit } },
    });
    expect(report.ending).toBe("doubtful");
    expect(report.doubts).toEqual([expect.stringContaining("exit status")]);
  });
});
