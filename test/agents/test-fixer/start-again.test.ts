// A failure of the machine starts a job again, but none that may deploy, publish or push a second time.
import { describe, expect, it, test } from "@jest/globals";
import { leavesTraces } from "../../../src/agents/test-fixer/leaves-traces.ts";
import type { FailedCheck } from "../../../src/core/failed-check.ts";
import { broken, check, fix } from "./support.ts";

describe("the name of a job or a step", () => {
  test.each([
    "Deploy",
    "deploy-production",
    "build_and_publish",
    "Build, test and deploy",
    "test-and-publish",
    "Deploy to test",
    "publishNpm",
    "Run npm publish",
    "Release",
    "release / publish",
    "Run semantic-release",
    "terraform apply",
    "Provision cluster",
    "Promote to stable",
    "rollout",
    "Run migrations",
    "Upload to PyPI",
    "Upload release asset",
    "git push",
    "Push image",
    "Push to registry",
    "Build and push",
    "Run docker/build-push-action@v5",
    "docker push",
  ])("%s: it may leave traces", (name) => {
    expect(leavesTraces(name)).toBe(true);
  });

  test.each([
    "on push",
    "push",
    "push-tests",
    "CI / test (push)",
    "push / pull_request",
    "pull_request and push",
    "CI on push",
    "build (push)",
    "pushdown optimizer tests",
    "unit (deploy)",
    "cargo test --release",
    "test (stable, release)",
    "Upload coverage to Codecov",
    "Upload test results",
    "actions/upload-artifact",
    "Check release notes",
    "Lint migrations",
    "terraform plan",
    "npm publish --dry-run",
    "Set up Node",
    "unit",
    "",
  ])("%s: it only looks", (name) => {
    expect(leavesTraces(name)).toBe(false);
  });

  it("is read in a bounded part, whatever it holds", () => {
    expect(leavesTraces(`${"(".repeat(200_000)}deploy`)).toBe(false);
  });
});

const machine = (some: Partial<FailedCheck>): FailedCheck =>
  check({ conclusion: "timed_out", log: "The runner has received a shutdown signal.", ...some });

describe("jobs that fail by the machine's fault", () => {
  const started: number[] = [];
  const rerunJob = (id: number) => {
    started.push(id);
    return Promise.resolve(true);
  };

  it("are started again but for those that may leave traces, by their own name or their failed step's", async () => {
    started.length = 0;
    const { report } = await fix(broken, {
      checks: [
        machine({ name: "unit", jobId: 1 }),
        machine({ name: "deploy", jobId: 2 }),
        machine({ name: "main", step: "Run npm publish", jobId: 3 }),
        machine({ name: "push-tests", jobId: 4 }),
      ],
      ports: { rerunJob },
    });
    expect(started).toEqual([1, 4]);
    expect(report.ending).toBe("rerun");
    expect(report.words).toContain("unit");
    expect(report.words).not.toContain("deploy");
    expect(report.steps.filter(({ detail }) => detail.includes("left alone"))).toHaveLength(2);
  });

  it("are all left to a person where each of them may, and the words say why", async () => {
    started.length = 0;
    const { report } = await fix(broken, {
      checks: [machine({ name: "deploy", jobId: 2 })],
      ports: { rerunJob },
    });
    expect(started).toEqual([]);
    expect(report.ending).toBe("unfixed");
    expect(report.words).toContain("not to be done twice");
  });
});
