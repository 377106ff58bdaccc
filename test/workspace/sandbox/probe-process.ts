// The whole probe in a process of its own, for users other than the tests': writes what it found to standard output.
import { selfTest } from "../../../src/workspace/sandbox/probe/self-test.ts";
import { openRealSandbox } from "./real-sandbox.ts";

const real = await openRealSandbox();
const report = await selfTest(real.sandbox, { extent: "all" });
process.stdout.write(JSON.stringify(report));
real.close();
