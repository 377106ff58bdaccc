// Candidates that carry one side's edits over to the other side.
import { describe, expect, it } from "@jest/globals";
import { applyRules } from "../../../src/merge/candidates/edit-rules.ts";
import { renames, replayedEdits } from "../../../src/merge/candidates/replay.ts";
import { answersOf } from "./support.ts";

describe("renamings", () => {
  it("reach what the other side added", () => {
    const answers = answersOf(renames, {
      base: "open(file);\n",
      ours: "open(path);\n",
      theirs: "open(file);\nread(file);\nclose(file, files);\n",
    });
    expect(answers["rename-ours-on-theirs"]).toBe("open(path);\nread(path);\nclose(path, files);\n");
  });

  it("are merged with what else the side did", () => {
    const answers = answersOf(renames, {
      base: "const user = find(user);\n",
      ours: "const owner = find(owner)!;\n",
      theirs: "const user = find(user, scope);\nlog(user);\n",
    });
    expect(answers["rename-merge-theirs"]).toBe("const owner = find(owner, scope)!;\nlog(owner);\n");
  });

  it("are none where one word became two different ones", () => {
    const answers = answersOf(renames, {
      base: "f(old) + g(old)\n",
      ours: "f(a1) + g(b2)\n",
      theirs: "h(old)\n",
    });
    expect(answers).not.toHaveProperty("rename-ours-on-theirs");
  });
});

describe("small edits", () => {
  it("go next to the words they stood next to", () => {
    const answers = answersOf(replayedEdits, {
      base: "send(message);\n",
      ours: "await send(message);\n",
      theirs: "if (ready) send(message);\nelse send(other);\n",
    });
    expect(answers["replay-ours-on-theirs"]).toBe(
      "if (ready) await send(message);\nelse await send(other);\n",
    );
  });
});

describe("rules", () => {
  it("take the longest that fits, and words only whole", () => {
    const rules = new Map([
      ["a.b", "c"],
      ["a", "x"],
    ]);
    expect(applyRules("a a.b ab a.bc $a", rules)).toBe("x c ab x.bc $x");
  });

  it("are not applied to what they wrote", () => {
    const swapped = new Map([
      ["left", "right"],
      ["right", "left"],
    ]);
    expect(applyRules("left right", swapped)).toBe("right left");
  });

  it("read their text as text, whatever it means elsewhere", () => {
    expect(applyRules("x (a+)+$ x", new Map([["(a+)+$", "$& $1"]]))).toBe("x $& $1 x");
  });
});
