// Writing by agreement: one block, the same from several samples, and nothing else.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { definePrompt } from "../../src/core/prompt.ts";
import type { WriteQuestion } from "../../src/core/models.ts";
import { onlyFencedBlock } from "../../src/model/fence.ts";
import { write } from "../../src/model/write.ts";
import { fakeAsker, purpose } from "./fake-asker.ts";

const question: WriteQuestion = {
  prompt: definePrompt("generate", { system: "Write.", user: "{{ours}}" }),
  data: { ours: { text: "a", maxBytes: 100, maxLines: 10 } },
  maxBytes: 8_000,
  maxOutputTokens: 400,
  samples: 3,
  needed: 2,
  keyOf: (text) => text.replace(/\s+/g, " ").trim(),
};
const block = (text: string): string => `\`\`\`ts\n${text}\n\`\`\``;
const truncated = { status: "truncated" as const };

describe("write", () => {
  it("stops as soon as enough samples say the same, layout aside, in the first one's words", async () => {
    const asker = fakeAsker((_, call) => block(call === 0 ? "const a  = 1;" : "const a = 1;"));
    const written = await write(asker, purpose, question);
    expect(written).toMatchObject({ status: "agreed", text: "const a  = 1;\n", votes: [2] });
    expect(asker.requests).toHaveLength(2);
  });

  it("finds the two of three that agree", async () => {
    const texts = ["one", "two", "one"];
    const written = await write(
      fakeAsker((_, call) => block(texts[call] ?? "")),
      purpose,
      question,
    );
    expect(written).toMatchObject({ status: "agreed", text: "one\n", votes: [2, 1] });
  });

  it("accepts nothing where all three differ", async () => {
    const written = await write(
      fakeAsker((_, call) => block(String(call))),
      purpose,
      question,
    );
    expect(written).toMatchObject({ status: "disagreed", text: null, votes: [1, 1, 1] });
  });

  it("asks no third time where two can no longer agree", async () => {
    const asker = fakeAsker(() => "no block at all");
    expect(await write(asker, purpose, question)).toMatchObject({ status: "malformed", text: null });
    expect(asker.requests).toHaveLength(2);
  });

  it("lets the model decline", async () => {
    const asker = fakeAsker(() => "CANNOT.\n");
    expect(await write(asker, purpose, question)).toMatchObject({ status: "declined" });
    expect(asker.requests).toHaveLength(1);
  });

  it("asks a truncated sample once more with twice the room, once in all", async () => {
    const asker = fakeAsker((_, call) => (call === 0 ? truncated : block("same")));
    expect(await write(asker, purpose, question)).toMatchObject({ status: "agreed" });
    expect(asker.requests.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([400, 800, 800]);
    const hopeless = fakeAsker(() => truncated);
    expect(await write(hopeless, purpose, question)).toMatchObject({ status: "truncated", text: null });
    expect(hopeless.requests.length).toBeLessThanOrEqual(4);
  });

  it("never makes more than four calls, whatever the samples are", async () => {
    const said = fc.constantFrom(block("a"), block("b"), "none", truncated, { status: "refused" as const });
    await fc.assert(
      fc.asyncProperty(fc.array(said, { minLength: 5, maxLength: 5 }), async (answers) => {
        const asker = fakeAsker((_, call) => answers[call] ?? "");
        const written = await write(asker, purpose, question);
        expect(asker.requests.length).toBeLessThanOrEqual(4);
        if (written.status === "agreed")
          expect(answers.filter((one) => one === block(written.text.trim())).length).toBeGreaterThan(1);
      }),
    );
  });
});

describe("onlyFencedBlock", () => {
  it.each([
    ["with words around it", "Here:\n```js\nlet a;\n```\nDone.", { text: "let a;\n" }],
    ["empty", "```\n```", { text: "" }],
    ["with Windows line ends", "```\r\na\r\n```\r\n", { text: "a\n" }],
    ["that holds a shorter fence", "````md\n```\ncode\n```\n````", { text: "```\ncode\n```\n" }],
    ["with tildes", "~~~\na\n~~~", { text: "a\n" }],
    ["not closed", "```js\nlet a;", { problem: "unclosed" }],
    ["missing", "let a;", { problem: "none" }],
    ["twice", "```\na\n```\n```\nb\n```", { problem: "several" }],
  ])("reads a block %s", (_, answer, read) => {
    expect(onlyFencedBlock(answer)).toEqual(read);
  });

  it("gives back whole lines of any text that was fenced with a longer fence", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ maxLength: 20 }).map((line) => line.replace(/[\r\n]/g, "")),
          { maxLength: 6 },
        ),
        (lines) => {
          const text = lines.map((line) => `${line}\n`).join("");
          expect(onlyFencedBlock(`${"`".repeat(30)}\n${text}${"`".repeat(30)}`)).toEqual({ text });
        },
      ),
    );
  });
});
