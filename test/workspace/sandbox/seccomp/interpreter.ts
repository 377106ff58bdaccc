// Runs a seccomp filter as the kernel would: the instructions that classic BPF has, over the data of one system call.

export interface SystemCallData {
  readonly number: number;
  readonly architecture: number;
  readonly arguments?: readonly bigint[];
}

/** Tests of BPF_JMP by their operation: JEQ, JGT, JGE, JSET against a constant. */
const tests = new Map<number, (left: number, right: number) => boolean>([
  [0x15, (left, right) => left === right],
  [0x25, (left, right) => left > right],
  [0x35, (left, right) => left >= right],
  [0x45, (left, right) => (left & right) !== 0],
]);

/** The verdict: what the kernel's checker would refuse to load (a jump or load out of bounds, an unknown instruction) throws. */
export function verdictOf(filter: Uint8Array, call: SystemCallData): number {
  const program = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  const data = encoded(call);
  let accumulator = 0;
  for (let at = 0; at < filter.byteLength; at += 8) {
    const code = program.getUint16(at, true);
    const constant = program.getUint32(at + 4, true);
    const test = tests.get(code);
    if (test !== undefined) at += 8 * program.getUint8(at + (test(accumulator, constant) ? 2 : 3));
    else if (code === 0x05) at += 8 * constant;
    else if (code === 0x20) accumulator = data.getUint32(constant, true);
    else if (code === 0x54) accumulator = (accumulator & constant) >>> 0;
    else if (code === 0x06) return constant;
    else throw new Error(`There is no instruction ${code.toString(16)} at ${at / 8}.`);
  }
  throw new Error("The filter runs off its end.");
}

/** `struct seccomp_data`. */
function encoded(call: SystemCallData): DataView {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.number >>> 0, true);
  data.setUint32(4, call.architecture, true);
  (call.arguments ?? []).forEach((argument, index) => {
    data.setBigUint64(16 + 8 * index, BigInt.asUintN(64, argument), true);
  });
  return data;
}

/** Whether every path of the program stays inside it and ends in a verdict: the check that the kernel makes of jumps. */
export function jumpsStayInside(filter: Uint8Array): boolean {
  const program = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  const length = filter.byteLength / 8;
  return Array.from({ length }, (_, index) => {
    const code = program.getUint16(index * 8, true);
    if (code === 0x06) return true;
    if (code === 0x05) return index + 1 + program.getUint32(index * 8 + 4, true) < length;
    const farthest = tests.has(code)
      ? Math.max(program.getUint8(index * 8 + 2), program.getUint8(index * 8 + 3))
      : 0;
    return index + 1 + farthest < length;
  }).every(Boolean);
}
