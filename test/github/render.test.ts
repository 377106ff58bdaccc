// What people read: every ending in words, every hunk in a row, and what to do next.
import { describe, expect, it } from "@jest/globals";
import type { CommentView } from "../../src/core/render.ts";
import type { Ending, Report } from "../../src/core/report.ts";
import { Ending as EndingSchema } from "../../src/core/report.ts";
import { HunkReport } from "../../src/core/task.ts";
import { renderer } from "../../src/github/index.ts";
import { dangersIn } from "./markdown-scanner.ts";
import { hunk, modelHunk, openHunk, report, run, sha, view } from "./reports.ts";

describe("the comment", () => {
  it("begins with the marker and says how a pushed run ended", () => {
    const text = renderer.comment(view({ report: report({ commitSha: sha, signed: true }) }));
    expect(text.split("\n")[0]).toBe("<!-- errand:sticky -->");
    expect(text).toContain("### Conflicts resolved and pushed");
    expect(text).toContain(`Commit ${sha}, signed by GitHub.`);
    expect(text).toContain(
      "| `src/list.ts` | 1 | semantic | `list/both-add` | settled (right in at least 97% of measured cases) | Both sides added items; the result has all of them. |",
    );
    expect(text).toContain("- ✅ `no-markers`: 1 file looked at");
    expect(text).toContain("`/agent help`");
  });

  it("says that a commit is not signed, and why", () => {
    const text = renderer.comment(view({ report: report({ commitSha: sha, signed: false }) }));
    expect(text).toMatch(/not signed: the tree was too large/);
  });

  it("shows the three sides of an open hunk, and names it first", () => {
    const text = renderer.comment(view({ report: report({ ending: "partial" }, [hunk(), openHunk]) }));
    expect(text.indexOf("| 2 | human")).toBeLessThan(text.indexOf("| 1 | semantic"));
    expect(text).toContain("**open**");
    for (const side of ["call(1)", "call(2)", "call(3)"]) expect(text).toContain(`\`\`\`\n${side}\n\`\`\``);
    expect(text).toContain("errand resolve --merge origin/main");
  });

  it("shows the likeliest resolutions of an open hunk, best first, with how often such a one was right", () => {
    const open = report({ ending: "partial" }, [openHunk]);
    const likely = [
      "**The likeliest resolutions**",
      "**1** · The pull request's side. Right in about 62 of 100 such cases\n\n```\ncall(2)\n```",
      "**2** · A merge word by word. Right in about 21 of 100 such cases\n\n```\ncall(2, 3)\n```",
      "**3** · Nothing: both sides are left out. Right in less than 1 of 100 such cases: no lines",
    ].join("\n\n");
    expect(renderer.comment(view({ report: open }))).toContain(`\`\`\`\ncall(3)\n\`\`\`\n\n${likely}`);
    expect(renderer.check(open, { sha, number: 7 }).summary).toContain(likely);
  });

  it("gives up the likeliest resolutions before it gives up any side", () => {
    const text = "likely();\n".repeat(70);
    const candidates = [text, text, text].map((one) => ({ text: one, why: "So.", probability: 0.3 }));
    const side = "side();\n".repeat(60);
    const hunks = Array.from({ length: 6 }, (_, index) => ({
      ...openHunk,
      index: index + 1,
      sides: { base: side, ours: side, theirs: side },
      candidates,
    }));
    const shown = renderer.comment(view({ report: report({ ending: "partial" }, hunks) }));
    expect(shown.match(/<details><summary>Open/g)).toHaveLength(6);
    expect(shown.match(/^side\(\);$/gm)).toHaveLength(6 * 3 * 60);
    // 6 x 3 sides of 480 characters leave room for two candidates of 700 and no third.
    expect(shown.match(/^\*\*\d\*\* · So\. Right in about 30 of 100 such cases$/gm)).toHaveLength(2);
    expect(shown).toContain("the likeliest resolutions are left out of so many open hunks: 5.");
  });

  it("still reads a run that was stored before candidates and results were", () => {
    const stored = { ...openHunk, candidates: undefined, result: undefined };
    expect(HunkReport.parse(JSON.parse(JSON.stringify(stored)))).toMatchObject({
      candidates: [],
      result: null,
    });
  });

  it("marks what is below the bar, and how to push it", () => {
    const below = hunk({ aboveBar: false, precision: 0.8999 });
    const text = renderer.comment(view({ report: report({ ending: "proposed" }, [below]) }));
    expect(text).toContain("settled, below the bar (right in at least 89% of measured cases)");
    expect(text).toContain("`/agent apply`");
  });

  it.each(EndingSchema.options)("has words and a next step for %s", (ending: Ending) => {
    const text = renderer.comment(view({ report: report({ ending }) }));
    expect(text).toMatch(/^### \S/m);
    expect(dangersIn(text)).toEqual([]);
  });

  it("shows what is being done, the newest step last, above the last report", () => {
    const steps = Array.from({ length: 60 }, (_, index) => `step ${index}`);
    const running = { runId: "r", actor: "alice", verb: "fix-conflicts" as const, steps };
    const text = renderer.comment(view({ running, report: report() }));
    expect(text).toContain("**Working** on `/agent fix-conflicts` for `alice`");
    expect(text).toContain("- step 58\n- step 59");
    expect(text.indexOf("step 59")).toBeLessThan(text.indexOf("###"));
  });

  it("lists earlier runs", () => {
    const text = renderer.comment(view({ history: [run()] }));
    expect(text).toContain("- 2026-11-23 09:30 UTC, `fix-conflicts` by `alice`: Resolved, but not pushed");
  });

  it("answers help, status, stop and refusals", () => {
    const reply = (value: CommentView["reply"]) => renderer.comment(view({ reply: value }));
    expect(reply({ kind: "help", asked: "fix-conflict", nearest: "fix-conflicts" })).toContain(
      "There is no command `fix-conflict`. Did you mean `/agent fix-conflicts`?",
    );
    expect(reply({ kind: "help", asked: null, nearest: null })).toMatch(/`\/agent apply` pushes/);
    expect(reply({ kind: "status", phase: "running", waiting: 2 })).toMatch(/under way.*waiting: 2/);
    expect(reply({ kind: "stopped" })).toMatch(/Stopped.*until somebody asks again/);
    expect(reply({ kind: "declined", actor: "mallory", text: "Needs write access." })).toContain(
      "**Declined**, `mallory`: Needs write access.",
    );
  });
});

describe("what models settled", () => {
  const notWhole = "Not all of what a model settled is shown here";
  const shown = (hunks: readonly HunkReport[], change: Partial<Report> = {}) => {
    const proposed = report({ ending: "proposed", ...change }, hunks);
    return [
      renderer.comment(view({ report: proposed })),
      renderer.check(proposed, { sha, number: 7 }).summary,
    ];
  };
  const block = [
    "<details><summary>Settled by a model: <code>src/list.ts</code>, hunk 3 (line 77)</summary>",
    "2 of 3 samples wrote the same. It leaves out what both sides kept: “guard()”.",
    "**Ours, this pull request**\n\n```\npay(2)\n```",
    "**Theirs, the base branch**\n\n```\npay(3)\n```",
    "**Result**\n\n```\npay(2, 3)\n```",
    "</details>",
  ].join("\n\n");

  it.each([
    ["there is no patch", null],
    ["the patch does not survive a comment", "+++ b/src/list.ts\n+crlf\r\n"],
    ["the patch is too large", `+++ b/src/list.ts\n${"+x\n".repeat(30_000)}`],
  ])("is shown beside Apply where %s, after what is open", (_name, patch) => {
    for (const text of shown([modelHunk(), openHunk, hunk()], { patch })) {
      expect(text).toContain(block);
      expect(text.indexOf("Open: ")).toBeLessThan(text.indexOf("Settled by a model: "));
      expect(text.match(/Settled by a model: /g)).toHaveLength(1);
      expect(text).not.toContain(notWhole);
    }
  });

  it("is shown of a hunk that was ranked beside a model's answer, and of one that is deleted", () => {
    const beside = modelHunk({ tier: "ranked", class: "beside-model/ranked/at-least-95/code" });
    const deleted = modelHunk({ result: { text: "", whole: true } });
    for (const text of shown([beside])) expect(text).toContain(block);
    for (const text of shown([deleted])) expect(text).toContain("**Result**: no lines");
  });

  it("has what cannot be seen written out, and nothing of it is markup", () => {
    const text = "a\u202eb\u200b\n```\n</details>@all\n";
    for (const one of shown([modelHunk({ result: { text, whole: true } })])) {
      expect(one).toContain("````\na\\u{202e}b\\u{200b}\n```\n</details>@all\n````");
      expect(dangersIn(one)).toEqual([]);
    }
  });

  it("says what to look at before Apply where a text was cut, did not fit, or was never stored", () => {
    const advice =
      "Look at the branch locally, with the base branch merged in, before you use `/agent apply`.";
    const long = "x".repeat(3_900);
    const large = { sides: { base: "", ours: long, theirs: long }, result: { text: long, whole: true } };
    for (const hunks of [
      [modelHunk(), modelHunk({ result: { text: "pay(2\n… (cut", whole: false } })],
      [modelHunk({ sides: null, result: null }), modelHunk()],
      [...Array.from({ length: 12 }, () => modelHunk(large))],
    ])
      for (const text of shown(hunks)) {
        expect(text).toContain(notWhole);
        expect(text).toContain(advice);
      }
    const [comment = ""] = shown(Array.from({ length: 12 }, () => modelHunk(large)));
    expect(comment.length).toBeLessThanOrEqual(60_000);
    expect(comment.match(/Settled by a model: /g)).toHaveLength(4);
    expect(comment).toContain("(hunks that are cut or left out: 8)");
  });

  it("takes what room is left before the patch does", () => {
    const long = "y\n".repeat(1_900);
    const hunks = Array.from({ length: 3 }, () =>
      modelHunk({ sides: { base: "", ours: long, theirs: long }, result: { text: long, whole: true } }),
    );
    const patch = `+++ b/src/list.ts\n${"+x\n".repeat(12_000)}`;
    const [comment = ""] = shown(hunks, { patch });
    expect(comment.match(/Settled by a model: /g)).toHaveLength(3);
    expect(comment).toContain("The patch of what was settled is too large for a comment.");
  });

  it("points to the commit where it was pushed", () => {
    const cutShort = modelHunk({ aboveBar: true, result: { text: "pay(", whole: false } });
    const text = renderer.comment(view({ report: report({ ending: "pushed" }, [cutShort]) }));
    expect(text).toContain(notWhole);
    expect(text).toContain("Look at the merge commit.");
  });
});

describe("the check run", () => {
  it.each<[Ending, string]>([
    ["pushed", "success"],
    ["nothing", "success"],
    ["proposed", "action_required"],
    ["partial", "neutral"],
    ["declined", "neutral"],
    ["stale", "neutral"],
    ["stopped", "neutral"],
    ["failed", "neutral"],
  ])("%s is %s", (ending, conclusion) => {
    const check = renderer.check(report({ ending }), { sha, number: 7 });
    expect(check).toMatchObject({ name: "agent / conflicts", conclusion, sha, runId: "0123456789abcdef" });
    expect(check.actions.map(({ identifier }) => identifier)).toEqual(
      ending === "proposed" ? ["apply#7"] : [],
    );
    for (const { label, description, identifier } of check.actions) {
      expect([label.length <= 20, description.length <= 40, identifier.length <= 20]).toEqual([
        true,
        true,
        true,
      ]);
    }
  });

  it("marks every open hunk at its line, and no settled one", () => {
    const check = renderer.check(report({ ending: "partial" }, [hunk(), openHunk]), { sha, number: 7 });
    expect(check.annotations).toEqual([
      {
        path: "src/list.ts",
        startLine: 40,
        endLine: 40,
        level: "warning",
        title: "Conflict 2 in this file is left for you",
        message: "Both sides changed the same call.",
      },
    ]);
  });

  it("marks a bad key of the configuration at its line, and the comment lists it", () => {
    const problem = {
      file: "acme/app:.github/agent.yml",
      key: "push.bar",
      message: "must be at most 1",
      line: 3,
    };
    const broken = report({ problems: [problem] });
    expect(renderer.check(broken, { sha, number: 7 }).annotations).toEqual([
      {
        path: ".github/agent.yml",
        startLine: 3,
        endLine: 3,
        level: "warning",
        title: "push.bar is not used",
        message: "acme/app:.github/agent.yml: must be at most 1",
      },
    ]);
    expect(renderer.comment(view({ report: broken }))).toContain(
      "- `acme/app:.github/agent.yml`, line 3, `push.bar`: must be at most 1",
    );
  });
});
