// The patch in the comment: commands that do what they say, and nothing else, when they are pasted into a shell.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { Report } from "../../src/core/report.ts";
import { renderer } from "../../src/github/index.ts";
import { hunk, openHunk, pull, report, sha, view } from "./reports.ts";

describe("the patch", () => {
  /** Runs the commands of the comment in a clone, as a person would, and returns the files after it. */
  function paste(commands: string, files: Record<string, string>, branch: string): string {
    const root = mkdtempSync(join(tmpdir(), "paste-"));
    try {
      const env = { PATH: process.env["PATH"] ?? "", HOME: root, GIT_CONFIG_GLOBAL: "/dev/null" };
      const git = (cwd: string, ...args: string[]) =>
        execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], {
          cwd,
          env,
          stdio: "pipe",
        });
      const origin = join(root, "origin");
      const write = (texts: Record<string, string>) => {
        for (const [path, text] of Object.entries(texts)) {
          mkdirSync(dirname(join(origin, path)), { recursive: true });
          writeFileSync(join(origin, path), text);
        }
        git(origin, "add", "--all");
        git(origin, "commit", "--quiet", "--message=change");
      };
      mkdirSync(origin);
      git(origin, "init", "--quiet", "--initial-branch=main");
      write(Object.fromEntries(Object.keys(files).map((path) => [path, "base\n"])));
      git(origin, "switch", "--quiet", "--create", branch);
      write(Object.fromEntries(Object.keys(files).map((path) => [path, "ours\n"])));
      git(origin, "switch", "--quiet", "main");
      write(Object.fromEntries(Object.keys(files).map((path) => [path, "theirs\n"])));
      git(root, "clone", "--quiet", "origin", "clone");
      const clone = join(root, "clone");
      execFileSync("bash", ["-c", `git config user.name t; git config user.email t@t\n${commands}`], {
        cwd: clone,
        env,
        stdio: "pipe",
      });
      return Object.keys(files)
        .map((path) => readFileSync(join(clone, path), "utf8"))
        .join("");
    } finally {
      rmSync(root, { recursive: true });
    }
  }

  const commandsIn = (text: string): string =>
    /```sh\n(git fetch origin && git switch[^]*?)```/.exec(text)?.[1] ?? "";
  const diff = (path: string, lines: readonly string[]) =>
    `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1,${lines.length} @@\n-ours\n${lines.map((line) => `+${line}\n`).join("")}`;

  it("can be pasted into a shell as it stands", () => {
    const settled = hunk({ path: "src/a file's.txt" });
    const patch = diff("src/a file's.txt", ["merged"]).replace(/^(---|\+\+\+) (.*)$/gm, "$1 $2\t");
    const text = renderer.comment(
      view({ report: report({ ending: "partial", patch }, [settled, openHunk]) }),
    );
    expect(paste(commandsIn(text), { "src/a file's.txt": "" }, "topic")).toBe("merged\n");
  });

  it("ends only where we end it, and a branch name is a word and no command", () => {
    const branch = "x;touch${IFS}pwned'$(id)`id`";
    const head = { ...pull.head, ref: branch, sha, owner: "acme", repo: "app" };
    const lines = ["merged", "```", "ERRAND_PATCH"];
    const patch = `${diff("a.txt", lines)} EOF\nERRAND_PATCH\ntouch pwned\n`.replace(" EOF\n", "");
    const text = renderer.comment(
      view({
        pull: { ...pull, head },
        report: report({ ending: "partial", patch }, [hunk({ path: "a.txt" })]),
      }),
    );
    const commands = commandsIn(text);
    expect(commands).toContain("<<'ERRAND_PATCH_1'");
    expect(commands).toContain(`git switch 'x;touch\${IFS}pwned'\\''$(id)\`id\`'`);
  });

  it("is not offered for pasting when a name or a byte would not survive", () => {
    const offered = (change: Partial<Report>, path = "a.txt", ref = "topic") =>
      commandsIn(
        renderer.comment(
          view({
            pull: { ...pull, head: { sha, ref, owner: "acme", repo: "app" } },
            report: report({ ending: "partial", ...change }, [hunk({ path })]),
          }),
        ),
      );
    expect(offered({ patch: diff("a.txt", ["merged"]) })).not.toBe("");
    expect(offered({ patch: diff("a.txt", ["crlf\r"]) })).toBe("");
    expect(offered({ patch: diff("a\u202E.txt", ["x"]) }, "a\u202E.txt")).toBe("");
    expect(offered({ patch: diff("a.txt", ["x"]) }, "a.txt", "--upload-pack=x")).toBe("");
    expect(offered({ patch: diff("a.txt", ["x"]) }, "a.txt", "a\u3000b")).toBe("");
    expect(offered({ patch: diff("a.txt", ["y".repeat(70_000)]) })).toBe("");
  });

  it("of a fork is fetched by number", () => {
    const text = renderer.comment(
      view({
        pull: { ...pull, fromFork: true },
        report: report({ ending: "partial", patch: diff("src/list.ts", ["merged"]) }),
      }),
    );
    expect(text).toContain("git fetch origin && gh pr checkout 7");
  });
});
