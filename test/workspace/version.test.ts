import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { checkGitVersion } from "../../src/workspace/version.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "errand-git-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function withGit(version: string): Record<string, string> {
  const file = join(directory, "git");
  writeFileSync(file, `#!/bin/sh\necho git version ${version}\n`);
  chmodSync(file, 0o755);
  return { PATH: `${directory}:/usr/bin:/bin` };
}

describe("the version of git", () => {
  it.each(["2.38.0", "2.39.5", "2.51.0", "3.0.0"])("%s is new enough", async (version) => {
    expect(await checkGitVersion(withGit(version))).toBe(version);
  });

  it.each(["2.37.9", "1.9.5"])("%s is refused with what is needed", async (version) => {
    await expect(checkGitVersion(withGit(version))).rejects.toMatchObject({
      code: "workspace",
      message: expect.stringContaining(`git ${version} is too old`),
      remedy: expect.stringContaining("2.38"),
    });
  });

  it("is asked for only where git is: none gives a remedy", async () => {
    await expect(checkGitVersion({ PATH: directory })).rejects.toMatchObject({
      code: "workspace",
      remedy: expect.stringContaining("Install git"),
    });
  });
});
