// Attempts on the kernel itself: calls that give rights, reach into other processes, or open parts with a record of faults.
import type { CheapAttempt } from "./attempt.ts";

const refused = "Refused before the kernel looks at the arguments.";

/** Each line is one call with its arguments, as Perl has them. */
function refuses(name: string, tries: string, ...calls: readonly string[]): CheapAttempt {
  return {
    name,
    tries,
    contained: refused,
    perl: [...calls.map((call) => `refused(${call});`), "all_refused();"].join("\n"),
  };
}

const clone = (flags: string): string =>
  `my $child = call($number{clone}, ${flags} | 17, 0, 0, 0, 0);
if ($child == 0) { kill 9, $$ }
if ($child > 0) { waitpid $child, 0; escaped('a process was started in a namespace of its own') }
contained("refused: $!");`;

const namespaces: readonly CheapAttempt[] = [
  refuses("a user namespace of its own", "Calls unshare for a user namespace.", "'unshare', 0x10000000"),
  refuses(
    "other namespaces of its own",
    "Calls unshare for mounts, network, processes, names, messages, control groups, and for mounts with users.",
    ...["0x20000", "0x40000000", "0x20000000", "0x4000000", "0x8000000", "0x2000000", "0x10020000"].map(
      (flags) => `'unshare', ${flags}`,
    ),
  ),
  {
    name: "a process in a user namespace",
    tries: "Starts a process with a user namespace of its own.",
    contained: refused,
    perl: clone("0x10000000"),
  },
  {
    name: "a process in a network namespace",
    tries: "Starts a process with user and network namespaces of its own.",
    contained: refused,
    perl: clone("0x50000000"),
  },
  {
    name: "a namespace through clone3",
    tries: "Starts a process with a user namespace by clone3, whose flags no filter sees.",
    contained: "There is no such call.",
    perl: `my $arguments = pack('Q11', 0x10000000, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0);
my $child = call($number{clone3}, $arguments, length $arguments);
if ($child == 0) { kill 9, $$ }
if ($child > 0) { waitpid $child, 0; escaped('a process was started') }
escaped("clone3 went on to its arguments: $!") unless $! == ENOSYS || $! == EPERM;
contained("refused: $!");`,
  },
  {
    name: "joining another process's namespaces",
    tries: "Calls setns with the namespaces of every process that it sees.",
    contained: refused,
    perl: `for my $process (processes()) {
  for my $kind ('net', 'mnt', 'user', 'pid') {
    sysopen(my $file, "/proc/$process/ns/$kind", O_RDONLY) or next;
    refused('setns', fileno $file, 0);
  }
}
refused('setns', 0, 0);
all_refused();`,
  },
];

const mounts: readonly CheapAttempt[] = [
  {
    name: "mounting a file system",
    tries: "Mounts a file system in memory, and /proc, on a folder of its own.",
    contained: refused,
    perl: `my $folder = ($ENV{TMPDIR} || '/tmp') . "/errand-probe-$$";
mkdir $folder;
for my $kind ('tmpfs', 'proc', 'sysfs') {
  my $answer = call($number{mount}, 'none', "$folder", $kind, 0, 0);
  if ($answer == 0) { call($number{umount2}, "$folder", 2); rmdir $folder; escaped("$kind was mounted") }
  if ($! != EPERM && $! != ENOSYS) { my $why = "$!"; rmdir $folder; escaped("mount went on to its arguments: $why") }
}
rmdir $folder;
contained("refused: $!");`,
  },
  refuses(
    "making what is read-only writable",
    "Mounts /, /usr, /proc/sys and /dev again, writable.",
    ...["/", "/usr", "/proc/sys", "/dev"].map((path) => `'mount', 'none', "${path}\\0", "\\0", 0x1020, 0`),
  ),
  refuses(
    "unmounting what hides the machine",
    "Unmounts /proc/sys and /tmp.",
    `'umount2', "/proc/sys\\0", 8`,
    `'umount2', "/errand-probe\\0", 8`,
  ),
  refuses(
    "the newer calls for mounting",
    "Calls fsopen, open_tree, open_tree_attr, move_mount, fspick, fsmount, fsconfig and mount_setattr with what they cannot take.",
    `'fsopen', "tmpfs\\0", 0`,
    `'open_tree', -100, "/\\0", 1`,
    `'move_mount', -1, "\\0", -1, "\\0", 0`,
    `'fspick', -100, "/\\0", 0`,
    "'fsmount', -1, 0, 0",
    `'mount_setattr', -1, "\\0", 0, 0, 0`,
  ),
  refuses(
    "another root folder",
    "Calls chroot and pivot_root.",
    `'chroot', ".\\0"`,
    `'pivot_root', ".\\0", ".\\0"`,
  ),
  refuses(
    "files by their handles",
    "Opens a file by a handle that it made up.",
    `'open_by_handle_at', -100, pack('IiQ', 8, 1, 2), 0`,
  ),
];

const processes: readonly CheapAttempt[] = [
  refuses("being traced", "Asks to be traced.", "'ptrace', 0, 0, 0, 0"),
  {
    name: "tracing the supervisor",
    tries: "Attaches to process 1 and to its own parent.",
    contained: refused,
    perl: `for my $process (1, getppid) { refused('ptrace', 0x4206, $process, 0, 0) }
all_refused();`,
  },
  refuses(
    "another process's memory",
    "Reads and writes the memory of process 1, and compares with it.",
    ...["process_vm_readv", "process_vm_writev"].map((call) => `'${call}', 1, 0, 0, 0, 0, 0`),
    "'kcmp', 1, $$, 0, 0, 0",
  ),
  refuses("another process's descriptors", "Takes a descriptor of process 1.", "'pidfd_getfd', -1, 0, 0"),
];

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

export const kernelAttempts: readonly CheapAttempt[] = [
  ...namespaces,
  ...mounts,
  ...processes,
  ...parts,
  ...machine,
];
