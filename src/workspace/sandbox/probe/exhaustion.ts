// Attempts to use up the machine: each has a run of its own within small limits.
import { sandboxPaths } from "../../../core/sandbox.ts";
import type { RunAttempt } from "./attempt.ts";
import { ending, gotAtMost, mebibyte, perl, room, shell, stoppedAt, stoppedOrGotAtMost } from "./judging.ts";

/** Writes into a folder until nothing more goes in or twice the limit has; says how many MB. */
const fillFolder = (folder: string): string => String.raw`
my $block = 'x' x 1048576; my $got = 0;
open(my $file, '>', '${folder}/errand-probe-fill') or do { print "got 0\n"; exit };
while ($got < 160) { my $wrote = syswrite($file, $block); last unless $wrote; $got++ if $wrote == 1048576 }
print "got $got\n";
`;

function fills(folder: string): RunAttempt {
  return {
    name: `filling ${folder}`,
    tries: `Writes 160 MB into ${folder} where 64 MB are allowed.`,
    contained: "No more than the limit goes in.",
    argv: perl(fillFolder(folder)),
    limits: { ...room, memoryBytes: 512 * mebibyte },
    atStart: false,
    judge: gotAtMost(64, "MB"),
  };
}

const machine: readonly RunAttempt[] = [
  {
    name: "using up memory",
    tries: "Takes 512 MB of memory where 96 MB are allowed.",
    contained: "The run is stopped, or gets no more.",
    argv: perl(
      String.raw`$| = 1; my @held; for my $step (1 .. 64) { push @held, 'x' x 8388608; print 'got ', $step * 8, "\n"; select undef, undef, undef, 0.01 } sleep 4`,
    ),
    limits: { ...room, memoryBytes: 96 * mebibyte },
    atStart: true,
    judge: stoppedOrGotAtMost("memory", 128, "MB"),
  },
  {
    name: "using up memory by many processes",
    tries: "Takes 40 MB in each of 12 processes where 96 MB are allowed in all.",
    contained: "The run is stopped, or not all of them get it.",
    argv: perl(String.raw`$| = 1; my @children; pipe(my $in, my $out);
for (1 .. 12) { my $child = fork; next unless defined $child; if (!$child) { my $held = 'x' x 41943040; syswrite $out, '.'; sleep 5; exit } push @children, $child }
close $out; my ($got, $dot) = (0); while (sysread $in, $dot, 1) { $got++; print "got ", $got * 40, "\n" } waitpid $_, 0 for @children; print "got 0\n"`),
    limits: { ...room, memoryBytes: 96 * mebibyte },
    atStart: false,
    judge: stoppedOrGotAtMost("memory", 160, "MB"),
  },
  {
    name: "using up processes",
    tries: "Starts 400 processes where 32 are allowed.",
    contained: "No more than that are started.",
    argv: perl(
      String.raw`my ($got, @children) = (0); for (1 .. 400) { my $child = fork; last unless defined $child; if (!$child) { sleep 20; exit } $got++; push @children, $child } print "got $got\n"; sleep 4 if $got == 400; kill 9, @children`,
    ),
    limits: { ...room, processes: 32 },
    atStart: true,
    judge: stoppedOrGotAtMost("processes", 40, "processes"),
  },
  {
    name: "a fork bomb",
    tries: "Starts processes that start processes, without end.",
    contained: "They stay few, and the run is stopped at its clock at the latest.",
    argv: perl("$SIG{TERM} = 'IGNORE'; while (1) { fork }"),
    limits: { ...room, processes: 32, wallMs: 2_000 },
    atStart: false,
    judge: (result) => ({ contained: result.ended.kind === "limit", evidence: ending(result) }),
  },
  {
    name: "a flood of output",
    tries: "Writes to its output without end.",
    contained: "The run is stopped at its limit of output.",
    argv: shell("yes errand-probe"),
    limits: { ...room, outputBytes: mebibyte },
    atStart: true,
    judge: stoppedAt("output"),
  },
  {
    name: "a flood of errors",
    tries: "Writes to its error output without end.",
    contained: "The run is stopped at its limit of output.",
    argv: shell("yes errand-probe >&2"),
    limits: { ...room, outputBytes: mebibyte },
    atStart: false,
    judge: stoppedAt("output"),
  },
  {
    name: "never ending",
    tries: "Sleeps without end, deaf to polite signals.",
    contained: "The run is stopped at its clock.",
    argv: shell("trap '' TERM INT HUP; while :; do sleep 100; done"),
    limits: { ...room, wallMs: 500 },
    atStart: true,
    judge: stoppedAt("wall"),
  },
  {
    name: "using up the processor",
    tries: "Counts without end, in two processes.",
    contained: "The run is stopped at its limit of processor time.",
    argv: shell("(while :; do :; done) & while :; do :; done"),
    limits: { ...room, cpuMs: 1_000, wallMs: 60_000 },
    atStart: false,
    judge: stoppedAt("cpu"),
  },
];

const disk: readonly RunAttempt[] = [
  ...[sandboxPaths.project, "/tmp", "/dev/shm", sandboxPaths.reports].map(fills),
  {
    name: "filling every folder at once",
    tries: "Writes 160 MB into each folder that can be written, where 64 MB are allowed in all.",
    contained: "No more than the limit goes in, all together.",
    argv: perl(String.raw`my $block = 'x' x 1048576; my $got = 0;
for my $folder ('${sandboxPaths.project}', '/tmp', '/dev/shm', '${sandboxPaths.reports}', '/', '/dev', '/run', '/var/tmp', '/home', '/dev/mqueue', '/tmp/home', '${sandboxPaths.dependencies}') {
  open(my $file, '>', "$folder/errand-probe-all") or next; my $in = 0;
  while ($in < 160) { my $wrote = syswrite($file, $block); last unless $wrote; $in++ if $wrote == 1048576 } $got += $in;
}
print "got $got\n";`),
    limits: { ...room, memoryBytes: 1024 * mebibyte },
    atStart: false,
    judge: gotAtMost(64, "MB"),
  },
  {
    name: "one huge file",
    tries: "Asks for a file of 1 GB with all its blocks.",
    contained: "It is refused.",
    argv: shell(`fallocate -l 1G errand-probe-huge && echo got 1024 || echo got 0`),
    limits: room,
    atStart: false,
    judge: gotAtMost(0, "MB"),
  },
  {
    name: "many small files",
    tries: "Makes up to 400,000 empty files, which take memory of the kernel's.",
    contained: "The run is stopped, or the files are refused.",
    argv: perl(
      String.raw`$| = 1; my $got = 0; for (1 .. 400) { mkdir "d$_" or last; my $made = 0; for my $n (1 .. 1000) { open(my $file, '>', "d$_/$n") or last; $made++ } $got += $made; print "got $got\n"; last if $made < 1000 } sleep 8 if $got == 400000`,
    ),
    limits: { ...room, memoryBytes: 96 * mebibyte },
    atStart: false,
    judge: stoppedOrGotAtMost("memory", 200_000, "files"),
  },
  {
    name: "many open files",
    tries: "Opens a file again and again, without end.",
    contained: "It is refused at some number.",
    argv: perl(
      String.raw`use Fcntl; my @held; my $got = 0; while ($got < 70000) { sysopen(my $file, '/dev/null', O_RDONLY) or last; push @held, $file; $got++ } print "got $got\n"`,
    ),
    limits: room,
    atStart: false,
    judge: gotAtMost(65_536, "files"),
  },
];

export const exhaustionAttempts: readonly RunAttempt[] = [...machine, ...disk];
