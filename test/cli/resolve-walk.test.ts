// The walk through open hunks: whatever is pressed, no answer is lost, made up, or given to a hunk that was not shown.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Hunk, RankedCandidate, Settlement } from "../../src/core/conflict.ts";
import { beginWalk, openPlaces, questionAt, stepWalk } from "../../src/cli/resolve-walk.ts";
import type { Question, Ranking, Walk, WalkEvent, WalkFile, WalkStep } from "../../src/cli/resolve-walk.ts";

const hunk = (name: string): Hunk => ({
  kind: "hunk",
  base: `${name} base\n`,
  ours: `${name} ours\n`,
  theirs: `${name} theirs\n`,
});
const candidate = (text: string, probability = 0.5): RankedCandidate => ({
  name: "ours",
  text,
  why: "So.",
  probability,
});
const ranked = (text: string): Settlement => ({ tier: "ranked", class: "ranked/x", text, why: "Sure." });

function fileOf(path: string, count: number): WalkFile {
  const questions = Array.from({ length: count }, (_, index): [number, Question] => {
    const name = `${path}:${index}`;
    const candidates = [candidate(`${name} first\n`), candidate(`${name} second\n`)];
    return [index, { line: index + 1, hunk: hunk(name), candidates, offer: null }];
  });
  return {
    path,
    labels: { ours: "HEAD", theirs: "main" },
    questions: new Map(questions),
    order: questions.map(([index]) => index).toReversed(),
  };
}

/** What is known of each hunk after ranking; by default nothing new. */
type Learned = Readonly<Record<number, { settlement: Settlement; sure: boolean }>>;

function rankingOf(file: WalkFile, learned: Learned = {}): Ranking {
  const hunks = [...file.questions].map(([index, { candidates }]) => ({
    candidates,
    settlement: learned[index]?.settlement ?? null,
    sure: learned[index]?.sure ?? false,
  }));
  return { hunks, order: file.order };
}

/** Sends the event, and answers every wish for a ranking. */
function carryOn({ walk, effects }: WalkStep, learn: (file: number) => Learned = () => ({})): Walk {
  let now = walk;
  const wishes = [...effects];
  for (let wish = wishes.shift(); wish; wish = wishes.shift()) {
    const file = wish.kind === "rank" ? now.files[wish.file] : undefined;
    if (wish.kind !== "rank" || !file) continue;
    const next = stepWalk(now, {
      kind: "ranked",
      file: wish.file,
      ranking: rankingOf(file, learn(wish.file)),
    });
    now = next.walk;
    wishes.push(...next.effects);
  }
  return now;
}

const press = (walk: Walk, key: string, learn?: (file: number) => Learned): Walk =>
  carryOn(stepWalk(walk, { kind: "key", key }), learn);
const pressAll = (walk: Walk, keys: string): Walk =>
  Array.from(keys).reduce((now, key) => press(now, key), walk);
const texts = ({ answers }: Walk): (string | null)[] =>
  answers.map(({ settlement }) => settlement?.text ?? null);

describe("the walk through open hunks", () => {
  it("asks the most telling hunk first, file by file, and takes each key at its word", () => {
    const walk = pressAll(carryOn(beginWalk([fileOf("a", 3), fileOf("b", 2)])), "2otbs");
    expect(texts(walk)).toEqual([
      "a:2 second\n",
      "a:1 ours\n",
      "a:0 theirs\n",
      "b:1 ours\nb:1 theirs\n",
      null,
    ]);
    expect(walk.ended).toBe("done");
  });

  it("closes an unfinished last line before it puts the other side behind it", () => {
    const open: Question = {
      line: 1,
      hunk: { kind: "hunk", base: "", ours: "a", theirs: "b" },
      candidates: [],
      offer: null,
    };
    const file = { ...fileOf("a", 0), questions: new Map([[0, open]]), order: [0] };
    expect(texts(press(carryOn(beginWalk([file])), "b"))).toEqual(["a\nb"]);
  });

  it("offers what an answer has made likely, and takes it on Enter alone", () => {
    const learn = () => ({ 0: { settlement: ranked("sure\n"), sure: false } });
    const asked = press(carryOn(beginWalk([fileOf("a", 3)])), "1", learn);
    // Hunk 1 is more telling, but the offer needs one key only.
    expect(asked.at).toEqual({ file: 0, hunk: 0 });
    expect(texts(asked)).toEqual(["a:2 first\n"]);
    expect(texts(press(asked, "enter", learn))).toEqual(["a:2 first\n", "sure\n"]);
  });

  it("settles what is sure by itself, says so, and asks about it once it is taken back", () => {
    const learn = () => ({ 1: { settlement: ranked("sure\n"), sure: true } });
    const first = stepWalk(carryOn(beginWalk([fileOf("a", 3)])), { kind: "key", key: "1" });
    const file = first.walk.files[0] ?? fileOf("a", 0);
    const told = stepWalk(first.walk, { kind: "ranked", file: 0, ranking: rankingOf(file, learn()) });
    expect(told.effects.map(({ kind }) => kind)).toEqual(["settled", "ask"]);
    expect(texts(told.walk)).toEqual(["a:2 first\n", "sure\n"]);
    const back = press(told.walk, "u", learn);
    expect([texts(back), back.at]).toEqual([["a:2 first\n"], { file: 0, hunk: 1 }]);
    expect(texts(press(back, "o", learn))).toEqual(["a:2 first\n", "a:1 ours\n"]);
  });

  it("ignores keys that come before the next hunk is shown", () => {
    const { walk } = stepWalk(carryOn(beginWalk([fileOf("a", 2)])), { kind: "key", key: "1" });
    expect(walk.at).toBeNull();
    expect(stepWalk(walk, { kind: "key", key: "1" })).toEqual({ walk, effects: [] });
  });

  it("undoes across files, back to the beginning", () => {
    const begun = carryOn(beginWalk([fileOf("a", 1), fileOf("b", 2)]));
    const walk = pressAll(begun, "11uu");
    expect([texts(walk), walk.at]).toEqual([[], { file: 0, hunk: 0 }]);
    expect(stepWalk(walk, { kind: "key", key: "u" }).effects).toMatchObject([{ kind: "tell" }]);
  });

  it("asks on with what it knows when a file cannot be ranked anew", () => {
    const { walk } = beginWalk([fileOf("a", 1)]);
    const asked = stepWalk(walk, { kind: "ranked", file: 0, ranking: null });
    expect(asked.effects).toEqual([{ kind: "ask" }]);
  });

  const keys = fc.constantFrom(...Array.from("123456789otbsuq?x"), "enter", "ctrl-c", "ctrl-d", "");
  const learned = fc.dictionary(
    fc.constantFrom("0", "1", "2"),
    fc.record({ settlement: fc.constant(ranked("sure\n")), sure: fc.boolean() }),
  );

  it("keeps its word whatever is pressed and learned", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 });
    const inputs = fc.array(fc.tuple(keys, learned, fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(sizes, inputs, (counts, events) => {
        let walk = carryOn(beginWalk(counts.map((count, index) => fileOf(`f${index}`, count))));
        for (const [key, learn, stray] of events) {
          const before = walk;
          const event: WalkEvent = { kind: "key", key };
          walk = carryOn(stepWalk(before, event), () => learn);
          if (stray) walk = stepWalk(walk, { kind: "ranked", file: 0, ranking: null }).walk;
          holds(before, walk, key);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("can always be taken back to where it began, one key at a time", () => {
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 12 }), learned, (pressed, learn) => {
        const begun = carryOn(beginWalk([fileOf("a", 3), fileOf("b", 1)]));
        let walk = pressed
          .filter((key) => !["q", "ctrl-c", "ctrl-d"].includes(key))
          .reduce((now, key) => press(now, key, () => learn), begun);
        if (walk.ended !== null) return;
        for (let presses = 0; presses < 10 && walk.answers.length > 0; presses++)
          walk = press(walk, "u", () => learn);
        expect(walk.answers).toEqual([]);
      }),
    );
  });
});

/** What is true after any key. */
function holds(before: Walk, after: Walk, key: string): void {
  const places = after.answers.map(({ place }) => `${place.file}:${place.hunk}`);
  expect(new Set(places).size).toBe(places.length);
  if (before.ended !== null) expect(after).toBe(before);
  // Nothing that was answered is lost but by "u", and then one answer only.
  const kept = key === "u" && before.ended === null ? before.answers.slice(0, -1) : before.answers;
  expect(after.answers.slice(0, kept.length)).toEqual(kept);
  // A person answers one hunk a key, and that is the one that was shown.
  const own = after.answers.slice(kept.length).filter(({ by }) => by === "person");
  expect(own.length).toBeLessThanOrEqual(1);
  for (const { place } of own) expect(place).toEqual(before.at);
  expect(after.ended === "done").toBe(openPlaces(after).length === 0 && after.ended !== "quit");
  if (after.ended === null) expect(after.at && questionAt(after, after.at)).not.toBeNull();
}
