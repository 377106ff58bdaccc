// A run in bubblewrap: how it ends, what comes back, and what can be seen from inside.
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { AppError } from "../../../src/core/errors.ts";
import type { Sandbox, SandboxRequest, SandboxResult } from "../../../src/core/sandbox.ts";
import {
  makeDirectory,
  openFor,
  readySandbox,
  request,
  rootTest,
  sandboxProcesses,
  sandboxTest,
  settingsFor,
  text,
  treeOf,
} from "./driver-support.ts";

let sandbox: Sandbox;
let place: Awaited<ReturnType<typeof makeDirectory>>;
beforeAll(async () => {
  place = await makeDirectory();
  sandbox = await readySandbox(settingsFor(place.directory));
});
afterAll(async () => {
  await place.remove();
});

async function run(script: string, changes: Partial<SandboxRequest> = {}): Promise<SandboxResult> {
  return await sandbox.run(request(script, changes));
}

describe("how a run ends", () => {
  sandboxTest("keeps the exit status and both outputs apart", async () => {
    const result = await run("cat a.txt sub/b.txt; echo wrong >&2; exit 7");
    expect(result.ended).toEqual({ kind: "exit", code: 7 });
    expect(result.stdout).toEqual({ text: "text of a\ntext of b\n", cutBytes: 0 });
    expect(result.stderr).toEqual({ text: "wrong\n", cutBytes: 0 });
    expect(result.usage.wallMs).toBeGreaterThan(0);
  });

  sandboxTest("names the signal that ended the program", async () => {
    expect((await run("kill -SEGV $$")).ended).toEqual({ kind: "signal", signal: "SIGSEGV" });
    expect((await run("kill -KILL $$")).ended).toEqual({ kind: "signal", signal: "SIGKILL" });
  });

  sandboxTest("hands arguments on as they are, with no shell between", async () => {
    const words = ["$(id)", "a b", "'", '"', "", "-x", "*", "new\nline"];
    const argv = ["/usr/bin/printf", "%s|", ...words] as const;
    expect((await run("", { argv: [...argv] })).stdout.text).toBe(words.map((word) => `${word}|`).join(""));
  });

  sandboxTest("starts in a folder of the project, and says when that is not there", async () => {
    expect((await run("pwd", { folder: "sub" })).stdout.text).toBe("/project/sub\n");
    await expect(run("pwd", { folder: "no/such" })).rejects.toThrow(
      "The folder no/such is not in the project.",
    );
  });

  sandboxTest("a program that is not there ends with 127", async () => {
    expect((await run("", { argv: ["no-such-program"] })).ended).toEqual({ kind: "exit", code: 127 });
  });

  sandboxTest(
    "rejects with the reason of an abort, before and during a run, and leaves nothing",
    async () => {
      const reason = new Error("called off");
      const mark = "sleep 7301";
      const aborted = new AbortController();
      const running = run(`echo started; ${mark}`, { signal: aborted.signal });
      while (sandboxProcesses(mark).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      aborted.abort(reason);
      await expect(running).rejects.toBe(reason);
      expect(sandboxProcesses(mark)).toEqual([]);
      await expect(run("true", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    },
  );

  sandboxTest("rejects as the tree does, when that breaks off", async () => {
    const broken = new Error("the mirror is gone");
    const tree = async function* () {
      for await (const chunk of request("").tree()) {
        yield chunk.subarray(0, 700);
        throw broken;
      }
    };
    await expect(run("true", { tree })).rejects.toBe(broken);
  });

  sandboxTest("says what is the matter when the tree is no archive", async () => {
    const tree = async function* () {
      yield await Promise.resolve(Buffer.alloc(4096, "x"));
    };
    const failure = await run("true", { tree }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(String(failure)).toContain("could not be unpacked in the sandbox: tar:");
  });
});

describe("what comes back", () => {
  sandboxTest("declared files and reports, whole, binary and empty ones too", async () => {
    const script = "mkdir -p d; printf '\\0\\377\\n' > d/x; : > empty; echo '<r/>' > /reports/r.xml";
    const result = await run(script, { returns: ["d/x", "empty", "a.txt"], reports: ["r.xml"] });
    expect(result.returned.get("d/x")).toEqual(new Uint8Array([0, 255, 10]));
    expect(result.returned.get("empty")).toEqual(new Uint8Array());
    expect(text(result.returned.get("a.txt"))).toBe("text of a\n");
    expect(text(result.reports.get("r.xml"))).toBe("<r/>\n");
    expect(result.missing).toEqual([]);
  });

  sandboxTest("nothing through a link, nothing that is no file, nothing too large", async () => {
    const script = [
      "ln -s /etc/passwd link; mkdir real folder; echo x > real/f; ln -s real behind",
      "mkfifo pipe; head -c 5242881 /dev/zero > large; echo x > closed; chmod 0 closed",
      "head -c 5242880 /dev/zero > exact",
    ].join("; ");
    const returns = ["link", "behind/f", "folder", "pipe", "large", "closed", "none", "exact", "real/f"];
    const result = await run(script, { returns });
    expect(result.missing).toEqual([
      { path: "link", why: "is a symbolic link, or lies behind one" },
      { path: "behind/f", why: "is a symbolic link, or lies behind one" },
      { path: "folder", why: "is not a regular file" },
      { path: "pipe", why: "is not a regular file" },
      { path: "large", why: "has more than 5 MB" },
      { path: "closed", why: "cannot be read" },
      { path: "none", why: "is not there" },
    ]);
    expect(result.returned.get("exact")?.length).toBe(5_242_880);
    expect(text(result.returned.get("real/f"))).toBe("x\n");
  });

  sandboxTest("refuses to be asked for what lies outside", async () => {
    for (const path of ["../x", "/etc/passwd", "a/../../x", "a//b", ".", "", "a\0b"]) {
      await expect(run("true", { returns: [path] })).rejects.toThrow("is not one inside a folder");
      await expect(run("true", { reports: [path] })).rejects.toThrow("is not one inside a folder");
    }
  });

  sandboxTest("takes names as they are: quotes, spaces, new lines, hyphens", async () => {
    const names = ["it's", "a b", "-rf", "$(id)", "new\nline", "ü"];
    const tree = await treeOf(Object.fromEntries(names.map((name) => [name, name])));
    const result = await run("true", { tree, returns: names });
    expect(names.map((name) => text(result.returned.get(name)))).toEqual(names);
  });
});

describe("inside", () => {
  sandboxTest("has an environment of its own, process 1 too, and none of the worker's", async () => {
    const { stdout } = await run("tr '\\0' '\\n' </proc/1/environ; echo --; env", {
      environment: { MINE: "1", PATH: "/project/bin" },
    });
    const names = [...stdout.text.matchAll(/^([A-Za-z_]+)=/gm)].map(([, name]) => name);
    expect([...new Set(names)].sort()).toEqual(
      [
        "CI",
        "HOME",
        "LANG",
        "MINE",
        "NO_COLOR",
        "OLDPWD",
        "PATH",
        "PWD",
        "SHLVL",
        "TMPDIR",
        "TZ",
        "_",
      ].sort(),
    );
    expect(stdout.text).toContain("PATH=/project/bin:");
  });

  sandboxTest("gives the program its three descriptors and no other", async () => {
    // The folder itself is a fourth while it is listed.
    const { stdout } = await run("", { argv: ["/bin/ls", "/proc/self/fd"] });
    expect(stdout.text.trim().split("\n")).toEqual(["0", "1", "2", "3"]);
    expect((await run("readlink /proc/self/fd/0")).stdout.text).toBe("/dev/null\n");
  });

  sandboxTest("lets a program open its own output by name", async () => {
    const result = await run("echo one >/dev/stdout; echo two >/dev/stderr");
    expect([result.stdout.text, result.stderr.text]).toEqual(["one\n", "two\n"]);
  });

  sandboxTest("knows who it is, and has no `.git`, whatever the tree brings", async () => {
    const tree = await treeOf({ ".git/config": "x", "sub/.git/config": "x", "sub/.gitignore": "x" });
    const { stdout } = await run("whoami; find . | sort", { tree });
    expect(stdout.text).toBe("sandbox\n.\n./sub\n./sub/.gitignore\n");
  });

  sandboxTest("can write the project, reports and temporary files, and nothing else", async () => {
    const script =
      "for f in / /etc /usr /dev /proc/sys/kernel /dependencies; do touch $f/x 2>/dev/null && echo $f; done; for f in /project /reports /tmp ~; do touch $f/x || echo no $f; done";
    expect((await run(script)).stdout.text).toBe("");
  });

  rootTest("is another user for each run that is under way", async () => {
    const running = new AbortController();
    const scripts = ["sleep 7302", "sleep 7302"].map((script) => run(script, { signal: running.signal }));
    const users = () => new Set(sandboxProcesses("sleep 7302").map((line) => line.trim().split(/\s+/)[1]));
    while (users().size < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const found = [...users()].sort();
    running.abort();
    await Promise.allSettled(scripts);
    expect(found).toEqual(["731000", "731001"]);
  });
});

describe("opening", () => {
  rootTest("refuses to run as root, and where its user cannot go", async () => {
    const noUser = await openFor(settingsFor(place.directory, { user: null }));
    expect(noUser).toMatchObject({
      kind: "unavailable",
      why: expect.stringContaining("never started as root"),
    });
    const closed = await openFor(settingsFor(place.directory, { tools: ["/root"] }));
    expect(closed).toMatchObject({
      kind: "unavailable",
      why: "The sandbox's user (id 731000) cannot reach /root.",
    });
  });

  sandboxTest(
    "is unavailable in words when switched off, or when the self-test finds something",
    async () => {
      const off = await openFor(settingsFor(place.directory, { driver: "off" }));
      expect(off).toMatchObject({ kind: "unavailable", why: expect.stringContaining("switched off") });
      const trouble = { why: "It leaks.", remedy: "Mend it." };
      const leaking = await openFor(settingsFor(place.directory), {
        selfTest: () => Promise.resolve(trouble),
      });
      expect(leaking).toEqual({ kind: "unavailable", ...trouble });
    },
  );
});
