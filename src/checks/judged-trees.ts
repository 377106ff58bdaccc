// Which trees a suite had the last word on: what is pushed has to be one of them.
import type { Suite } from "../core/suite.ts";

export interface Watched {
  readonly suite: Suite;
  /** Trees on which all tests, the type check or the linter ran to an end, each once, in the order of the last time. */
  readonly judged: () => readonly string[];
}

/** The same suite, with a note of what it was run on. A run of some tests alone, or one that was stopped, judges nothing. */
export function watched(suite: Suite): Watched {
  const trees = new Set<string>();
  const note = (tree: string, isJudged: boolean) => {
    if (!isJudged) return;
    trees.delete(tree);
    trees.add(tree);
  };
  const tool =
    (run: Suite["lint"]): Suite["lint"] =>
    async (tree) => {
      const result = await run(tree);
      note(tree, result !== null && result.run.status !== "stopped");
      return result;
    };
  return {
    suite: {
      ...suite,
      run: async (request) => {
        const result = await suite.run(request);
        note(request.tree, request.tests === "all" && result.status !== "stopped");
        return result;
      },
      typecheck: tool(suite.typecheck),
      lint: tool(suite.lint),
    },
    judged: () => [...trees],
  };
}

/** Of the trees that were judged, the one that is the result; where that is none of them, the last. Left out where nothing was. */
export function judgedAs(result: string | null, judged: readonly string[]): { readonly judged?: string } {
  const tree = result !== null && judged.includes(result) ? result : judged.at(-1);
  return tree === undefined ? {} : { judged: tree };
}
