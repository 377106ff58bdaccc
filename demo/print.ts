// What the demo shows on a terminal.
import type { FakeGitHub, RepositoryAddress } from "../test/support/fake-github.ts";
import type { LogLine } from "./app.ts";
import type { Seen } from "./main.ts";
import type { TestsStory } from "./tests-story.ts";

const bold = (text: string): string => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[22m` : text);
const dim = (text: string): string => (process.stdout.isTTY ? `\u001b[2m${text}\u001b[22m` : text);

const out = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const heading = (text: string): void => {
  out(`\n${bold(`── ${text} `.padEnd(90, "─"))}`);
};

/** A line about what happens: on stderr when stdout belongs to the JSON object. */
export function say(asJson: boolean, text: string): void {
  process.stderr.write(asJson ? "" : `${text}\n`);
}

/** A line of the app's log, as it comes. */
export function showLine({ msg, step, detail, ending, event, error }: LogLine): void {
  const more = [step, detail, ending, event, error].filter((field) => typeof field === "string").join("  ");
  out(dim(`   errand │ ${msg}${more === "" ? "" : `  ${more}`}`));
}

const indent = (text: string): string => text.replace(/^/gm, "  ");

/** One pull request's outcome: comment, check run, commits, diff. */
export async function printRun(github: FakeGitHub, repository: RepositoryAddress, seen: Seen): Promise<void> {
  const git = github.git(repository);
  const { pull, branch, pushed, comment, check, seconds } = seen;
  heading(
    `#${pull.number} ${branch}: the sticky comment (${comment.length} characters, ${seconds.toFixed(1)} s after the webhook)`,
  );
  out(indent(comment));
  heading(`#${pull.number}: the check run`);
  out(`  ${check.name}: ${check.conclusion}`);
  heading(`#${pull.number}: the commit graph`);
  out(indent(await git.run("log", "--graph", "--format=%h %s", branch, "main")));
  if (!pushed) return;
  heading(`#${pull.number}: what the merge commit changed on the branch`);
  out(indent(await git.run("diff", "--stat", `${branch}^1`, branch)));
  out(indent(await git.run("show", "--format=%B", "--remerge-diff", branch)));
}

const withoutModel = `  The second pull request rewrote a price that the base rewrote too. No rule can know what it should be, so nothing was pushed: its
  comment shows the likeliest resolutions, ranked by a small trained model, each with how often such a one was right. In a clone,
  \`errand resolve\` shows them at the terminal, takes your choice, and learns from it for the hunks that are left.

  npm run demo -- --prove            a conflict that the repository's own tests decide, run in a sandbox (needs bubblewrap)
  npm run demo -- --story tests      a check goes red, a small model (a script here) writes the fix, tests prove it (needs bubblewrap)
  npm run demo -- --model scripted   the same with a (scripted) language model that is asked about what rules leave open`;

const withModel = (
  calls: number,
): string => `  The second pull request rewrote a price that the base rewrote too. No rule can know what it should be, so a small model was asked to
  choose among the likeliest resolutions, three times with other labels (here a script on this machine answered; it got ${calls} calls in
  all, Errand's own test questions among them). It agreed with itself, so its answer is proposed. It is not pushed: nobody has measured
  yet how often this model is right here. \`/agent apply\` would push it, without asking the model again.`;

/** Whether all went as it must, and where to go from here. */
export function printEnd(ok: boolean, violations: readonly unknown[], modelCalls: number | null): void {
  heading(ok ? "The tree that was pushed is the tree that was verified" : "SOMETHING IS WRONG");
  if (violations.length > 0)
    out(`  Requests that GitHub would not have taken: ${JSON.stringify(violations, null, 2)}`);
  out(`
  All of this ran on this machine: the built app, a GitHub emulator, real git over HTTP. No key, no Docker, no Redis.

  Next:
    npm start                     opens the page that makes your own GitHub App
    npx errand doctor             what is set up, and what is missing
    npm link                      puts \`errand\` on your path: \`errand resolve\` settles conflicts in any repository
    docs/                         how it works, how to run it, what it may and may not do

  This shop's .github/agent.yml has "push: {bar: 0.6}". Without it the bar is 0.90, and the first pull request would have been
  proposed, to be pushed by \`/agent apply\`: the comment above says how often each rule was right on real merges.

${modelCalls === null ? withoutModel : withModel(modelCalls)}
`);
}

/** Whether tests decided the conflict; where they did not, the likeliest reason. */
export function printProofEnd(ok: boolean, violations: readonly unknown[]): void {
  heading(ok ? "Pushed as proven: the tree that was tested is the tree that was pushed" : "NOT PROVEN");
  if (violations.length > 0)
    out(`  Requests that GitHub would not have taken: ${JSON.stringify(violations, null, 2)}`);
  out(
    ok
      ? `
  Both sides rewrote one line, and each brought a test. The likeliest resolution takes the base branch's line and breaks the other
  side's test, so it was not taken; with the next both tests pass. They ran in a sandbox: another user, no network, no .git, no token.
`
      : `
  The comment above says why. Without bubblewrap nothing of a repository is run: sudo apt-get install bubblewrap, then
  npx errand doctor says what else is missing (docs/sandbox.md).
`,
  );
}

/** One comment of the story about failing checks. */
export function printTestsStep(title: string, comment: string): void {
  heading(title);
  out(indent(comment));
}

/** How the story about failing checks ended; where it ended otherwise, the likeliest reason. */
export function printTestsEnd(ok: boolean, violations: readonly unknown[], seen: TestsStory): void {
  heading("the comment at the end");
  out(indent(seen.comment));
  heading("the checks, in the order in which they were made");
  for (const { name, conclusion } of seen.checks) out(`  ${name}: ${conclusion}`);
  heading(ok ? "Red, proposed, applied, green" : "SOMETHING IS WRONG");
  if (violations.length > 0)
    out(`  Requests that GitHub would not have taken: ${JSON.stringify(violations, null, 2)}`);
  out(
    ok
      ? `
  A suite of checks ended red, and Errand reproduced it in a sandbox: several times on the branch, once on its base. A small model (here a
  script on this machine; it got ${seen.modelCalls} calls in all, Errand's own test questions among them) wrote one function anew. Its first answer did
  not help and was refused; the next passed every test, twice more with a planted failure that had to be seen, and was proposed.
  Nobody had asked, so nothing was pushed before ada's word. Set "auto: {checks: push}" in .github/agent.yml to have it pushed by itself.
`
      : `
  The comment above says why. Without bubblewrap nothing of a repository is run: sudo apt-get install bubblewrap, then
  npx errand doctor says what else is missing (docs/sandbox.md).
`,
  );
}
