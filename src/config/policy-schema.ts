// The shape of .github/agent.yml; docs/agent.schema.json is written from it (scripts/write-schema.ts).
import { z } from "zod";
import { MAX_DOLLARS, parseDollars } from "./dollars.ts";
import { faultOfModelName } from "./model-names.ts";
import { commandSettings, regenerateSetting } from "./policy-checks.ts";

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

/** Models that a role may name: each is another chance to send the same code somewhere. */
const MAX_MODELS = 10;

const nameFaults = {
  address:
    "must be the name of a model, never an address: whoever runs Errand names servers, and here stands provider:model@endpoint",
  key: "must be the name of a model, and this holds something like a key: take it out and have it revoked; only whoever runs Errand sets keys",
  form: "must be provider:model or provider:model@endpoint, with openai or anthropic as provider",
} as const;

const modelName = z
  .string({ error: "must be a text: provider:model or provider:model@endpoint" })
  .check((context) => {
    const fault = faultOfModelName(context.value);
    if (fault === null) return;
    context.issues.push({ code: "custom", input: context.value, message: nameFaults[fault], continue: true });
  })
  .meta({ pattern: "^(openai|anthropic):[^\\s@,=]+(@[a-z0-9][a-z0-9-]*)?$" });

const models = (description: string) =>
  z
    .union(
      [
        modelName,
        z
          .array(modelName)
          .min(1, "must name a model; models.enabled: false asks none")
          .max(MAX_MODELS, `must have ${MAX_MODELS} entries at most`),
      ],
      { error: "must be the name of a model, or a list of names" },
    )
    .describe(description)
    .optional();

const roles = {
  small: models("Who is asked first, in this order: the next where one cannot answer."),
  large: models("Who is consulted where the small ones fail, in this order."),
};

const dollarsRule = "must be dollars from 0 to 1000000, such as 0.05, with six decimals at most";

const dollars = (description: string) =>
  z
    .number({ error: dollarsRule })
    .min(0, dollarsRule)
    .max(MAX_DOLLARS, dollarsRule)
    .refine((sum) => parseDollars(String(sum)) !== null, { error: dollarsRule })
    .describe(description)
    .optional();

/** YAML 1.1, which a `%YAML` line asks for, reads a bare `off` as false. */
const automaticMode = (description: string) =>
  z
    .union([z.enum(["off", "propose", "push"]), z.literal(false)], {
      error: "must be one of off, propose, push",
    })
    .describe(description)
    .optional();

const label = z
  .string({ error: "must be a text: the name of a label" })
  .min(1, "must not be empty")
  .max(100, "must have 100 characters at most");

/** Most labels; more than anybody tells apart. */
const MAX_LABELS = 20;

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
    commands: map(
      commandSettings,
      'The repository\'s own commands, for a shell in the sandbox. One that is absent is detected; "" turns it off.',
    ).optional(),
    regenerate: regenerateSetting(pattern).optional(),
    models: map(
      {
        enabled: onOff("Whether language models may be shown anything of this repository.").optional(),
        ...roles,
        agents: z
          .record(
            z.string().regex(/^[a-z][a-z\d-]{0,39}$/),
            map(roles, "Choices for this agent; they win over the repository's."),
            {
              error: (issue) =>
                issue.code === "invalid_key"
                  ? "is not the name of an agent, such as conflict-resolver"
                  : "must be a map of agents",
            },
          )
          .describe("Choices for one agent, by its name, such as conflict-resolver.")
          .optional(),
        budget: map(
          {
            run: dollars("Dollars that one run may spend on models."),
            pull: dollars("Dollars that one pull request may spend, as long as it lives."),
          },
          "Limits in dollars. They can only lower what whoever runs Errand has set.",
        ).optional(),
      },
      "Language models: chosen among those that whoever runs Errand allows.",
    ).optional(),
    auto: map(
      {
        checks: automaticMode(
          "When checks fail on a pull request. off: nothing. propose: a fix that the tests accept is proposed. push: it is pushed.",
        ),
        conflicts: automaticMode(
          "When a push to the base brings a pull request into conflict. off: nothing. propose: a resolution is proposed. push: one that the repository's own checks prove is pushed.",
        ),
        ignoreLabels: z
          .array(label, { error: "must be a list of labels" })
          .max(MAX_LABELS, `must have ${MAX_LABELS} entries at most`)
          .describe("A pull request with one of these labels is left alone. Case does not count.")
          .optional(),
        ignoreBranches: patterns("Head branches that are left alone.").optional(),
        drafts: onOff("Whether drafts are looked at.").optional(),
      },
      "What starts without being asked for.",
    ).optional(),
    ledger: map(
      {
        contents: onOff(
          "Consent to keep, redacted and for a limited time, what models were shown and what they answered. Never of forks.",
        ).optional(),
      },
      "What is kept of calls of models.",
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
