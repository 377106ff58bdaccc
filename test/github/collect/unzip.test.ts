// Archives that were made to mislead: sizes, counts and checksums in them are claims.
import { describe, expect, it } from "@jest/globals";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { unzip } from "../../../src/github/collect/unzip.ts";
import { zipOf } from "../../support/zip.ts";

const limits = {
  wanted: (name: string) => name.endsWith(".xml"),
  entries: 3,
  entryBytes: 1_000,
  totalBytes: 1_500,
};

const namesIn = async (archive: Uint8Array) =>
  (await unzip(archive, limits))?.entries.map(({ name }) => name);

/** The archive with one stored entry packed instead, and sizes as claimed. */
function packed(name: string, packedBytes: Buffer, { size, crc }: { size: number; crc: number }): Buffer {
  const zip = Buffer.from(zipOf({ [name]: "x".repeat(packedBytes.length) }));
  const central = zip.indexOf(Buffer.from("PK\u0001\u0002", "latin1"));
  packedBytes.copy(zip, 30 + name.length);
  zip.writeUInt16LE(8, central + 10);
  zip.writeUInt32LE(crc, central + 16);
  zip.writeUInt32LE(size, central + 24);
  return zip;
}

describe("unzip", () => {
  it("reads the wanted entries, stored or packed, with a comment at the archive's end", async () => {
    const zip = Buffer.from(zipOf({ "a.xml": "<a/>", "b.txt": "no", "c/d.xml": "<d/>" }));
    zip.writeUInt16LE(7, zip.length - 2);
    const read = await unzip(Buffer.concat([zip, Buffer.from("comment")]), limits);
    expect(read).toMatchObject({ leftOut: 0 });
    expect(read?.entries.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([
      ["a.xml", "<a/>"],
      ["c/d.xml", "<d/>"],
    ]);
    const squeezed = packed("e.xml", deflateRawSync("x".repeat(100)), {
      size: 100,
      crc: crcOf("x".repeat(100)),
    });
    expect((await unzip(squeezed, limits))?.entries[0]?.bytes.length).toBe(100);
  });

  it("leaves out what is too large, too many, damaged, or larger than it says", async () => {
    const big = "x".repeat(1_001);
    expect(await unzip(zipOf({ "a.xml": big, "b.xml": "b" }), limits)).toMatchObject({
      entries: [{ name: "b.xml" }],
      leftOut: 1,
    });
    expect(await namesIn(zipOf({ "a.xml": "1", "b.xml": "2", "c.xml": "3", "d.xml": "4" }))).toHaveLength(3);
    expect(await namesIn(zipOf({ "a.xml": "x".repeat(900), "b.xml": "x".repeat(900) }))).toEqual(["a.xml"]);
    const bomb = packed("a.xml", deflateRawSync("x".repeat(5_000_000)), { size: 10, crc: 0 });
    expect(await unzip(bomb, limits)).toMatchObject({ entries: [], leftOut: 1 });
    const flipped = Buffer.from(zipOf({ "a.xml": "hello" }));
    flipped.write("j", 30 + "a.xml".length);
    expect(await unzip(flipped, limits)).toMatchObject({ entries: [], leftOut: 1 });
  });

  it("is null for what is no archive", async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from("PK"), Buffer.alloc(100_000, 65)])
      expect(await unzip(bytes, limits)).toBeNull();
  });

  it("ends for any bytes, and stays within its limits", async () => {
    const whole = Buffer.from(zipOf({ "a.xml": "a".repeat(50), "b.xml": "b".repeat(50) }));
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 12 }), fc.nat(whole.length), async (changes, length) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        for (const archive of [bytes, bytes.subarray(0, length), bytes.subarray(length)]) {
          const read = await unzip(archive, limits);
          expect(
            (read?.entries ?? []).reduce((sum, entry) => sum + entry.bytes.length, 0),
          ).toBeLessThanOrEqual(1_500);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** CRC-32, bit by bit. */
function crcOf(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
