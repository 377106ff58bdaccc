// A lockfile that a tool has written is believed where it is the merged manifest's, whole, pinned, and from where its parents came from.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { verifyLockfile } from "../../../../src/merge/lockfiles/verify/verify-lockfile.ts";
import { formats, type Format, type Project } from "./written-locks.ts";

const alpha = { alpha: { version: "1.2.0", needs: ["golf"] }, golf: { version: "1.0.0" } };
const bravo = { bravo: { version: "1.1.0" } };
const ours: Project = { wanted: { alpha: "1.0.0" }, locked: alpha };
const theirs: Project = { wanted: { bravo: "1.0.0" }, locked: bravo };
const both: Project = { wanted: { alpha: "1.0.0", bravo: "1.0.0" }, locked: { ...alpha, ...bravo } };

function verify({ path, manifestPath, manifest, lock }: Format, result: Project, parents = [ours, theirs]) {
  return verifyLockfile(path, lock(result), {
    manifests: new Map([[manifestPath, manifest(result.wanted)]]),
    parents: parents.map(lock),
  });
}

const locked = (changed: Project["locked"]): Project => ({ ...both, locked: { ...both.locked, ...changed } });
const without = (name: string): Project => ({
  ...both,
  locked: Object.fromEntries(Object.entries(both.locked).filter(([one]) => one !== name)),
});

describe.each(Object.entries(formats))("a lockfile of %s", (_, format) => {
  it("is believed where it has what both sides had", () => {
    expect(verify(format, both)).toEqual({ ok: true, findings: [], fromNeither: [] });
  });

  it("is refused without a dependency of the manifest", () => {
    const copied = { alpha: "1.0.0" };
    const { ok, findings } = verify(format, { ...without("bravo"), copied });
    expect(ok).toBe(false);
    expect(findings.join("\n")).toContain("asks for bravo");
  });

  it("is refused with a version that is not in the manifest's range", () => {
    const { ok, findings } = verify(format, locked({ bravo: { version: "2.0.0" } }));
    expect(ok).toBe(false);
    expect(findings.join("\n")).toMatch(/asks for bravo .*2\.0\.0 is locked/);
  });

  it("is refused without what an entry needs", () => {
    const { ok, findings } = verify(format, without("golf"));
    expect([ok, findings.length > 0]).toEqual([false, true]);
  });

  it("is refused without a checksum", () => {
    const { ok, findings } = verify(format, locked({ bravo: { version: "1.1.0", content: null } }));
    expect(ok).toBe(false);
    expect(findings.join("\n")).toContain("bravo@1.1.0 has no checksum");
  });

  it("is refused with another checksum of a version that a parent has", () => {
    const { ok, findings } = verify(format, locked({ bravo: { version: "1.1.0", content: "changed" } }));
    expect(ok).toBe(false);
    expect(findings.join("\n")).toContain("bravo@1.1.0 has another checksum");
  });

  it("is refused with a package from a server that nobody has named", () => {
    const strange = { version: "1.1.0", server: "https://packages.example" };
    const { ok, findings } = verify(format, locked({ bravo: strange }));
    expect(ok).toBe(false);
    expect(findings.join("\n")).toContain("comes from");
    const named = { ...theirs, locked: { bravo: strange } };
    expect(verify(format, locked({ bravo: strange }), [ours, named]).ok).toBe(true);
  });

  it("is believed with a version from neither side, which is named", () => {
    expect(verify(format, locked({ bravo: { version: "1.3.0" } }))).toEqual({
      ok: true,
      findings: [],
      fromNeither: ["bravo@1.3.0"],
    });
  });

  it("is not blamed for what a parent lacks too", () => {
    const bare = { bravo: { version: "1.1.0", content: null } };
    expect(verify(format, locked(bare), [ours, { ...theirs, locked: bare }]).ok).toBe(true);
  });

  it("is refused for any other text, and no text ends the check", () => {
    const { path, manifestPath, manifest, lock } = format;
    const text = lock(both);
    const given = {
      manifests: new Map([[manifestPath, manifest(both.wanted)]]),
      parents: [lock(ours), lock(theirs)],
    };
    expect(verifyLockfile(path, "<<<<<<< ours\n", given).ok).toBe(false);
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(40), fc.string(), (at, length, put) => {
        const changed = text.slice(0, at) + put + text.slice(at + length);
        const { ok, fromNeither } = verifyLockfile(path, changed, given);
        const known = new Set(Object.entries(both.locked).map(([name, { version }]) => `${name}@${version}`));
        // What is believed has nothing that no parent has, unless it says so.
        if (ok && fromNeither.length === 0)
          for (const one of known) expect(changed).toContain(one.split("@")[1]);
        verifyLockfile(path, text, { manifests: new Map([[manifestPath, put]]), parents: [changed, put] });
      }),
      { numRuns: 150 },
    );
  });
});

describe.each(["npm", "pnpm", "later yarns", "cargo", "uv"])("a lockfile of %s", (name) => {
  it("is refused where it says that the manifest asks for more than it does", () => {
    const format = formats[name];
    if (format === undefined) throw new Error(`There is no format ${name}.`);
    const { ok, findings } = verify(format, { ...both, wanted: ours.wanted, copied: both.wanted });
    expect(ok).toBe(false);
    expect(findings.join("\n")).toMatch(/asks for bravo.* it does not/);
  });
});

it("checks lockfiles in folders against the manifests there, and no others", () => {
  const { lock, manifest } = formats["npm"] ?? { lock: String, manifest: String };
  const manifests = new Map([
    ["package.json", manifest({ zulu: "9.0.0" })],
    ["web/package.json", manifest(both.wanted)],
  ]);
  const parents = [lock(ours), lock(theirs)];
  expect(verifyLockfile("web/package-lock.json", lock(both), { manifests, parents }).ok).toBe(true);
  expect(verifyLockfile("package-lock.json", lock(both), { manifests, parents }).ok).toBe(false);
});

it("does not know other files", () => {
  expect(verifyLockfile("go.sum", "", { manifests: new Map(), parents: [] }).ok).toBe(false);
});
