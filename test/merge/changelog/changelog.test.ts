// Changelogs: both sides' notes are kept where they were written.
import { describe, expect, it } from "@jest/globals";
import { changelogTier } from "../../../src/merge/changelog/tier.ts";
import { isChangelog, readChangelog } from "../../../src/merge/changelog/changelog.ts";
import { settleWith } from "../support.ts";
import type { Given } from "../support.ts";

const settle = (given: Omit<Given, "path">, path = "CHANGELOG.md") =>
  settleWith(changelogTier, { path, ...given });

describe("isChangelog", () => {
  it.each([
    "CHANGELOG.md",
    "docs/changelog.rst",
    "HISTORY.md",
    "NEWS",
    "pkg/CHANGES.txt",
    "release-notes.adoc",
  ])("%s is one", (path) => {
    expect(isChangelog(path)).toBe(true);
  });
  it.each(["changelog.json", "src/changelog.ts", "README.md", "exchanges.md"])("%s is none", (path) => {
    expect(isChangelog(path)).toBe(false);
  });
});

describe("readChangelog", () => {
  it("reads headings of Markdown and reStructuredText, bullets with what continues them, and paragraphs", () => {
    const text =
      "## 1.0\n\n- a\n  more\n- b\n\n1.1\n---\n\nNew features:\n\n* c\n  * nested\n\nText\nof two lines\n";
    const read = readChangelog(text).sections.map(({ heading, entries }) => [
      heading?.key,
      entries.map(({ key }) => key),
    ]);
    expect(read).toEqual([
      [undefined, []],
      ["## 1.0", ["- a more", "- b"]],
      ["1.1", []],
      ["New features:", ["* c * nested", "Text of two lines"]],
    ]);
  });
});

describe("both sides add", () => {
  it("a bullet each: ours first", () => {
    expect(
      settle({ before: "### Fixed\n\n", ours: "- Repair the door.\n", theirs: "- Oil the window.\n" }),
    ).toMatchObject({
      tier: "semantic",
      class: "changelog/both-add/one-bullet-each",
      text: "- Repair the door.\n- Oil the window.\n",
    });
  });

  it("several bullets, one of them the same: it is kept once", () => {
    const ours = "- Repair the door.\n- Sweep floors daily\n";
    const theirs = "- Oil the window.\n- Sweep floors daily\n- Water plants twice.\n";
    expect(settle({ before: "## 2.0\n", ours, theirs })).toMatchObject({
      class: "changelog/both-add/bullets",
      text: "- Repair the door.\n- Oil the window.\n- Sweep floors daily\n- Water plants twice.\n",
    });
  });

  it("bullets whose last line is the same, which stands outside the hunk", () => {
    const settled = settle({
      before: "## 2.0\n",
      ours: "- Repair the door\n  (@ann)\n",
      theirs: "- Oil the window\n  (@ann)\n",
    });
    expect(settled?.text).toBe("- Repair the door\n  (@ann)\n- Oil the window\n  (@ann)\n");
  });

  it("under headings: each note stays under its own", () => {
    const ours = "### Added\n\n- A door.\n\n### Fixed\n\n- The bell rings.\n";
    const theirs = "### Added\n\n- Some window.\n\n### Removed\n\n- Old chimney.\n";
    expect(settle({ before: "## 2.0\n\n", ours, theirs })).toMatchObject({
      class: "changelog/both-add/sections",
      text: "### Added\n\n- A door.\n- Some window.\n\n### Fixed\n\n- The bell rings.\n\n### Removed\n\n- Old chimney.\n",
    });
  });

  it("while one side makes a release: the other's bullet stays in the unreleased section", () => {
    const ours = "## 2.1\n\n- Paint walls.\n";
    expect(settle({ before: "## Unreleased\n\n", ours, theirs: "- Oil the window.\n" })?.text).toBe(
      "- Oil the window.\n## 2.1\n\n- Paint walls.\n",
    );
  });

  it("in reStructuredText, with underlines of ======= that are no markers", () => {
    const ours = "2.1\n=======\n\n- Paint walls.\n";
    const theirs = "2.0.1\n=======\n\n- Oil the window.\n";
    expect(settle({ before: "Changes\n=======\n\n", ours, theirs }, "docs/changes.rst")?.text).toBe(
      "2.1\n=======\n\n- Paint walls.\n2.0.1\n=======\n\n- Oil the window.\n",
    );
  });

  it("with CRLF", () => {
    expect(
      settle({ before: "## 1\r\n", ours: "- Repair the door.\r\n", theirs: "- Oil the window.\r\n" })?.text,
    ).toBe("- Repair the door.\r\n- Oil the window.\r\n");
  });
});

describe("removals", () => {
  it("are repeated, under another class", () => {
    const settled = settle({
      base: "- Repair the door.\n",
      ours: "- Repair the door.\n- Oil the window.\n",
      theirs: "- Water plants twice.\n",
    });
    expect(settled).toMatchObject({
      class: "changelog/one-removes/one-bullet-each",
      text: "- Oil the window.\n- Water plants twice.\n",
    });
  });
});

describe("abstains", () => {
  it("when the two sides tell the same in other words", () => {
    expect(
      settle({
        ours: "- Fix the crash on an empty list\n",
        theirs: "- Fix a crash on the empty list (#12)\n",
      }),
    ).toBeNull();
  });

  it("when a note stands in the clean text already", () => {
    expect(
      settle({
        ours: "- Repair the door.\n",
        theirs: "- Oil the window.\n",
        after: "\n## 1.0\n\n- Oil the window.\n",
      }),
    ).toBeNull();
  });

  it("when a heading occurs twice in a side", () => {
    const ours = "- Paint walls.\n### Fixed\n- One thing.\n### Fixed\n- Another matter.\n";
    expect(settle({ ours, theirs: "### Fixed\n- Some bug.\n" })).toBeNull();
  });

  it("when one side begins inside a note", () => {
    expect(settle({ before: "- A\n", ours: "  of ours\n", theirs: "- Oil the window.\n" })).toBeNull();
  });
});
