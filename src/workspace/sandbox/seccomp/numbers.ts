// Numbers of the system calls that the policy names, from Linux' tables: x86-64's own, and the one that arm64 shares with every newer 64-bit machine.
import type { SystemCall } from "./policy.ts";

/** Architectures that a filter is made for, in Node's words (`process.arch`). */
export const architectures = ["x64", "arm64"] as const;
export type Architecture = (typeof architectures)[number];

/** What the kernel calls each architecture in `seccomp_data.arch` (linux/audit.h): its ELF machine, 64-bit, little-endian. */
export const auditArchitecture: Readonly<Record<Architecture, number>> = {
  x64: 0xc000003e,
  arm64: 0xc00000b7,
};

/** The newest call of the tables that the policy was written against, Linux 6.17's `file_setattr`. Since 5.1 both tables number new calls alike. */
export const newestCall = 469;

/** The call's number on x64 and on arm64; `null` where that has no such call. */
const numbers: Readonly<Record<SystemCall, readonly [x64: number, arm64: number | null]>> = {
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  open_tree_attr: [467, 467],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  setns: [308, 268],
  unshare: [272, 97],
  clone: [56, 220],
  clone3: [435, 435],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  keyctl: [250, 219],
  add_key: [248, 217],
  request_key: [249, 218],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  memfd_secret: [447, 447],
  fanotify_init: [300, 262],
  lsm_set_self_attr: [460, 460],
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  set_mempolicy_home_node: [450, 450],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  open_by_handle_at: [304, 265],
  name_to_handle_at: [303, 264],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  create_module: [174, null],
  query_module: [178, null],
  get_kernel_syms: [177, null],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  syslog: [103, 116],
  nfsservctl: [180, 42],
  lookup_dcookie: [212, 18],
  vhangup: [153, 58],
  iopl: [172, null],
  ioperm: [173, null],
  modify_ldt: [154, null],
  uselib: [134, null],
  _sysctl: [156, null],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  settimeofday: [164, 170],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  personality: [135, 92],
  mknod: [133, null],
  mknodat: [259, 33],
  ioctl: [16, 29],
  socket: [41, 198],
  socketpair: [53, 199],
};

/** The number of a call, or `null` where the architecture has none of that name. */
export function numberOf(call: SystemCall, architecture: Architecture): number | null {
  const [x64, arm64] = numbers[call];
  return architecture === "x64" ? x64 : arm64;
}
