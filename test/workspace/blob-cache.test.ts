import { describe, expect, it } from "@jest/globals";
import { createBlobCache } from "../../src/workspace/blob-cache.ts";

/** A store of numbered texts, each of 1000 bytes, that notes what it is asked for. "bad…" cannot be read. */
function recorded(maxBytes: number) {
  const asked: string[][] = [];
  const load = (oids: readonly string[]) => {
    asked.push([...oids]);
    return Promise.resolve(
      oids.map((oid) => (oid.startsWith("bad") ? new Error(oid) : Buffer.from(oid.padEnd(1000, "-")))),
    );
  };
  const cache = createBlobCache(load, maxBytes);
  const read = async (...oids: string[]) =>
    (await cache.read(oids)).map((bytes) => Buffer.from(bytes).toString().replaceAll("-", ""));
  return { asked, cache, read };
}

describe("a blob cache", () => {
  it("drops what was read longest ago once it holds more than its bound", async () => {
    const { asked, read } = recorded(3000);
    expect(await read("1", "2")).toEqual(["1", "2"]);
    await read("1");
    await read("3");
    expect(await read("1")).toEqual(["1"]);
    expect(asked).toEqual([["1", "2"], ["3"]]);
    expect(await read("2", "1")).toEqual(["2", "1"]);
    expect(asked.slice(2)).toEqual([["2"]]);
  });

  it("counts files without contents, too", async () => {
    const { asked, cache, read } = recorded(10_000);
    cache.add("1", Buffer.alloc(0));
    for (let index = 0; index < 1000; index++) cache.add(`empty-${index}`, Buffer.alloc(0));
    await read("1");
    expect(asked).toEqual([["1"]]);
  });

  it("asks only for what nobody is reading yet", async () => {
    const { asked, read } = recorded(10_000);
    const answers = await Promise.all([read("1", "2", "1"), read("2", "3"), read("1")]);
    expect(answers).toEqual([["1", "2", "1"], ["2", "3"], ["1"]]);
    expect(asked).toEqual([["1", "2"], ["3"]]);
  });

  it("fails only whom it must, and asks again after a failure", async () => {
    const { asked, read } = recorded(10_000);
    const both = read("1", "bad");
    const other = read("1");
    await expect(both).rejects.toThrow("bad");
    expect(await other).toEqual(["1"]);
    await expect(read("bad", "1")).rejects.toThrow("bad");
    expect(asked).toEqual([["1", "bad"], ["bad"]]);
  });

  it("keeps a copy, and nothing once it was cleared", async () => {
    const { asked, cache, read } = recorded(10_000);
    const bytes = Buffer.from("own");
    cache.add("1", bytes);
    bytes.fill("x");
    expect(await read("1")).toEqual(["own"]);
    cache.clear();
    expect(await read("1")).toEqual(["1"]);
    expect(asked).toEqual([["1"]]);
  });
});
