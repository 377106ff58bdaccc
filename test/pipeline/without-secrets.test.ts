// What CI says of a check may hold keys: none of it goes further.
import { describe, expect, it } from "@jest/globals";
import type { FailedCheck } from "../../src/core/failed-check.ts";
import { redact } from "../../src/model/redact.ts";
import { withoutSecrets } from "../../src/pipeline/without-secrets.ts";

// Put together here, so that no scanner takes this file for a leak.
const github = ["ghp", "0123456789abcdefghijABCDEFGHIJ012345"].join("_");
const own = "correct-horse-battery-staple";

const check: FailedCheck = {
  id: 3,
  name: `unit ${github}`,
  app: "github-actions",
  conclusion: "failure",
  url: "https://github.com/octo/example/actions/runs/1",
  annotations: [{ path: "src/a.js", line: 4, level: "failure", message: `token ${github} refused` }],
  log: `Run npm test\n  NPM_TOKEN=${own}\n  ${github}\nFAIL src/a.test.js`,
  step: `Run curl -H ${github}`,
  results: [
    {
      id: `a.test.js > logs in as ${own}`,
      status: "failed",
      message: `expected ${github}`,
      detail: `Error: ${github}\n    at a.js:1:1`,
      file: "a.test.js",
    },
    { id: "a.test.js > logs out", status: "passed", message: "" },
  ],
  trouble: `The artifact of ${own} could not be read.`,
  jobId: 9,
  attempt: 2,
};

const clean = withoutSecrets(check, (text) => redact(text, [own]));

describe("what CI says of a check", () => {
  it("goes on without any secret in it, wherever one stood", () => {
    const told = JSON.stringify(clean);
    expect(told).not.toContain(github);
    expect(told).not.toContain(own);
    expect(told.split("[redacted:").length - 1).toBe(9);
  });

  it("is else as it was: kinds, places, statuses, and what the failure looks like", () => {
    expect(clean).toMatchObject({ id: 3, jobId: 9, attempt: 2, url: check.url, conclusion: "failure" });
    expect(clean.log).toContain("FAIL src/a.test.js");
    expect(clean.annotations[0]).toMatchObject({ path: "src/a.js", line: 4, level: "failure" });
    expect(clean.results.map(({ status, file }) => [status, file])).toEqual([
      ["failed", "a.test.js"],
      ["passed", undefined],
    ]);
    expect(clean.results[1]).toEqual(check.results[1]);
  });

  it("may be nothing at all", () => {
    const bare = withoutSecrets({ ...check, log: null, step: null, annotations: [], results: [] }, (text) =>
      redact(text),
    );
    expect([bare.log, bare.step, bare.annotations, bare.results]).toEqual([null, null, [], []]);
  });
});
