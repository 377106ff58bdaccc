// The shape of .github/agent.yml; docs/agent.schema.json is written from it (scripts/write-schema.ts).
import { z } from "zod";

/** Most entries of a list of patterns. */
const MAX_PATTERNS = 100;

const pattern = z
  .string({ error: "must be a text: a path or a pattern such as docs/**" })
  .min(1, "must not be empty")
  .max(200, "must have 200 characters at most")
  .refine((text) => !/[{}!\0\n]/.test(text), {
    error: "must not hold { } or !: write one pattern per line; *, ? and ** are understood",
  });

const patterns = (description: string) =>
  z
    .array(pattern, { error: "must be a list of patterns" })
    .max(MAX_PATTERNS, `must have ${MAX_PATTERNS} entries at most`)
    .describe(description);

const onOff = (description: string) => z.boolean({ error: "must be true or false" }).describe(description);

const map = <Shape extends z.core.$ZodLooseShape>(shape: Shape, description: string) =>
  z
    .strictObject(shape, {
      error: (issue) => (issue.code === "invalid_type" ? "must be a map of settings" : undefined),
    })
    .describe(description);

/** Every setting is optional: what is absent comes from the file that is extended, and at last from the defaults. */
export const PolicyFile = map(
  {
    _extends: z
      .string({ error: "must be a text: repo, owner/repo or owner/repo:path" })
      .describe(
        "Another file that this one builds on: repo, owner/repo or owner/repo:path, of the same owner.",
      )
      .optional(),
    push: map(
      {
        mode: z
          .enum(["asked", "proven", "never"], { error: "must be one of asked, proven, never" })
          .describe(
            "What a command may push. asked: what is settled above the bar. proven: only what the repository's own checks prove. never: nothing. In each mode /agent apply, a person's own word, pushes what was proposed.",
          )
          .optional(),
        bar: z
          .number({ error: "must be a number from 0 to 1" })
          .min(0, "must be a number from 0 to 1")
          .max(1, "must be a number from 0 to 1")
          .describe(
            "Least measured precision, from 0 to 1, that a way of settling a hunk needs to be pushed.",
          )
          .optional(),
      },
      "When results are pushed.",
    ).optional(),
    commit: map(
      {
        prefix: z
          .string({ error: "must be a text" })
          .max(50, "must have 50 characters at most")
          .refine((text) => !/\p{Cc}/u.test(text), { error: "must be one line" })
          .describe('Put before the subject line of commits, for example "chore: ".')
          .optional(),
        signOff: onOff("Adds a Signed-off-by trailer of the app.").optional(),
      },
      "How commits are written.",
    ).optional(),
    conflicts: map(
      { ignore: patterns("Paths that are never touched: a conflict there stays for a person.").optional() },
      "How conflicts are resolved.",
    ).optional(),
    protectedPaths: patterns(
      "Paths that are protected beside the built-in ones: a result there that equals neither side is refused.",
    ).optional(),
  },
  "What Errand may do in this repository. Every setting is optional.",
);
export type PolicyFile = z.infer<typeof PolicyFile>;

/** docs/agent.schema.json: editors check agent.yml with it as it is typed. */
export function policySchemaJson(): string {
  const schema = { title: "Errand: .github/agent.yml", ...z.toJSONSchema(PolicyFile) };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
