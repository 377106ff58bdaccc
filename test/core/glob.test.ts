import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { matchesAnyGlob, matchesGlob } from "../../src/core/glob.ts";

describe("matchesGlob", () => {
  it.each([
    [".github/workflows/**", ".github/workflows/ci.yml", true],
    [".github/workflows/**", ".github/workflows/deep/er/ci.yml", true],
    [".github/workflows/**", ".github/workflows-old/ci.yml", false],
    [".GITHUB/Workflows/**", ".github/workflows/ci.yml", true],
    [".github/workflows/**", ".GitHub/WORKFLOWS/ci.yml", true],
    ["CODEOWNERS", "docs/CODEOWNERS", true],
    ["CODEOWNERS", "docs/CODEOWNERS.md", false],
    ["*.lock", "a/b/yarn.lock", true],
    ["/docs/*.md", "docs/a.md", true],
    ["/docs/*.md", "docs/a/b.md", false],
    ["docs/", "docs/a/b.md", true],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/y/b", true],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["**", "anything/at/all", true],
  ])("%s on %s is %s", (pattern, path, expected) => {
    expect(matchesGlob(pattern, path)).toBe(expected);
  });

  it("matches every path by itself, taken literally", () => {
    const segment = fc.stringMatching(/^[a-z.\-_]{1,8}$/);
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), (segments) => {
        const path = segments.join("/");
        return (
          matchesGlob(`/${path}`, path) && matchesAnyGlob(["never", `${segments[0] ?? ""}/**`, path], path)
        );
      }),
    );
  });

  it("answers at once on a pattern that makes regular expressions explode", () => {
    expect(matchesGlob("*a*a*a*a*a*a*a*a*a*a*b", "a".repeat(5_000))).toBe(false);
  });
});
