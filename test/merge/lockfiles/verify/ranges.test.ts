// Whether versions are in ranges, as each tool writes ranges.
import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { meetsCargo, meetsNpm, meetsPython } from "../../../../src/merge/lockfiles/verify/ranges.ts";
import { readRequirement } from "../../../../src/merge/lockfiles/verify/python-requirement.ts";

it.each([
  ["1.2.3", "^1.0.0", true],
  ["2.0.0", "^1.0.0", false],
  ["2.0.0", "npm:other@^1.0.0", false],
  ["1.5.0", "npm:@scope/other@^1.0.0", true],
  ["2.0.0", "workspace:^1.0.0", false],
  ["2.0.0", "latest", true],
  ["2.0.0", "github:owner/name#main", true],
])("npm: %s in %s is %s", (version, range, met) => {
  expect(meetsNpm(version, range)).toBe(met);
});

it.each([
  ["1.9.0", "1.2", true],
  ["2.0.0", "1.2", false],
  ["0.3.0", "0.2.5", false],
  ["0.2.9", "0.2.5", true],
  ["1.2.4", "=1.2.3", false],
  ["1.2.9", "~1.2.3", true],
  ["1.4.0", ">=1.2, <1.4", false],
  ["1.3.9", ">=1.2, <1.4", true],
  ["3.0.0", "*", true],
  ["2.0.0", "1.*", false],
])("cargo: %s in %s is %s", (version, requirement, met) => {
  expect(meetsCargo(version, requirement)).toBe(met);
});

it.each([
  ["2.31.0", ">=2,<3", true],
  ["3.0", ">=2,<3", false],
  ["2.0", "==2.0.0", true],
  ["2.1", "==2.*", true],
  ["3.1", "==2.*", false],
  ["2.1", "!=2.1", false],
  ["2.3", "~=2.2", true],
  ["3.0", "~=2.2", false],
  ["2.3.0", "~=2.2.1", false],
  ["1.10", ">1.9", true],
  ["2.0rc1", ">=3", true],
  ["2.0", "", true],
])("Python: %s in %s is %s", (version, specifier, met) => {
  expect(meetsPython(version, specifier)).toBe(met);
});

it("reads requirements as PEP 508 writes them", () => {
  expect(readRequirement('Typing_Extensions[a, b] >=4.1 ; python_version < "3.11"')).toEqual({
    name: "typing-extensions",
    specifier: ">=4.1",
    isConditional: true,
    isUrl: false,
  });
  expect(readRequirement("a.b (~=1.0)")).toMatchObject({ name: "a-b", specifier: "~=1.0" });
  expect(readRequirement("a @ https://example.org/a.whl")).toMatchObject({ name: "a", isUrl: true });
  expect(readRequirement("-r other.txt")).toBeNull();
});

it("answers for any text", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (version, range) => {
      for (const meets of [meetsNpm, meetsCargo, meetsPython])
        expect(typeof meets(version, range)).toBe("boolean");
      readRequirement(range);
    }),
  );
});
