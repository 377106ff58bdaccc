// Attempts on parts of the kernel with a record of faults, and on the running of the machine.
import type { CheapAttempt } from "./attempt.ts";
import { refused, refuses } from "./refuses.ts";

const parts: readonly CheapAttempt[] = [
  refuses("the session's keyring", "Asks for its keyrings.", "'keyctl', 0, -3, 0", "'keyctl', 6, -4, 0"),
  refuses(
    "a new key",
    "Adds a key, and asks for one.",
    `'add_key', "user\\0", "errand-probe\\0", "x", 1, -2`,
    `'request_key', "user\\0", "errand-probe\\0", 0, -2`,
  ),
  refuses(
    "io_uring",
    "Sets up a ring, which makes calls that no filter sees.",
    "'io_uring_setup', 1, \"\\0\" x 120",
  ),
  refuses("userfaultfd", "Asks to handle its own page faults.", "'userfaultfd', 1"),
  refuses(
    "programs in the kernel",
    "Loads a BPF program, and makes a BPF map.",
    "'bpf', 5, \"\\0\" x 120, 120",
    "'bpf', 0, pack('I5', 1, 4, 4, 1, 0) . \"\\0\" x 100, 120",
  ),
  refuses(
    "performance counters",
    "Opens a software counter of itself.",
    "'perf_event_open', pack('IIQ', 1, 112, 0) . \"\\0\" x 96, 0, -1, -1, 0",
  ),
  refuses("memory that the kernel cannot see", "Calls memfd_secret.", "'memfd_secret', 0"),
  refuses("watching every file", "Calls fanotify_init.", "'fanotify_init', 0x200, 0"),
  refuses(
    "another personality",
    "Asks for memory that is always executable, and for page zero.",
    "'personality', 0x400000",
    "'personality', 0x100000",
  ),
  refuses(
    "where memory lies",
    "Moves memory between nodes.",
    "'move_pages', 0, 0, 0, 0, 0, 0",
    "'mbind', 0, 0, 0, 0, 0, 0",
    "'migrate_pages', 0, 0, 0, 0",
  ),
  {
    name: "typing into a terminal",
    tries: "Calls TIOCSTI, TIOCLINUX and TIOCSETD, also with the upper half of the argument set.",
    contained: "Refused, whether there is a terminal or not.",
    perl: `my $call = $architecture eq 'x64' ? 16 : 29;
my $letter = 'x';
for my $request (0x5412, 0x541c, 0x5423) { refused($call, 0, $request, $letter); refused($call, 0, $request + 0x100000000, $letter) }
all_refused();`,
  },
  {
    name: "calls of the x32 kind",
    tries: "Makes calls by their x32 numbers: getpid, and unshare for a user namespace.",
    contained: "The kernel or the filter knows none.",
    perl: `contained("there is no x32 on $architecture") if $architecture ne 'x64';
refused(0x40000000 + 39); refused(0x40000000 + 272, 0x10000000); all_refused();`,
  },
  {
    name: "calls of 32-bit programs",
    tries: "Starts a program of 32 bits, whose system calls have other numbers.",
    contained: "It cannot be started, or ends at its first call.",
    // An ELF file: getpid and then exit with 42, both by interrupt 128.
    perl: String.raw`contained("not tried on $architecture") if $architecture ne 'x64';
my $path = ($ENV{TMPDIR} || '/tmp') . "/errand-probe-$$";
my $code = pack('H*', 'b814000000cd80b801000000bb2a000000cd80');
my $elf = pack('H*', '7f454c46010101') . "\0" x 9 . pack('SSLLLLLSSSSSS', 2, 3, 1, 0x8048054, 52, 0, 0, 52, 32, 1, 0, 0, 0) . pack('L8', 1, 0, 0x8048000, 0x8048000, 84 + length $code, 84 + length $code, 5, 0x1000) . $code;
sysopen(my $file, $path, O_WRONLY | O_CREAT | O_EXCL, 0755) or die "could not be written: $!";
syswrite $file, $elf; close $file;
my $child = fork; die "no process: $!" unless defined $child;
if ($child == 0) { exec { $path } $path; kill 9, $$ }
waitpid $child, 0; my $status = $?; unlink $path;
escaped('it made its calls') if $status == 42 << 8;
contained("ended by status $status");`,
  },
];

const machine: readonly CheapAttempt[] = [
  refuses(
    "another kernel",
    "Calls kexec_load and kexec_file_load.",
    "'kexec_load', 0, 0, 0, 0",
    "'kexec_file_load', -1, -1, 0, 0, 0",
  ),
  refuses(
    "kernel modules",
    "Loads and removes a module that is not there.",
    `'init_module', 0, 0, "\\0"`,
    `'finit_module', -1, "\\0", 0`,
    `'delete_module', "errand_probe\\0", 0x800`,
  ),
  refuses("restarting the machine", "Calls reboot with numbers that do nothing.", "'reboot', 0, 0, 0, 0"),
  refuses(
    "swap and accounts of processes",
    "Calls swapon, swapoff and acct with a file that is not there.",
    ...[
      "'swapon', \"/errand-probe\\0\", 0",
      "'swapoff', \"/errand-probe\\0\"",
      "'acct', \"/errand-probe\\0\"",
    ],
  ),
  refuses("quotas", "Calls quotactl.", "'quotactl', 0, 0, 0, 0"),
  refuses(
    "setting the machine's clock",
    "Sets neither time nor zone, and asks to.",
    "'settimeofday', 0, 0",
    "'clock_settime', 0, 0",
  ),
  refuses(
    "setting the machine's name",
    "Sets a name of a length that cannot be.",
    "'sethostname', 0, -1",
    "'setdomainname', 0, -1",
  ),
  refuses(
    "the kernel's log by its call",
    "Asks for the size of the log, and for the log.",
    "'syslog', 10, 0, 0",
    "'syslog', 3, \"\\0\" x 64, 64",
  ),
  {
    name: "ports of the processor",
    tries: "Calls iopl and ioperm.",
    contained: refused,
    perl: "refused('iopl', 3); refused('ioperm', 0x80, 1, 1); all_refused();",
  },
];

export const kernelAttempts: readonly CheapAttempt[] = [...parts, ...machine];
