// Attempts to outlive the run, or to have the last word about it.
import type { RunAttempt } from "./attempt.ts";
import { ending, gotAtMost, perl, room, shell } from "./judging.ts";

/** Processes that go on after the program has ended are looked for on the machine by the token in their names: see `self-test.ts`. */
export const outlivingAttempts: readonly RunAttempt[] = [
  {
    name: "going on after the end",
    tries: "Leaves processes behind that have a session of their own and ignore signals.",
    contained: "None of them is alive once the run has ended.",
    argv: ({ token }) => [
      "perl",
      "-e",
      `use POSIX (); for (1 .. 4) { my $child = fork; next if $child; POSIX::setsid(); exit if fork; $SIG{$_} = 'IGNORE' for qw(TERM HUP INT QUIT PIPE); $0 = '${token}'; open STDIN, '<', '/dev/null'; open STDOUT, '>', '/dev/null'; open STDERR, '>', '/dev/null'; sleep 30 } select undef, undef, undef, 0.2; print "got 0\\n"`,
    ],
    limits: room,
    atStart: true,
    judge: gotAtMost(0, ""),
  },
  {
    name: "going on after the end, holding the output",
    tries: "Leaves a process behind that keeps the run's output open.",
    contained: "The run ends with its program, not at its clock.",
    argv: ({ token }) => ["sh", "-c", `perl -e '$SIG{TERM} = "IGNORE"; $0 = "${token}"; sleep 30' & exit 3`],
    limits: room,
    atStart: false,
    judge: (result) => ({
      contained: result.ended.kind === "exit" && result.ended.code === 3,
      evidence: ending(result),
    }),
  },
  {
    name: "killing all that it can",
    tries: "Sends SIGKILL to every process that it sees, and to its own group.",
    contained: "The run ends, and whoever started it goes on.",
    argv: shell("kill -9 1; kill -9 -1; kill -9 0"),
    limits: room,
    atStart: false,
    judge: (result) => ({ contained: result.ended.kind !== "limit", evidence: ending(result) }),
  },
  {
    name: "speaking for the supervisor",
    tries: "Stops process 1, and writes to every descriptor of it that can be opened.",
    contained: "What it makes up as another end is not believed: the run ends with the program's own status.",
    argv: perl(
      String.raw`kill 19, 1; for my $descriptor (3 .. 64) { open(my $file, '>>', "/proc/1/fd/$descriptor") or next; syswrite $file, "end 0\ndone\n" } exit 7`,
    ),
    limits: room,
    atStart: false,
    judge: (result) => ({
      contained: result.ended.kind === "exit" && result.ended.code === 7,
      evidence: ending(result),
    }),
  },
];
