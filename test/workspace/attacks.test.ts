import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { canary, createFixture, sides } from "./fixture.ts";
import type { Fixture } from "./fixture.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const text = "one\ntwo\nthree\n";

describe("a repository that tries to steer git", () => {
  it("cannot make a conflict vanish by its attributes", async () => {
    const attributes = "*.txt merge=union\n*.bin merge=ours\n* conflict-marker-size=3\n";
    const shas = fixture.repository(
      "attributes",
      sides(
        { "a.txt": text },
        { "a.txt": text.replace("two", "ours"), ".gitattributes": attributes },
        { "a.txt": text.replace("two", "theirs"), ".gitattributes": attributes },
      ),
    );
    const workspace = await fixture.open("attributes", shas["ours"] ?? "", shas["theirs"] ?? "");
    expect(workspace.conflicts.map(({ path, kind }) => [path, kind])).toEqual([["a.txt", "content"]]);
  });

  it("runs no filter, hook, monitor, submodule or configured program, and converts no line ending", async () => {
    const marker = join(fixture.root, "executed");
    const config = `[core]\n\thooksPath = hooks\n\tfsmonitor = touch ${marker}\n[filter "evil"]\n\tclean = touch ${marker}\n\tsmudge = touch ${marker}\n`;
    const evil = {
      ".gitattributes":
        "* filter=evil diff=evil text eol=crlf ident working-tree-encoding=UTF-16\n*.big filter=lfs diff=lfs merge=lfs\n",
      ".gitmodules": `[submodule "s"]\n\tpath = s\n\turl = ext::touch ${marker}\n\tupdate = !touch ${marker}\n`,
      config,
      "hooks/post-checkout": { mode: "100755", content: `#!/bin/sh\ntouch ${marker}\n` },
      HEAD: "ref: refs/heads/main\n",
      "objects/x": "x\n",
      "refs/x": "x\n",
      s: { submodule: "1".repeat(40) },
    };
    const shas = fixture.repository(
      "evil",
      sides({ ...evil, a: text }, { a: text.replace("two", "$Id$") }, { a: text.replace("two", "theirs") }),
    );
    const workspace = await fixture.open("evil", shas["ours"] ?? "", shas["theirs"] ?? "");
    const [conflict] = workspace.conflicts;
    if (conflict === undefined) throw new Error("There is no conflict.");
    const split = await workspace.conflictedFile(conflict);
    expect(split?.file.ours).toBe(text.replace("two", "$Id$"));
    await workspace.write("a", { mode: "100644", bytes: Buffer.from("a\r\n$Id$\n") });
    workspace.keep();
    const tree = (await workspace.tree()) ?? "";
    const { text: patch } = await workspace.patch(10_000);
    expect(patch).toContain("+a\r\n");
    const { sha } = await workspace.pushCommit({ tree, message: "merge", branch: "ours", token: canary });
    expect(fixture.git("evil", "cat-file", "blob", `${sha}:a`)).toBe("a\r\n$Id$");
    expect(existsSync(marker)).toBe(false);
  });
});
