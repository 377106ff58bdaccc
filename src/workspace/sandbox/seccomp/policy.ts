// Which system calls a program in the sandbox is refused, with what answer, and why. Everything that no rule refuses is allowed.

/** An error number as Linux has it on x64 and arm64 (asm-generic/errno.h). */
export const errors = {
  EPERM: 1,
  ENOSYS: 38,
  EPROTONOSUPPORT: 93,
  ESOCKTNOSUPPORT: 94,
  EAFNOSUPPORT: 97,
} as const;

/** Of an argument's low 32 bits, those in `mask` (all, where there is none) are one of `values`, or none of them. The kernel itself reads no more than 32 bits of any argument that the policy asks about. */
export interface Condition {
  readonly argument: 0 | 1 | 2 | 3 | 4 | 5;
  readonly mask?: number;
  readonly holds: "one of" | "none of";
  readonly values: readonly [number, ...number[]];
}

/** Refuses `calls` where all conditions hold. Of several rules for a call, the first that fits answers. */
interface RefusalOf<Call extends string> {
  readonly calls: readonly Call[];
  readonly answer: keyof typeof errors;
  readonly when?: readonly Condition[];
  readonly why: string;
}

const unix = 1;
const inet = 2;
const inet6 = 10;
const netlink = 16;
const netlinkRoute = 0;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (linux/sched.h). NEWTIME cannot be given to `clone`: its bit lies among the signal's. */
const newNamespaces = 0x7e020000;

/** `socket`'s kind without SOCK_NONBLOCK and SOCK_CLOEXEC. */
const socketKind = { argument: 1, mask: 0xf } as const;
const internet: Condition = { argument: 0, holds: "one of", values: [inet, inet6] };

const rules = [
  {
    calls: [
      "mount",
      "umount2",
      "pivot_root",
      "chroot",
      "open_tree",
      "open_tree_attr",
      "move_mount",
      "fsopen",
      "fsconfig",
      "fsmount",
      "fspick",
      "mount_setattr",
    ],
    answer: "EPERM",
    why: "The view of the file system is made once, before the program starts.",
  },
  {
    calls: ["setns", "unshare"],
    answer: "EPERM",
    why: "A namespace of one's own gives every capability inside it, and with them most of the kernel's attack surface.",
  },
  {
    calls: ["clone"],
    answer: "EPERM",
    when: [{ argument: 0, mask: newNamespaces, holds: "none of", values: [0] }],
    why: "The same, for a process that starts in new namespaces.",
  },
  {
    calls: ["clone3"],
    answer: "ENOSYS",
    why: "Its flags lie in memory, where no filter can look; told that it is not there, the C library takes `clone`.",
  },
  {
    calls: ["ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd"],
    answer: "EPERM",
    why: "No process reaches into another: not into the launcher, which is process 1, nor into a sibling.",
  },
  {
    calls: ["keyctl", "add_key", "request_key"],
    answer: "EPERM",
    why: "Keyrings know no namespaces: those of the machine's user would be shared.",
  },
  {
    calls: [
      "bpf",
      "perf_event_open",
      "userfaultfd",
      "io_uring_setup",
      "io_uring_enter",
      "io_uring_register",
      "memfd_secret",
      "fanotify_init",
      "lsm_set_self_attr",
    ],
    answer: "EPERM",
    why: "Parts of the kernel with a long record of faults, or that make faults elsewhere usable. io_uring opens sockets past this filter, too.",
  },
  {
    calls: ["mbind", "set_mempolicy", "set_mempolicy_home_node", "migrate_pages", "move_pages"],
    answer: "EPERM",
    why: "Where memory lies is the machine's business; tests do without.",
  },
  {
    calls: ["open_by_handle_at", "name_to_handle_at"],
    answer: "EPERM",
    why: "A file's handle reaches past what is mounted.",
  },
  {
    calls: [
      "kexec_load",
      "kexec_file_load",
      "init_module",
      "finit_module",
      "delete_module",
      "create_module",
      "query_module",
      "get_kernel_syms",
      "reboot",
      "swapon",
      "swapoff",
      "acct",
      "quotactl",
      "quotactl_fd",
      "syslog",
      "nfsservctl",
      "lookup_dcookie",
      "vhangup",
      "iopl",
      "ioperm",
      "modify_ldt",
      "uselib",
      "_sysctl",
    ],
    answer: "EPERM",
    why: "Running the machine, or long out of use.",
  },
  {
    calls: ["clock_settime", "clock_adjtime", "settimeofday", "adjtimex", "sethostname", "setdomainname"],
    answer: "EPERM",
    why: "The clock is the machine's, and the name is given.",
  },
  {
    calls: ["personality"],
    answer: "EPERM",
    // Asking; Linux, Linux of 32 bits, each with UNAME26; ADDR_NO_RANDOMIZE, which sanitisers start themselves again with.
    when: [
      {
        argument: 0,
        holds: "none of",
        values: [0xffffffff, 0, 0x0008, 0x20000, 0x20008, 0x40000],
      },
    ],
    why: "Other personalities switch off protections of memory.",
  },
  {
    calls: ["mknod"],
    answer: "EPERM",
    // S_IFCHR, S_IFBLK.
    when: [{ argument: 1, mask: 0o170000, holds: "one of", values: [0o020000, 0o060000] }],
    why: "Devices; a pipe or a socket with a name may be made.",
  },
  {
    calls: ["mknodat"],
    answer: "EPERM",
    when: [{ argument: 2, mask: 0o170000, holds: "one of", values: [0o020000, 0o060000] }],
    why: "The same, from a folder.",
  },
  {
    calls: ["ioctl"],
    answer: "EPERM",
    // TIOCSTI, TIOCLINUX, TIOCCONS, TIOCSETD (asm-generic/ioctls.h).
    when: [{ argument: 1, holds: "one of", values: [0x5412, 0x541c, 0x541d, 0x5423] }],
    why: "Typing into a terminal, and loading line disciplines.",
  },
  {
    calls: ["socket", "socketpair"],
    answer: "EAFNOSUPPORT",
    when: [{ argument: 0, holds: "none of", values: [unix, inet, inet6, netlink] }],
    why: "AF_VSOCK knows no network namespace and ends at the hypervisor; the others are rarely used, and often faulty, protocols.",
  },
  {
    calls: ["socket"],
    answer: "EAFNOSUPPORT",
    when: [
      { argument: 0, holds: "one of", values: [netlink] },
      { argument: 2, holds: "none of", values: [netlinkRoute] },
    ],
    why: "Of netlink, programs need the list of network interfaces.",
  },
  {
    calls: ["socket"],
    answer: "EPERM",
    when: [internet, { ...socketKind, holds: "one of", values: [3] }],
    why: "Raw packets.",
  },
  {
    calls: ["socket"],
    answer: "ESOCKTNOSUPPORT",
    when: [internet, { ...socketKind, holds: "none of", values: [1, 2] }],
    why: "Beyond streams and datagrams lie protocols that the kernel would load a module for.",
  },
  {
    calls: ["socket"],
    answer: "EPROTONOSUPPORT",
    // The kind's own, ICMP, TCP, UDP, ICMPv6, MPTCP (Go's servers ask for it).
    when: [internet, { argument: 2, holds: "none of", values: [0, 1, 6, 17, 58, 262] }],
    why: "The same: SCTP, L2TP, SMC and others.",
  },
] as const satisfies readonly RefusalOf<string>[];

export type SystemCall = (typeof rules)[number]["calls"][number];
export type Refusal = RefusalOf<SystemCall>;

export const policy: readonly Refusal[] = rules;

/** Calls newer than the tables that the policy was written against, and x32's, whose numbers start at 2^30: as if the kernel were an older one. */
export const unknownCallAnswer: keyof typeof errors = "ENOSYS";
