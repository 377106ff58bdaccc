// Checks that are no tests: the real tsc, eslint and prettier, with node's tests beside them.
import { expect, it } from "@jest/globals";
import { check } from "../support.ts";
import { patience, repositoryOf } from "./failing-tests.ts";
import { describeRepaired } from "./real-agent.ts";

const tools = { packages: ["typescript", "eslint", "prettier"], programs: [], user: 8 };

describeRepaired("checks of types, lint and form", tools, (repair) => {
  it(
    "a type error: put right where tsc complains, and the tests are as they were",
    async () => {
      const repository = repositoryOf("node", "type-error");
      const { fixes, fixed, answer } = repository;
      const checks = [
        check({ log: "src/label.ts(7,3): error TS2322: Type 'number' is not assignable to type 'string'." }),
      ];
      // The first answer still has the wrong type: it is tsc that says so.
      const wrong = [(answer ?? "").replace("String(line.count)", "line.count + line.cents")];
      const known = [{ of: "export function label", code: answer ?? "" }];
      const { report, written, asked } = await repair(repository, { checks, known, wrong });
      expect(report).toMatchObject({ kind: "type", ending: "fixed", edits: "source", doubts: [] });
      expect(report.words).toContain("src/label.ts:7: error TS2322");
      expect(written).toEqual({ [fixes ?? ""]: fixed });
      expect(asked[0]).toMatchObject({ slot: "write", subject: "src/label.ts#label" });
      expect(asked.length).toBeGreaterThan(1);
    },
    patience,
  );

  it(
    "a complaint of lint: the linter's own fixer puts it right, and no model is asked",
    async () => {
      const repository = repositoryOf("node", "lint-error");
      const log =
        "/home/runner/work/a/a/src/tax.js\n  2:7  error  'rate' is never reassigned  prefer-const\n\n✖ 1 problem (1 error, 0 warnings)";
      const { report, written, asked } = await repair(repository, { checks: [check({ log })] });
      expect(report).toMatchObject({ kind: "lint", ending: "fixed", edits: "format", doubts: [] });
      expect(written).toEqual({ [repository.fixes ?? ""]: repository.fixed });
      expect(asked).toEqual([]);
    },
    patience,
  );

  it(
    "a file that is not in form, of which the linter has no word: the formatter puts it right, and its check is the judge",
    async () => {
      const repository = repositoryOf("node", "format-error");
      const log =
        "[warn] src/tax.js\n[warn] Code style issues found in the above file. Run Prettier with --write to fix.";
      const { report, written, asked } = await repair(repository, { checks: [check({ log })] });
      expect(report).toMatchObject({ kind: "lint", ending: "fixed", edits: "format", doubts: [] });
      expect(report.steps.map(({ detail }) => detail)).toContain(
        "npm run format:check: 1 complaints on the head.",
      );
      expect(written).toEqual({ [repository.fixes ?? ""]: repository.fixed });
      expect(asked).toEqual([]);
    },
    patience,
  );
});
