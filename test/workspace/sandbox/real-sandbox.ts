// The bubblewrap sandbox of this machine, whole or with something taken away, for tests that try to get out of it.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DependencyFolders, Sandbox } from "../../../src/core/sandbox.ts";
import { defaultSandboxLimits } from "../../../src/core/sandbox-settings.ts";
import { bwrapRun, type BwrapSetup } from "../../../src/workspace/sandbox/bwrap/driver.ts";
import { openBwrap } from "../../../src/workspace/sandbox/bwrap/open.ts";

export interface RealSandbox {
  readonly sandbox: Sandbox;
  readonly close: () => void;
}

/** First user id that runs drop to when the tests are root: as in a worker, one that nothing else here uses. */
const firstUser = 64_200;

const noDependencies: DependencyFolders = {
  find: () => Promise.resolve(null),
  fill: () => Promise.resolve(null),
};

/**
 * `weaken` changes what the sandbox is started with. Throws where there is no bubblewrap: a machine that tests the sandbox has one.
 */
export async function openRealSandbox(
  weaken: (setup: BwrapSetup, folder: string) => BwrapSetup = (setup) => setup,
): Promise<RealSandbox> {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-test-"));
  chmodSync(folder, 0o755);
  const directory = join(folder, "sandbox");
  mkdirSync(directory, { mode: 0o755 });
  const opened = await openBwrap(
    {
      driver: "bwrap",
      directory,
      user: firstUser,
      limits: defaultSandboxLimits,
      registries: [],
      tools: [],
      container: { runtime: "docker", image: "" },
    },
    {
      effectiveUser: process.geteuid?.() ?? 0,
      arch: process.arch,
      node: process.execPath,
      controlGroupRoot: "/sys/fs/cgroup",
    },
    () => Promise.reject(new Error("No run of these tests installs anything.")),
  );
  if ("why" in opened) throw new Error(`${opened.why} ${opened.remedy}`);
  return {
    sandbox: { driver: "bwrap", run: bwrapRun(weaken(opened, folder)), dependencies: noDependencies },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Changes {
  /** Arguments, in a row, that are taken from bubblewrap's. */
  readonly taken?: readonly (readonly string[])[];
  /** Arguments that are put before all others. */
  readonly added?: readonly string[];
  /** Variables that bubblewrap is started with. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Leaves a file of the machine open. */
  readonly leftOpen?: string;
}

/** The sandbox with its arguments changed, by a program in bubblewrap's place that changes them and starts it. */
export function changed(changes: Changes) {
  return (setup: BwrapSetup, folder: string): BwrapSetup => {
    const program = join(folder, "bwrap.pl");
    writeFileSync(program, changing(setup.host.programs.bwrap, changes), { mode: 0o755 });
    return { ...setup, host: { ...setup.host, programs: { ...setup.host.programs, bwrap: program } } };
  };
}

function changing(bwrap: string, { taken = [], added = [], variables = {}, leftOpen }: Changes): string {
  const text = (value: string) => `'${value.replaceAll("'", "\\'")}'`;
  const list = (values: readonly string[]) => `[${values.map(text).join(",")}]`;
  return `#!/usr/bin/perl
my @all_taken = (${taken.map(list).join(",")});
for my $taken (@all_taken) {
  my $found = 0;
  for (my $at = 0; $at < @ARGV && $ARGV[$at] ne '--'; $at++) {
    next if grep { !defined $ARGV[$at + $_] || $ARGV[$at + $_] ne $taken->[$_] } 0 .. $#$taken;
    splice @ARGV, $at, scalar @$taken; $at--; $found = 1;
  }
  die "There is no @$taken to take away.\n" unless $found;
}
${Object.entries(variables)
  .map(([name, value]) => `$ENV{${text(name)}} = ${text(value)};`)
  .join("\n")}
${leftOpen === undefined ? "" : `$^F = 1000; open(my $file, '<', ${text(leftOpen)}) or die $!;`}
exec ${text(bwrap)}, @{${list(added)}}, @ARGV;
`;
}
