// Which file a failed test is in, and all that it said.
import { describe, expect, test } from "@jest/globals";
import { readReport } from "../../../src/checks/reports/index.ts";
import { fixture, places } from "./fixtures.ts";

describe("file and detail of a failed test", () => {
  test("jest", () => {
    console.log(places("jest-json", fixture("jest.json")), places("mocha-json", fixture("mocha.txt")), places("junit", fixture("node-test.xml")), places("junit", fixture("pytest.xml")), places("tap", fixture("node-test.tap")), places("go-json", fixture("go.jsonl")), places("cargo-text", fixture("cargo.txt")));
    console.log(readReport("junit", Buffer.from(fixture("node-test.xml")))?.[1]?.detail);
    expect(1).toBe(1);
  });
});
