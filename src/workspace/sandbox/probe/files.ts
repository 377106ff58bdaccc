// Attempts on the machine's files, devices and settings.
import type { CheapAttempt } from "./attempt.ts";

const notThere = "It is not there, or it is the sandbox's own.";
const refused = "The kernel refuses.";

/** What can be opened and is the machine's: each path is one attempt to open it. */
function opens(name: string, mode: "read" | "write", ...paths: readonly string[]): CheapAttempt {
  const flags = mode === "read" ? "O_RDONLY" : "O_WRONLY";
  return {
    name,
    tries: `Opens ${paths.join(", ")} to ${mode}.`,
    contained: refused,
    perl: `cannot_open(${flags}, ${paths.map((path) => `'${path}'`).join(", ")});`,
  };
}

function sees(name: string, ...paths: readonly string[]): CheapAttempt {
  return {
    name,
    tries: `Looks whether ${paths.join(", ")} inside is the same as outside.`,
    contained: notThere,
    perl: `not_the_machines(${paths.map((path) => `'${path}'`).join(", ")});`,
  };
}

const seeing: readonly CheapAttempt[] = [
  sees("the machine's list of users", "/etc/passwd", "/etc/group"),
  opens("password hashes", "read", "/etc/shadow", "/etc/gshadow"),
  sees(
    "the machine's identity and name",
    "/etc/machine-id",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/resolv.conf",
  ),
  sees("root's home folder", "/root"),
  sees("home folders", "/home"),
  sees("folders of running services", "/run", "/var/run"),
  sees("the machine's data folders", "/var", "/srv", "/mnt", "/media", "/boot", "/data"),
  sees("the machine's temporary folders", "/tmp", "/var/tmp", "/dev/shm"),
  sees("the machine's root folder and settings", "/", "/etc"),
  sees("the machine's devices", "/dev", "/sys"),
  {
    name: "a file that everyone on the machine may read",
    tries: "Opens, to read and to write, a file that was put where every user of the machine reaches it.",
    contained: "There is no such file inside.",
    perl: "sysopen(my $file, $lure{file}, O_RDWR) and escaped('opened'); cannot_open(O_RDONLY, $lure{file});",
  },
  {
    name: "the machine's files through another process's root",
    tries: "Opens that file under /proc/<process>/root and /proc/<process>/cwd of every process.",
    contained: "No process has a root in which the file is.",
    perl: `for my $process ('self', processes()) {
  for my $way ("root", "cwd/../../../../../..") {
    escaped("through /proc/$process/$way") if sysopen(my $file, "/proc/$process/$way$lure{file}", O_RDONLY);
  }
}
contained('no process has a root that leads there');`,
  },
  {
    name: "the machine's files through an open descriptor",
    tries:
      "Looks in every process for a descriptor of a file or folder, and climbs from folders to the file.",
    contained: "No descriptor beyond the standard ones leads to a file outside of the copy.",
    perl: String.raw`for my $process (processes()) {
  opendir(my $folder, "/proc/$process/fd") or next;
  for my $descriptor (grep { /^[0-9]+$/ } readdir $folder) {
    my $target = readlink "/proc/$process/fd/$descriptor"; next unless defined $target;
    next if $target =~ m{^(/proc/|/project(/|$)|/reports(/|$)|/tmp(/|$)|/usr/|/dev/null$|[a-z]+:|/dev/pts/)} && !($target eq $lure{file});
    escaped("process $process holds $target") if sysopen(my $file, "/proc/$process/fd/$descriptor", O_RDONLY | O_NONBLOCK | O_NOCTTY);
  }
}
contained('none');`,
  },
  {
    name: "descriptors that were left open",
    tries: "Looks for descriptors of its own beyond the standard three.",
    contained: "There are none but those that it opened itself.",
    perl: String.raw`my $own = fileno $out;
for my $descriptor (3 .. 255) {
  next if $descriptor == $own;
  my $target = readlink "/proc/self/fd/$descriptor"; next unless defined $target;
  escaped("descriptor $descriptor is $target");
}
contained('none');`,
  },
];

const settings: readonly CheapAttempt[] = [
  opens("the handler of crashes", "write", "/proc/sys/kernel/core_pattern"),
  opens(
    "the programs that the kernel starts",
    "write",
    "/proc/sys/kernel/modprobe",
    "/proc/sys/kernel/poweroff_cmd",
  ),
  opens("the magic system request", "write", "/proc/sysrq-trigger", "/proc/sys/kernel/sysrq"),
  opens("interpreters of programs", "write", "/proc/sys/fs/binfmt_misc/register"),
  opens(
    "settings of the kernel",
    "write",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sys/vm/drop_caches",
    "/proc/sys/kernel/hostname",
    "/proc/sys/kernel/ns_last_pid",
    "/proc/sys/kernel/panic",
    "/proc/sys/net/ipv4/ip_forward",
  ),
  opens(
    "settings of devices",
    "write",
    "/sys/kernel/uevent_helper",
    "/sys/power/state",
    "/sys/kernel/mm/transparent_hugepage/enabled",
  ),
  opens("the kernel's tracing", "read", "/sys/kernel/debug", "/sys/kernel/tracing", "/sys/fs/bpf"),
  {
    name: "control groups",
    tries: "Makes a control group, and opens lists of processes and the agent that is run at a group's end.",
    contained: "They are not there, or cannot be written.",
    perl: `for my $group ('', glob('/sys/fs/cgroup/*')) {
  my $folder = $group eq '' ? '/sys/fs/cgroup' : $group;
  if (mkdir "$folder/errand-probe-$$") { rmdir "$folder/errand-probe-$$"; escaped("a group was made in $folder") }
  for my $name ('cgroup.procs', 'release_agent', 'notify_on_release') {
    escaped("$folder/$name was opened") if sysopen(my $file, "$folder/$name", O_WRONLY);
  }
}
contained("refused: $!");`,
  },
  {
    name: "limits of its own control group",
    tries: "Opens the limits on memory and processes of the group that it is in.",
    contained: "They cannot be written.",
    perl: String.raw`my $groups = slurp('/proc/self/cgroup');
for my $line (split /\n/, defined $groups ? $groups : '') {
  my (undef, $kind, $path) = split /:/, $line, 3;
  for my $base ("/sys/fs/cgroup/$kind$path", "/sys/fs/cgroup$path") {
    for my $name ('memory.limit_in_bytes', 'memory.max', 'pids.max') {
      escaped("$base/$name was opened") if sysopen(my $file, "$base/$name", O_WRONLY);
    }
  }
}
contained("refused: $!");`,
  },
];

const writing: readonly CheapAttempt[] = [
  {
    name: "writing among the system's programs",
    tries: "Makes a file in /usr, /usr/bin, /usr/local/bin, /bin, /sbin, /lib and /opt.",
    contained: refused,
    perl: "cannot_create('/usr', '/usr/bin', '/usr/local/bin', '/bin', '/sbin', '/lib', '/opt');",
  },
  {
    name: "writing outside of the folders that have a size",
    tries: "Makes a file in /, /etc, /dev, /home, /root, /run, /var and /var/tmp.",
    contained:
      "There is no such folder, or it cannot be written: what has no size of its own would use up the machine's memory.",
    perl: "cannot_create('/', '/etc', '/dev', '/home', '/root', '/run', '/var', '/var/tmp');",
  },
  {
    name: "changing a program of the system",
    tries: "Opens /usr/bin/env, the shell and the C library's loader to write.",
    contained: refused,
    perl: "cannot_open(O_WRONLY, '/usr/bin/env', '/bin/sh', '/etc/ld.so.cache', '/etc/ssl/certs/ca-certificates.crt');",
  },
];

const devices: readonly CheapAttempt[] = [
  opens(
    "disks",
    "read",
    ...[
      "sda",
      "sda1",
      "vda",
      "vda1",
      "xvda",
      "nvme0n1",
      "dm-0",
      "md0",
      "loop0",
      "loop-control",
      "mapper/control",
    ].map((name) => `/dev/${name}`),
  ),
  opens("memory as a device", "read", "/dev/mem", "/dev/kmem", "/dev/port", "/proc/kcore"),
  opens("the kernel's log as a file", "read", "/dev/kmsg", "/proc/kmsg"),
  opens(
    "devices with a large kernel behind them",
    "read",
    ...[
      "kvm",
      "fuse",
      "net/tun",
      "vsock",
      "vhost-vsock",
      "vhost-net",
      "uinput",
      "userfaultfd",
      "dri/card0",
      "vfio/vfio",
    ].map((name) => `/dev/${name}`),
  ),
  {
    name: "devices that nobody needs",
    tries: "Lists /dev with its folders for devices.",
    contained: "Only null, zero, full, random, urandom, tty, console and terminals of its own are there.",
    perl: String.raw`my @folders = ('/dev');
while (defined(my $folder = shift @folders)) {
  opendir(my $entries, $folder) or next;
  for my $name (readdir $entries) {
    next if $name eq '.' || $name eq '..';
    my $path = "$folder/$name";
    lstat $path or next;
    if (-d _) { push @folders, $path; next }
    next unless -b _ || -c _;
    next if $path =~ m{^/dev/(null|zero|full|random|urandom|tty|console|ptmx|pts/(ptmx|[0-9]+))$};
    escaped("$path is there");
  }
}
contained('none');`,
  },
  {
    name: "making a device",
    tries: "Makes a node for /dev/mem's and for a disk's number in the temporary folder.",
    contained: refused,
    perl: `for my $kind (0020666, 0060666) {
  for my $folder ($ENV{TMPDIR} || '/tmp', '.', '/dev/shm') {
    my $path = "$folder/errand-probe-$$";
    my $answer = $architecture eq 'x64' ? call($number{mknod}, $path, $kind, 0x101) : call($number{mknodat}, -100, $path, $kind, 0x101);
    if ($answer != -1) { unlink $path; escaped("a device was made in $folder") }
  }
}
contained("refused: $!");`,
  },
  {
    name: "the worker's terminal",
    tries: "Opens /dev/tty and /dev/console.",
    contained: "The program has no terminal.",
    perl: "cannot_open(O_RDWR, '/dev/tty', '/dev/console');",
  },
];

export const fileAttempts: readonly CheapAttempt[] = [...seeing, ...settings, ...writing, ...devices];
