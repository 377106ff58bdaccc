// What comes of the situations that every runner can be in. Each is run for real, so each says how it ends and what is left.
import { expect, it } from "@jest/globals";
import type { Commands } from "../../../../src/core/checks.ts";
import { byTurns, failingRepository } from "../../../support/failing-repositories.ts";
import type { FailingRepository, RunnerName, Situation } from "../../../support/failing-repositories.ts";
import type { Repair } from "./real-agent.ts";

export const patience = 240_000;

export function repositoryOf(runner: RunnerName, situation: Situation): FailingRepository {
  const repository = failingRepository(runner, situation);
  if (repository === null) throw new Error(`There is no repository of ${runner} that is ${situation}.`);
  return repository;
}

/** A wrong answer comes first: it is the tests that tell it from the right one. */
export function itFixes(runner: RunnerName, repair: Repair, commands: Commands = {}): void {
  it(
    `${runner}, failing: the function is put right, and the table says how each test ended`,
    async () => {
      const repository = repositoryOf(runner, "failing");
      const { answer, fixes, fixed, test } = repository;
      const wrong = (answer ?? "").replace(/([*]) (line\.count|line\['count'\]|line\.Count)/, "+ $2");
      const { report, written, asked } = await repair(repository, { wrong: [wrong], commands });
      expect(report).toMatchObject({ ending: "fixed", kind: "test", edits: "source", doubts: [] });
      expect(written).toEqual({ [fixes ?? ""]: fixed });
      expect(report.rows).toHaveLength(2);
      expect(report.rows[0]).toMatchObject({ base: "passed", head: "failed", result: "passed" });
      expect(report.rows[0]?.id).toContain(test);
      expect(report.rows[1]).toMatchObject({ base: "passed", head: "passed", result: "passed" });
      expect(report.places.at(-1)?.path).toBe(fixes);
      expect(asked.map(({ slot }) => slot)).toContain("write");
      expect(report.tried).toBeGreaterThan(1);
    },
    patience,
  );
}

export function itLeavesAlone(runner: RunnerName, repair: Repair): void {
  it(
    `${runner}, flaky: it is said with counts, nobody is asked, and nothing is written`,
    async () => {
      const { report, written, asked } = await repair(byTurns(repositoryOf(runner, "flaky")));
      expect(report).toMatchObject({ ending: "flaky", edits: null });
      expect(report.words).toMatch(/passed [12] and failed [12] of 3 times/);
      expect(report.rows[0]).toMatchObject({ head: "flaky" });
      expect([written, asked]).toEqual([{}, []]);
    },
    patience,
  );

  it(
    `${runner}, red on its base: it is said, nobody is asked, and nothing is written`,
    async () => {
      const { report, written, asked } = await repair(repositoryOf(runner, "base-red"));
      expect(report).toMatchObject({ ending: "red-on-base", edits: null });
      expect(report.rows[0]).toMatchObject({ base: "failed", head: "failed" });
      expect([written, asked]).toEqual([{}, []]);
    },
    patience,
  );
}

export function itUpdates(runner: RunnerName, repair: Repair): void {
  it(
    `${runner}, a stale test: the test is brought up to date, which is an edit of tests and of nothing else`,
    async () => {
      const repository = repositoryOf(runner, "stale");
      const { answer, fixes, fixed, head } = repository;
      const { report, written, asked } = await repair(repository, {
        known: [
          { of: "// 3", code: "GIVE_UP: STALE one piece of three is given away on purpose" },
          { of: "Math.floor", code: "GIVE_UP: STALE one piece of three is given away on purpose" },
          { of: "every", code: answer ?? "" },
        ],
      });
      // "test-edit" is what the pipeline never pushes unasked.
      expect(report).toMatchObject({ ending: "test-edit", edits: "tests" });
      expect(written).toEqual({ [fixes ?? ""]: fixed });
      expect(Object.keys(head)).not.toContain(fixes);
      expect(report.rows[0]).toMatchObject({ base: "passed", head: "failed", result: "passed" });
      expect(asked.map(({ slot }) => slot)).toEqual(expect.arrayContaining(["write", "write-test"]));
    },
    patience,
  );
}
