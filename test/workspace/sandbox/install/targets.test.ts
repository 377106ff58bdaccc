// What the proxy reads as a target: nothing that another reader could take for another host.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  connectTarget,
  nameOf,
  parseEntry,
  plainTarget,
} from "../../../../src/workspace/sandbox/install/targets.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc
    .array(
      fc.constantFrom("a", "Z", "1", ".", "-", ":", "@", "/", "[", "]", "%", "\\", "#", "?", " ", "443"),
      {
        maxLength: 20,
      },
    )
    .map((parts) => parts.join("")),
);
const label = fc.stringMatching(/^[a-zA-Z\d](?:[a-zA-Z\d-]{0,8}[a-zA-Z\d])?$/);
const host = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));
const port = fc.integer({ min: 1, max: 65_535 });

describe("targets", () => {
  it("reads every plain host and port, in lower case", () => {
    fc.assert(
      fc.property(host, port, (name, number) => {
        expect(connectTarget(`${name}:${number}`)).toEqual({ host: name.toLowerCase(), port: number });
        expect(parseEntry(name)).toEqual({ host: name.toLowerCase(), port: 443 });
        expect(plainTarget(`http://${name}:${number}/p?q`)).toEqual({
          host: name.toLowerCase(),
          port: number,
          path: "/p?q",
        });
      }),
    );
  });

  it("agrees with the URL standard on the host of whatever it accepts, and never throws", () => {
    fc.assert(
      fc.property(text, (requested) => {
        const target = plainTarget(`http://${requested}`);
        // Names that end in a number are no hosts to the standard; here no list holds them.
        if (target === null || !URL.canParse(`http://${requested}`)) return;
        const url = new URL(`http://${requested}`);
        // A number is an address to the standard: here it is only ever itself, which no list holds by accident.
        if (!/^[\d.]+$|^\[/.test(url.hostname)) expect(url.hostname).toBe(target.host);
        expect(url.username + url.password).toBe("");
        expect(Number(url.port || 80)).toBe(target.port);
      }),
      { numRuns: 2_000, examples: [["a.b@c.d/"], ["a.b\\@c.d"], ["a.b:80:443/"], ["a.b./"], ["a.b#@c.d"]] },
    );
  });

  it("reads back what it names, and nothing else as the same", () => {
    fc.assert(
      fc.property(text, (requested) => {
        const target = connectTarget(requested);
        if (target === null) return;
        expect(connectTarget(nameOf(target))).toEqual(target);
        expect(requested.toLowerCase()).toMatch(/^[a-z\d._[\]:-]+$/);
        expect(target.host).not.toMatch(/^\.|\.$|\.\./);
      }),
      { numRuns: 2_000, examples: [["a.b:0443"], ["a.b.:443"], ["..:1"], ["[::1]:1"]] },
    );
  });

  it.each(["", ":443", "a.b", "a.b:0", "a.b:65536", "a.b:999999", "a b:1", "a/b:1", `${"a".repeat(254)}:1`])(
    "does not read %j",
    (requested) => {
      expect(connectTarget(requested)).toBeNull();
    },
  );

  it("lets no line end pass in a path", () => {
    expect(plainTarget("http://a.b/x\r\nHost: evil")).toBeNull();
    expect(plainTarget("http://a.b?x")).toBeNull();
    expect(plainTarget("http://a.b/x y")).toBeNull();
  });
});
