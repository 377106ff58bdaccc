import { describe, expect, it } from "@jest/globals";
import { purge } from "../../../src/cli/ledger/purge.ts";
import { callOf, deskWith, start, writeTexts } from "./support.ts";

const day = 86_400_000;
const texts = writeTexts("a\n", "b\n");
const rows = () => [
  callOf({ at: start, contents: texts }),
  callOf({ at: start + day, contents: null }),
  callOf({ at: start + 20 * day, contents: texts }),
];
const all = { contents: false, yes: true, json: true };

describe("errand ledger purge", () => {
  it("forgets texts alone, and figures stay", async () => {
    const { ledger, ports, printed } = await deskWith(rows());
    expect(await purge({ ...all, contents: true }, ports, null)).toBe(0);
    expect(JSON.parse(printed())).toMatchObject({ forgotten: 2, what: "contents" });
    const left = await ledger.listCalls({ limit: 10 });
    expect(left.map(({ contents }) => contents)).toEqual([null, null, null]);
  });

  it("forgets rows older than so many days", async () => {
    const { ledger, ports, printed } = await deskWith(rows());
    await purge({ ...all, before: 15 }, ports, null);
    expect(JSON.parse(printed())).toMatchObject({ forgotten: 2, what: "rows" });
    expect(await ledger.listCalls({ limit: 10 })).toHaveLength(1);
  });

  it("asks, with the number, and does nothing on a no", async () => {
    const { ledger, ports, printed } = await deskWith(rows());
    const asked: string[] = [];
    const answers = (answer: boolean) => (question: string) => {
      asked.push(question);
      return Promise.resolve(answer);
    };
    expect(await purge({ ...all, yes: false, before: 15, json: false }, ports, answers(false))).toBe(1);
    expect(asked[0]).toMatch(/more than 15 days ago: 2 of them/);
    expect(printed()).toMatch(/Nothing was forgotten/);
    expect(await ledger.listCalls({ limit: 10 })).toHaveLength(3);
    expect(await purge({ ...all, yes: false, json: false }, ports, answers(true))).toBe(0);
    expect(printed()).toBe("Forgotten: 3.\n");
  });

  it("refuses where nobody can be asked", async () => {
    const { ledger, ports } = await deskWith(rows());
    await expect(purge({ ...all, yes: false }, ports, null)).rejects.toMatchObject({
      code: "input",
      remedy: expect.stringContaining("--yes"),
    });
    expect(await ledger.listCalls({ limit: 10 })).toHaveLength(3);
  });
});
