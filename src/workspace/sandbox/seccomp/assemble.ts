// An assembler for seccomp's classic BPF: steps that give a verdict or run on into what stands behind them, so that putting them together needs no labels.

/** `struct sock_filter` (linux/filter.h): what to do, how many instructions to pass over when a test holds or does not, and a constant. */
export interface Instruction {
  readonly code: number;
  readonly jumpTrue: number;
  readonly jumpFalse: number;
  readonly constant: number;
}

/** Instructions that give a verdict or run off their end. */
export type Step = readonly Instruction[];

/** Where the fields of `struct seccomp_data` (linux/seccomp.h) are, in bytes. Both architectures are little-endian: an argument's low half comes first. */
export const dataOffset = {
  number: 0,
  architecture: 4,
  lowHalfOf: (argument: number): number => 16 + 8 * argument,
} as const;

/** Verdicts, SECCOMP_RET_* of linux/seccomp.h. */
export const verdicts = {
  killProcess: 0x80000000,
  allow: 0x7fff0000,
  refuse: (errno: number): number => 0x00050000 | errno,
} as const;

// Class, size and mode of linux/bpf_common.h put together: LD|W|ABS, ALU|AND|K, JMP|JA, JMP|JEQ|K, JMP|JGE|K, RET|K.
const codes = { load: 0x20, and: 0x54, jump: 0x05, equal: 0x15, atLeast: 0x35, verdict: 0x06 } as const;

/** How far a test can jump: its distances have eight bits. */
const farthestTest = 255;

/** BPF_MAXINSNS: the kernel takes no longer program. */
const mostInstructions = 4096;

const plain = (code: number, constant: number): Instruction => ({
  code,
  jumpTrue: 0,
  jumpFalse: 0,
  constant,
});

export const give = (verdict: number): Step => [plain(codes.verdict, verdict)];

/** What the tests after it are about: 32 bits at an offset of the call's data, of them those in the mask. */
export function load(offset: number, mask = 0xffffffff): Step {
  const loaded = plain(codes.load, offset);
  return mask === 0xffffffff ? [loaded] : [loaded, plain(codes.and, mask)];
}

/** Takes the step where what was loaded is the value or more (without sign), and else passes over it. */
export function whenAtLeast(value: number, step: Step): Step {
  const test = { code: codes.atLeast, jumpTrue: 0, jumpFalse: step.length, constant: value };
  if (step.length <= farthestTest) return [test, ...step];
  return [{ ...test, jumpTrue: 1, jumpFalse: 0 }, plain(codes.jump, step.length), ...step];
}

/** Takes the step where what was loaded is one of the values, and else passes over it. */
export function whenOneOf(values: readonly number[], step: Step): Step {
  return compare(values, step, (left) => ({
    jumpTrue: left,
    jumpFalse: left === 0 ? step.length : 0,
  }));
}

/** Takes the step where what was loaded is none of the values, and else passes over it. */
export function whenNoneOf(values: readonly number[], step: Step): Step {
  return compare(values, step, (left) => ({ jumpTrue: left + step.length, jumpFalse: 0 }));
}

type Jumps = Pick<Instruction, "jumpTrue" | "jumpFalse">;

function compare(values: readonly number[], step: Step, jumps: (testsLeft: number) => Jumps): Step {
  if (values.length + step.length > farthestTest) {
    throw new Error(`A step of ${step.length} instructions is too long to be passed over.`);
  }
  const tests = values.map((constant, index) => ({
    code: codes.equal,
    constant,
    ...jumps(values.length - 1 - index),
  }));
  return [...tests, ...step];
}

/** The program as the kernel reads it: eight bytes an instruction, little-endian. Throws where it is too long for the kernel. */
export function encode(program: Step): Uint8Array {
  if (program.length > mostInstructions) {
    throw new Error(`The kernel takes no filter of ${program.length} instructions.`);
  }
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  program.forEach(({ code, jumpTrue, jumpFalse, constant }, index) => {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, jumpTrue);
    view.setUint8(index * 8 + 3, jumpFalse);
    view.setUint32(index * 8 + 4, constant, true);
  });
  return bytes;
}
