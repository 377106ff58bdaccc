// The filters as they are checked in: made by scripts/write-seccomp.ts from the policy, and given to the kernel as they are.
import filters from "./filters.json" with { type: "json" };

const bytesByArchitecture = new Map(Object.entries(filters));

/** The system call filter for an architecture in Node's words (`process.arch`), in the form that `bwrap --seccomp` reads; `null` where there is none. */
export function seccompFilter(arch: string): Uint8Array | null {
  const encoded = bytesByArchitecture.get(arch);
  return encoded === undefined ? null : Buffer.from(encoded, "base64");
}
