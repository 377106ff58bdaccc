// Whose the data directory is.
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { lockDirectory } from "../../src/store/directory-lock.ts";

describe("lockDirectory", () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "errand-lock-"));
    file = path.join(directory, "lock");
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });
  const holder = (): Record<string, unknown> =>
    JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const put = (value: unknown): void => {
    writeFileSync(file, JSON.stringify(value));
  };

  it("is taken once, and again after it was given back; nothing else is left behind", () => {
    const unlock = lockDirectory(directory);
    expect(holder()["pid"]).toBe(process.pid);
    expect(() => lockDirectory(directory)).toThrow(/in use by this very process/);
    expect(readdirSync(directory)).toEqual(["lock"]);
    unlock();
    expect(readdirSync(directory)).toEqual([]);
    lockDirectory(directory)();
  });

  it("is taken over from a process that is gone", () => {
    // Above the largest process number that Linux gives.
    put({ pid: 4_194_305, born: "", host: os.hostname() });
    const unlock = lockDirectory(directory);
    expect(holder()["pid"]).toBe(process.pid);
    expect(readdirSync(directory)).toEqual(["lock"]);
    unlock();
  });

  it("is taken over when another process has got the number since", () => {
    put({ pid: process.pid, born: "an earlier boot/1", host: os.hostname() });
    lockDirectory(directory)();
  });

  it("belongs to another machine for as long as that one gives signs of life", () => {
    put({ pid: 1, born: "x/1", host: "another-machine" });
    expect(() => lockDirectory(directory)).toThrow(/in use by process 1 on another-machine/);
    const aMinuteAgo = new Date(Date.now() - 60_000);
    utimesSync(file, aMinuteAgo, aMinuteAgo);
    lockDirectory(directory)();
  });

  it("is taken over when it cannot be read", () => {
    writeFileSync(file, "{ half");
    lockDirectory(directory)();
  });

  it("is not removed by one who has lost it", () => {
    const unlock = lockDirectory(directory);
    put({ pid: 1, born: "x/1", host: "another-machine" });
    unlock();
    expect(holder()["host"]).toBe("another-machine");
  });
});
