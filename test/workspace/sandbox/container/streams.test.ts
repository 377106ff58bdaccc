// What a container writes, taken apart: however it is cut, and whatever a program puts there.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readContainerStream } from "../../../../src/workspace/sandbox/container/streams.ts";

const mark = "errand-end-0123";
const expected = { project: 1, report: 0 };

function read(bytes: Buffer, cuts: readonly number[]) {
  const output: Buffer[] = [];
  const stream = readContainerStream(mark, expected, (chunk) => output.push(Buffer.from(chunk)));
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (const [at, place] of places.entries()) if (at > 0) stream.add(bytes.subarray(places[at - 1], place));
  stream.end();
  return { output: Buffer.concat(output), frames: stream.frames, counts: stream.counts() };
}

const counts = "memory oom 3\nmemory oom_kill 1\nprocesses max 2\ncpu usage_usec 1500\npeak 4096\n";
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const cuts = fc.array(fc.nat(2000), { maxLength: 12 });

describe("a container's stream", () => {
  it("gives output, counts and files apart, to the byte", () => {
    fc.assert(
      fc.property(bytes, bytes, cuts, (written, file, at) => {
        fc.pre(!written.includes(`\n${mark}\n`));
        const frames = `begin\nend 7\nfile project 0 ${file.length}\n`;
        const whole = Buffer.concat([
          written,
          Buffer.from(`\n${mark}\n${counts}${mark}\n${frames}`),
          file,
          Buffer.from("done\n"),
        ]);
        const result = read(whole, at);
        expect(result.output.equals(written)).toBe(true);
        expect(result.counts).toEqual({ memory: 1, processes: 2, cpuMs: 1.5, peakMemoryBytes: 4096 });
        expect(result.frames).toMatchObject({ code: 7, done: true, broken: false });
        expect(Buffer.from(result.frames.files.get("project 0") ?? [1]).equals(file)).toBe(true);
      }),
    );
  });

  it("is all output where the supervisor never came to its end", () => {
    fc.assert(
      fc.property(bytes, fc.nat(mark.length), cuts, (written, most, at) => {
        const whole = Buffer.concat([written, Buffer.from(`\n${mark}`.slice(0, most))]);
        fc.pre(!whole.includes(`\n${mark}\n`));
        const result = read(whole, at);
        expect(result.output.equals(whole)).toBe(true);
        expect(result.frames.began).toBe(false);
      }),
    );
  });

  it("takes forged ends and endless counts without keeping them", () => {
    const forged = Buffer.from(`\n${mark}\npeak 1\n${"memory oom_kill 1\n".repeat(100_000)}`);
    const result = read(forged, [5000, 900_000]);
    expect(result.counts).toMatchObject({ peakMemoryBytes: 1, memory: 1 });
    expect(result.output).toHaveLength(0);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(`\n${mark}\n`, `${mark}\n`, "end 0\n", "file project 0 9999999\n", "x")),
        cuts,
        (parts, at) => {
          expect(() => read(Buffer.from(parts.join("")), at)).not.toThrow();
        },
      ),
    );
  });

  it("has no counts where the kernel gave none", () => {
    const none = { memory: 0, processes: 0, cpuMs: null, peakMemoryBytes: null };
    expect(read(Buffer.from(`\n${mark}\n${mark}\nbegin\nend 0\ndone\n`), []).counts).toEqual(none);
  });
});
