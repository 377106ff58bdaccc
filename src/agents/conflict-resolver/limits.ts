// How much a model is shown and may answer, and how often it is asked.

/**
 * UTF-8 bytes of a token, as an estimate: code takes 3 to 4 with the tokenisers in use. Prompts are limited in bytes because each model counts its own tokens.
 */
const bytesPerToken = 3.5;

/** Tokens of a text, estimated and rounded up. */
export const tokensOf = (bytes: number): number => Math.ceil(bytes / bytesPerToken);

/** A small model's question: 2,000 tokens in, 400 out. More than that, and small models lose the thread. */
export const smallQuestion = { maxBytes: 2_000 * bytesPerToken, maxOutputTokens: 400 };

/**
 * The large model's: 6,000 tokens in, 800 out. Asked once a hunk, it sees all that the small one saw in its two questions, the texts that were refused, and
 * why; and its answer is a text and a line of guidance.
 */
export const largeQuestion = { maxBytes: 6_000 * bytesPerToken, maxOutputTokens: 800 };

/** Samples of a pick, all of which must agree, and of a written text, of which two must. With one retry of a truncated text these are 7 calls. */
export const pickSamples = 3;
export const writeSamples = 3;
export const writeNeeded = 2;

/** Candidates that a model chooses among. */
export const mostOptions = 8;

/** Hunks of one run that models are asked about. */
export const mostAskedHunks = 20;

/** UTF-16 units of a file above which models are not asked: each answer is judged in the whole file, on the thread that serves everything else. */
export const longestFile = 500_000;

/** UTF-16 units of a line of guidance, and of a sentence about a hunk. */
export const longestGuidance = 200;
export const longestWhy = 700;
