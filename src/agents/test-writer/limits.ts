// How much one run of the test writer may look at, ask and run.

/** As elsewhere (conflict-resolver/limits.ts): UTF-8 bytes of a token, estimated. */
const bytesPerToken = 3.5;

/** Functions that tests are written for in one run: more than that, and nobody reads the tests. */
export const mostFunctions = 5;
/** Changed files and functions that are looked at to find them. */
export const mostFiles = 60;
export const mostLooked = 40;
/** UTF-16 units of a file that is read. */
export const longestFile = 300_000;

/** Milliseconds in all; nothing new is begun after the second figure, so that what was written can still be proven. */
export const longestRun = 10 * 60_000;
export const longestWriting = 7 * 60_000;
export const mostCalls = 20;
/** Runs of tests, whole or a file alone. */
export const mostRuns = 60;
/** Of these, kept for the end: five for stability, two of the whole suite, and one of each in case a test has to go. */
export const reservedRuns = 9;

/** Small models lose the thread in longer questions; a test file is a longer answer than a merged hunk. */
export const question = { maxBytes: 6_000 * bytesPerToken, maxOutputTokens: 1_600 };
export const mostSamples = 3;
export const mostRounds = 2;

export const mostMutants = 12;
/** Tests of one answer that are looked at. */
export const mostTests = 12;
export const longestTitle = 160;

/** Passes that make a test stable; the last two of them in another order. */
export const stableRuns = 5;
export const shuffledRuns = 2;

/** Milliseconds that a run of tests gets: so many times what the first took, and at least so many. A mutant, or what a model wrote, may never end. */
export const runTimes = 10;
export const leastRun = 30_000;
