// Attempts to get rights, another view of the machine, or into other processes: namespaces, mounts, tracing.
import type { CheapAttempt } from "./attempt.ts";
import { refused, refuses } from "./refuses.ts";

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

export const namespaceAttempts: readonly CheapAttempt[] = [...namespaces, ...mounts, ...processes];
