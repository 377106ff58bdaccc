// Any sequence of deliveries, turns and removals leaves a store in the state that a simple model says.
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import fc from "fast-check";
import { itemId, type InboxItem } from "../../src/core/command.ts";
import type { Store } from "../../src/core/store.ts";
import { describeDrivers, type Place } from "./drivers.ts";
import { item, mailboxFor, someCommand, somePull, unique } from "./fixtures.ts";

interface Model {
  readonly deliveries: Set<string>;
  readonly items: Set<string>;
  /** Ids of waiting items, oldest first. */
  readonly boxes: Map<string, string[]>;
  readonly turns: Map<string, number>;
}

interface Real {
  readonly store: Store;
  /** Tokens given out so far, by mailbox, oldest first. */
  readonly tokens: Map<string, number[]>;
  /** Names of this run only: runs share a store. */
  readonly id: (kind: string, index: number) => string;
  readonly pulls: readonly ReturnType<typeof somePull>[];
}

type Step = fc.AsyncCommand<Model, Real>;

const pullAt = (real: Real, box: number) => real.pulls[box % real.pulls.length] ?? somePull();
const mailboxAt = (real: Real, box: number): string => mailboxFor(pullAt(real, box));
const boxOf = (model: Model, mailbox: string): string[] => model.boxes.get(mailbox) ?? [];
const idOf = (found: InboxItem | null): string | null => (found === null ? null : itemId(found));

function step(name: string, run: (model: Model, real: Real) => Promise<void>): Step {
  return { check: () => true, run, toString: () => name };
}

const accept = (deliveryIndex: number, itemIndex: number, box: number): Step =>
  step(`accept(delivery ${deliveryIndex}, item ${itemIndex}, box ${box})`, async (model, real) => {
    const [deliveryId, id] = [real.id("delivery", deliveryIndex), real.id("item", itemIndex)];
    const mailbox = mailboxAt(real, box);
    const duplicate = model.deliveries.has(deliveryId) || model.items.has(id);
    const answer = await real.store.accept(deliveryId, item(someCommand(pullAt(real, box), { id })));
    expect(answer).toBe(duplicate ? "duplicate" : "accepted");
    if (duplicate) return;
    model.deliveries.add(deliveryId);
    model.items.add(id);
    model.boxes.set(mailbox, [...boxOf(model, mailbox), id]);
  });

const take = (box: number): Step =>
  step(`take(box ${box})`, async (model, real) => {
    const mailbox = mailboxAt(real, box);
    const token = await real.store.takeTurn(mailbox);
    const given = real.tokens.get(mailbox) ?? [];
    expect(token).toBeGreaterThan(given.at(-1) ?? 0);
    real.tokens.set(mailbox, [...given, token]);
    model.turns.set(mailbox, token);
  });

const done = (box: number, itemIndex: number, age: number): Step =>
  step(`done(box ${box}, item ${itemIndex}, token -${age})`, async (model, real) => {
    const mailbox = mailboxAt(real, box);
    const token = (real.tokens.get(mailbox) ?? []).at(-1 - age) ?? 0;
    const valid = model.turns.get(mailbox) === token;
    const id = real.id("item", itemIndex);
    expect(await real.store.done(mailbox, id, token)).toBe(valid);
    if (valid) {
      model.boxes.set(
        mailbox,
        boxOf(model, mailbox).filter((each) => each !== id),
      );
    }
  });

const look = (): Step =>
  step("look", async (model, real) => {
    const waiting = await real.store.waitingMailboxes();
    for (const pull of real.pulls) {
      const mailbox = mailboxFor(pull);
      const expected = boxOf(model, mailbox);
      expect(idOf(await real.store.peek(mailbox))).toBe(expected[0] ?? null);
      expect((await real.store.listWaiting(mailbox)).map(itemId)).toEqual(expected);
      expect(waiting.includes(mailbox)).toBe(expected.length > 0);
    }
  });

const steps = [
  fc.tuple(fc.nat(6), fc.nat(6), fc.nat(1)).map(([a, b, c]) => accept(a, b, c)),
  fc.nat(1).map(take),
  fc.tuple(fc.nat(1), fc.nat(6), fc.nat(2)).map(([a, b, c]) => done(a, b, c)),
  fc.constant(look()),
];

function suite(place: () => Place): void {
  let store: Store;
  beforeAll(async () => {
    ({ store } = await place().open());
  }, 60_000);
  afterAll(async () => {
    await store.close();
  });

  it("does what the model does", async () => {
    const property = fc.asyncProperty(fc.commands(steps, { maxCommands: 40 }), async (commands) => {
      const run = unique();
      const setup = () => ({
        model: {
          deliveries: new Set<string>(),
          items: new Set<string>(),
          boxes: new Map(),
          turns: new Map(),
        },
        real: {
          store,
          tokens: new Map(),
          id: (kind: string, index: number) => `${kind}-${run}-${index}`,
          pulls: [somePull(), somePull()],
        },
      });
      await fc.asyncModelRun(setup, commands);
    });
    await fc.assert(property, { numRuns: 60 });
  });
}

describeDrivers(["embedded", "redis"], "store against a model", suite);
