// How long, how often and how much: the stop rules of the loop. Sources: docs/decisions/0038, where a number is measured or cited.

/** UTF-8 bytes of a token of code, as an estimate: 3 to 4 with the tokenisers in use. Prompts are limited in bytes because each model counts its own tokens. */
const bytesPerToken = 3.5;

/** Tokens of a text, estimated and rounded up: servers tell the agent no usage. */
export const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / bytesPerToken);

/** A small model's question: 6,000 tokens in. Whole functions, no line hints: the right file is worth more than anything shown beside it (arXiv 2604.05481). */
export const smallQuestion = { maxBytes: 6_000 * bytesPerToken, maxOutputTokens: 2_000 };

/** The large model's: the whole evidence, asked once, and once more with what the gates said of its answer. */
export const largeQuestion = { maxBytes: 12_000 * bytesPerToken, maxOutputTokens: 4_000 };

/** Which of several functions, or of several kinds of failure: a letter. */
export const pickQuestion = { maxBytes: 4_000 * bytesPerToken, maxOutputTokens: 100 };

/** Places for which candidates are written. Those that the model gives up do not count, and as many are looked at as skeletons are shown to choose among. */
export const mostPlaces = 3;
export const mostSkeletons = 8;
export const pickSamples = 3;

/** Answers at one place that give it up, and nothing else: the next place says more than a third. */
export const giveUpsEach = 2;

/** Candidates at one place that were written there before: the model has no other. */
export const repeatsEach = 2;

/** Fresh answers for each place: right ones come early in the sampling (arXiv 2506.13186), and the tests tell them from the others. */
export const samplesEach = 3;

/** Rounds in which the best candidate's new failure is shown: weak models gain little from more (Olausson et al., ICLR 2024). */
export const feedbackRounds = 2;

/** Candidates that each fix a part, one over the other. */
export const mostStacked = 3;

/** Candidates at one place that all leave the very same failure: the fault is elsewhere. */
export const sameFailures = 4;

/** Answers in a row that are not of the asked form: the model cannot do it (as mini-swe-agent has it). */
export const malformedInARow = 3;

/** Of one run: a limit that is met ends the search, never what was found before. */
export const runLimits = {
  /** Milliseconds in which something may be begun to find a fix; the reproduction before it does not count. */
  proposingMs: 10 * 60_000,
  smallCalls: 25,
  largeCalls: 2,
  /** Runs of the whole suite; those that reproduce, before them, do not count. */
  wholeRuns: 12,
  /** Estimated from the answers' lengths. */
  outputTokens: 60_000,
};

/**
 * Runs of the failing tests on the untouched head: one that does not end the same each time is flaky. One that fails every second time ends the same three
 * times in a row in one of four cases, ten times in one of 512: where runs are quick there are more, as long as they take less than `quickMs` together.
 */
export const reproductions = { least: 3, most: 10, quickMs: 15_000 };

/** Milliseconds that tests get on a candidate: so many times what they took on the head, and at least so many. */
export const candidateRun = { times: 10, leastMs: 60_000 };

/** Runs of the failing files in another order, beside a test that must fail. */
export const shuffledRuns = 2;

/** Smaller candidates that are tried of one that passes. */
export const minimisingRuns = 4;

/** Lines and bytes of what a failed test said that a model is shown. */
export const shownFailure = { maxBytes: 3_000, maxLines: 40 };

/** Failing tests whose sources are read: a report may name 100,000. */
export const mostTestsRead = 50;

/** UTF-16 units of a file above which nothing in it is written anew. */
export const longestFile = 500_000;

/** Sources of which the lines that run are measured, and test files that pass with which the failing ones are compared: each of those is a run of its own. */
export const measuredSources = 20;
export const measuredPassing = 3;
