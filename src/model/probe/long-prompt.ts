// Asks back a word from near the start of a long prompt: some servers cut prompts at 4,096 tokens without a word (Ollama's /v1 does by default).
import { definePrompt, renderPrompt } from "../../core/prompt.ts";
import type { Prompt } from "../../core/prompt.ts";

const secretWord = "quartzite";

const template = definePrompt("probe/long", {
  system: "You read a list of notes and answer one question about it.",
  user: "{{notes}}\n\nOne of the notes above names the code word. Answer with the code word alone.",
});

const things = ["lamp", "rope", "bell", "cart", "sail", "drum", "gate", "kiln", "loom", "mast"];
const places = ["hall", "yard", "loft", "shed", "dock", "barn", "mill", "cave", "pier"];

/** 500 lines of 9 words: no tokenizer makes fewer tokens than words of them, so it is more than 4,096 by itself. */
const notes = Array.from({ length: 500 }, (_, index) => {
  const thing = things[index % things.length] ?? "";
  const place = places[index % places.length] ?? "";
  return index === 2
    ? `The code word of this list is ${secretWord}.`
    : `Note ${index} says the ${thing} is in the ${place}.`;
}).join("\n");

export function longPrompt(): Prompt {
  return renderPrompt(template, { notes: { text: notes, maxBytes: 40_000, maxLines: 600 } }).prompt;
}

/** Names the template and its notes. */
export const longPromptText = `${template.hash} ${notes}`;

/** Whether the answer holds the code word: what stands around it does not matter. */
export function namesTheWord(text: string): boolean {
  return text.toLowerCase().includes(secretWord);
}
