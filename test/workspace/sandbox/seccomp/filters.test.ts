import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { seccompFilter } from "../../../../src/workspace/sandbox/seccomp/filters.ts";
import {
  architectures,
  numberOf,
  type Architecture,
} from "../../../../src/workspace/sandbox/seccomp/numbers.ts";
import { policy, type SystemCall } from "../../../../src/workspace/sandbox/seccomp/policy.ts";
import { jumpsStayInside, verdictOf } from "./interpreter.ts";

const audit = { x64: 0xc000003e, arm64: 0xc00000b7 };
const errno = { EPERM: 1, ENOSYS: 38, EPROTONOSUPPORT: 93, ESOCKTNOSUPPORT: 94, EAFNOSUPPORT: 97 };
const allowed = "allowed";
const named = new Map([
  [0x7fff0000, allowed],
  [0x80000000, "killed"],
  ...Object.entries(errno).map(([name, value]) => [0x00050000 + value, name] as const),
]);

function filterOf(architecture: Architecture): Uint8Array {
  const filter = seccompFilter(architecture);
  if (filter === null) throw new Error(`There is no filter for ${architecture}.`);
  return filter;
}

function answer(architecture: Architecture, number: number, ...values: readonly (number | bigint)[]): string {
  const call = { number, architecture: audit[architecture], arguments: values.map(BigInt) };
  return named.get(verdictOf(filterOf(architecture), call)) ?? "something else";
}

const calls: readonly SystemCall[] = [...new Set(policy.flatMap((rule) => rule.calls))];

/** Calls that are refused whatever their arguments are, written out here so that the policy cannot lose one unnoticed. */
const alwaysRefused =
  "mount umount2 pivot_root chroot open_tree open_tree_attr move_mount fsopen fsconfig fsmount fspick mount_setattr setns unshare ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd keyctl add_key request_key bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register memfd_secret fanotify_init lsm_set_self_attr mbind set_mempolicy set_mempolicy_home_node migrate_pages move_pages open_by_handle_at name_to_handle_at kexec_load kexec_file_load init_module finit_module delete_module create_module query_module get_kernel_syms reboot swapon swapoff acct quotactl quotactl_fd syslog nfsservctl lookup_dcookie vhangup iopl ioperm modify_ldt uselib _sysctl clock_settime clock_adjtime settimeofday adjtimex sethostname setdomainname".split(
    " ",
  );
const refusedByArgument = [
  "clone",
  "clone3",
  "personality",
  "mknod",
  "mknodat",
  "ioctl",
  "socket",
  "socketpair",
];

/** Numbers of calls that only some arguments of are refused, by hand from the kernel's tables. */
const at = {
  x64: { clone: 56, clone3: 435, personality: 135, mknodat: 259, ioctl: 16, socket: 41, socketpair: 53 },
  arm64: { clone: 220, clone3: 435, personality: 92, mknodat: 33, ioctl: 29, socket: 198, socketpair: 199 },
};

const anything = fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 6, maxLength: 6 });

it("has a filter for each architecture that Node names here, and for no other", () => {
  expect(architectures.map((architecture) => filterOf(architecture).length % 8)).toEqual([0, 0]);
  expect(["ia32", "arm", "riscv64", "constructor", ""].map(seccompFilter)).toEqual(Array(5).fill(null));
});

it("names every call that it must", () => {
  expect([...calls].sort()).toEqual([...alwaysRefused, ...refusedByArgument].sort());
});

describe.each(architectures)("the filter for %s", (architecture) => {
  const numbers = at[architecture];
  const numbersOfPolicy = new Set(calls.map((call) => numberOf(call, architecture)));

  it("is a program that the kernel takes", () => {
    expect(filterOf(architecture).length / 8).toBeLessThan(4096);
    expect(jumpsStayInside(filterOf(architecture))).toBe(true);
  });

  it.each(alwaysRefused)("refuses %s with any arguments", (name) => {
    const number = numberOf(calls.find((call) => call === name) ?? "mount", architecture);
    if (number === null) {
      expect(architecture).toBe("arm64");
      return;
    }
    fc.assert(
      fc.property(anything, (values) => {
        expect(answer(architecture, number, ...values)).toBe("EPERM");
      }),
      { numRuns: 20 },
    );
  });

  it("allows every call that the policy does not name, whatever its arguments are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 469 }), anything, (number, values) => {
        fc.pre(!numbersOfPolicy.has(number));
        expect(answer(architecture, number, ...values)).toBe(allowed);
      }),
      { numRuns: 2000 },
    );
  });

  it("answers calls that are newer than it, and x32's, as an older kernel would", () => {
    fc.assert(
      fc.property(fc.integer({ min: 470, max: 0xffffffff }), anything, (number, values) => {
        expect(answer(architecture, number, ...values)).toBe("ENOSYS");
      }),
    );
    const x32Bit = 0x40000000;
    expect(
      [...calls].map((call) => answer(architecture, x32Bit + (numberOf(call, architecture) ?? 0))),
    ).toEqual(calls.map(() => "ENOSYS"));
  });

  it("ends a program of any other architecture", () => {
    const others = fc.oneof(
      fc.constantFrom(0x40000003, 0x40000028, ...Object.values(audit)),
      fc.integer({ min: 0, max: 0xffffffff }),
    );
    fc.assert(
      fc.property(others, fc.integer({ min: 0, max: 0xffffffff }), (other, number) => {
        fc.pre(other !== audit[architecture]);
        expect(named.get(verdictOf(filterOf(architecture), { number, architecture: other }))).toBe("killed");
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["a thread", 0x3d0f00, allowed],
    ["a child with its descriptor", 0x01001011, allowed],
    ["a fork", 17, allowed],
    ["mounts", 0x00020000, "EPERM"],
    ["control groups", 0x02000000, "EPERM"],
    ["names", 0x04000000, "EPERM"],
    ["messages", 0x08000000, "EPERM"],
    ["users", 0x10000000, "EPERM"],
    ["processes", 0x20000000, "EPERM"],
    ["networks", 0x40000000, "EPERM"],
    ["users, among others", 0x103d0f11, "EPERM"],
  ])("tells clone for %s", (_name, flags, expected) => {
    expect(answer(architecture, numbers.clone, flags)).toBe(expected);
    expect(answer(architecture, numbers.clone, 0xffffffff00000000n | BigInt(flags))).toBe(expected);
  });

  it("has the C library take clone for clone3", () => {
    expect(answer(architecture, numbers.clone3, 0x7fff0000, 88)).toBe("ENOSYS");
  });

  it.each([
    ["unix", [1, 1, 0], allowed],
    ["tcp", [2, 0o2004001, 6], allowed],
    ["udp over IPv6", [10, 2, 17], allowed],
    ["ping", [2, 2, 1], allowed],
    ["multipath tcp", [10, 1, 262], allowed],
    ["the list of interfaces", [16, 0o2000003, 0], allowed],
    ["netlink's audit", [16, 3, 9], "EAFNOSUPPORT"],
    ["netlink's netfilter", [16, 3, 12], "EAFNOSUPPORT"],
    ["netlink's events of devices", [16, 2, 15], "EAFNOSUPPORT"],
    ["packets", [17, 3, 0x300], "EAFNOSUPPORT"],
    ["bluetooth", [31, 3, 1], "EAFNOSUPPORT"],
    ["the kernel's cryptography", [38, 5, 0], "EAFNOSUPPORT"],
    ["vsock", [40, 1, 0], "EAFNOSUPPORT"],
    ["xdp", [44, 3, 0], "EAFNOSUPPORT"],
    ["a family that is not there", [0xffffffff, 1, 0], "EAFNOSUPPORT"],
    ["raw", [2, 3, 255], "EPERM"],
    ["raw over IPv6", [10, 0o2000003, 58], "EPERM"],
    ["sctp by its kind", [2, 5, 0], "ESOCKTNOSUPPORT"],
    ["dccp by its kind", [10, 6, 0], "ESOCKTNOSUPPORT"],
    ["sctp", [2, 1, 132], "EPROTONOSUPPORT"],
    ["l2tp", [10, 2, 115], "EPROTONOSUPPORT"],
    ["smc", [2, 1, 256], "EPROTONOSUPPORT"],
  ])("tells a socket for %s", (_name, values, expected) => {
    const call = [architecture, numbers.socket] as const;
    expect(answer(...call, ...values)).toBe(expected);
    const high = 0xabcdef0100000000n;
    expect(answer(...call, ...values.map((value) => high | BigInt(value)))).toBe(expected);
  });

  it("allows pairs of sockets of no family that a socket may not have", () => {
    const families = Array.from({ length: 50 }, (_, family) => family);
    const pairs = families.filter(
      (family) => answer(architecture, numbers.socketpair, family, 1, 0) === allowed,
    );
    expect(pairs).toEqual([1, 2, 10, 16]);
    const sockets = families.filter(
      (family) => answer(architecture, numbers.socket, family, 1, 0) === allowed,
    );
    expect(sockets).toEqual(pairs);
  });

  it("refuses to type into a terminal, in either half of the argument", () => {
    const refused = [0x5412, 0x541c, 0x541d, 0x5423];
    for (const request of refused) {
      expect(answer(architecture, numbers.ioctl, 0, request)).toBe("EPERM");
      expect(answer(architecture, numbers.ioctl, 0, 0x100000000n | BigInt(request))).toBe("EPERM");
    }
    // TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX.
    for (const request of [0x5401, 0x5413, 0x541b, 0x5421, 0x5451]) {
      expect(answer(architecture, numbers.ioctl, 0, request)).toBe(allowed);
    }
  });

  it("allows personalities that leave memory's protections on", () => {
    const fine = [0xffffffff, 0, 8, 0x20000, 0x20008, 0x40000];
    expect(fine.map((value) => answer(architecture, numbers.personality, value))).toEqual(
      fine.map(() => allowed),
    );
    const not = [0x400000, 0x100000, 0x440000, 1, 0x4000000, 0x200000];
    expect(not.map((value) => answer(architecture, numbers.personality, value))).toEqual(
      not.map(() => "EPERM"),
    );
  });

  it("allows pipes and sockets with a name, and no device", () => {
    const mode = (kind: number) => answer(architecture, numbers.mknodat, 0, 0, kind | 0o644, 0);
    expect([0o100000, 0o010000, 0o140000, 0].map(mode)).toEqual(Array(4).fill(allowed));
    expect([0o020000, 0o060000].map(mode)).toEqual(["EPERM", "EPERM"]);
  });
});

describe("the numbers of calls", () => {
  const headers: Record<Architecture, string> = {
    x64: "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    arm64: "/usr/include/asm-generic/unistd.h",
  };

  it.each(architectures)("are those of the kernel's headers for %s", (architecture) => {
    if (!existsSync(headers[architecture])) {
      console.warn(`Not compared: ${headers[architecture]} is not here (package linux-libc-dev).`);
      return;
    }
    const defined = new Map(
      [...readFileSync(headers[architecture], "utf8").matchAll(/^#define __NR(?:3264)?_(\w+)\s+(\d+)/gm)].map(
        ([, name = "", number]) => [name, Number(number)],
      ),
    );
    const known = calls.filter((call) => defined.has(call));
    expect(known.length).toBeGreaterThan(50);
    expect(known.map((call) => [call, numberOf(call, architecture)])).toEqual(
      known.map((call) => [call, defined.get(call)]),
    );
    // What these headers lack is newer than they are, or is not there on this architecture.
    for (const call of calls.filter((name) => !defined.has(name))) {
      const number = numberOf(call, architecture);
      expect(number === null || number > 450 || architecture === "arm64").toBe(true);
    }
  });
});

describe("scripts/write-seccomp.ts", () => {
  const root = resolve(import.meta.dirname, "../../../..");
  const folder = mkdtempSync(join(tmpdir(), "seccomp-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (...options: readonly string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "scripts/write-seccomp.ts", ...options], {
      cwd: root,
      encoding: "utf8",
    });

  it("says that what is checked in is fresh", () => {
    expect(write("--check")).toMatchObject({ status: 0, stderr: "" });
  });

  it("writes what is checked in, and tells a filter that was changed and one that is not there", () => {
    const file = join(folder, "filters.json");
    execFileSync(process.execPath, ["--import", "tsx", "scripts/write-seccomp.ts", file], { cwd: root });
    const written = readFileSync(file, "utf8");
    expect(written).toBe(readFileSync(join(root, "src/workspace/sandbox/seccomp/filters.json"), "utf8"));
    writeFileSync(file, written.replace("IAAAAAQ", "IAAAAAA"));
    expect(write("--check", file)).toMatchObject({ status: 1 });
    rmSync(file);
    expect(write("--check", file).stderr).toContain("node --import tsx scripts/write-seccomp.ts");
  });
});
