// Attempts on the network: the machine's own services, other machines, and kinds of sockets that no namespace confines.
import type { CheapAttempt } from "./attempt.ts";

const noWay = "There is no way there: the kernel says so at once.";
const refused = "Such a socket cannot be made.";

function socketOf(name: string, tries: string, ...sockets: readonly string[]): CheapAttempt {
  return {
    name,
    tries,
    contained: refused,
    perl: [...sockets.map((socket) => `no_socket(${socket});`), 'contained("refused: $!");'].join("\n"),
  };
}

/** No packet is sent for a datagram's connect: it only looks for a way. */
function wayTo(name: string, address: string, port: number): CheapAttempt {
  return {
    name,
    tries: `Connects to ${address}, port ${port}, by stream and by datagram.`,
    contained: noWay,
    perl: `my $address = pack_sockaddr_in(${port}, inet_aton('${address}'));
cannot_connect(AF_INET, $_, $address) for SOCK_DGRAM, SOCK_STREAM;
contained("no way: $!");`,
  };
}

export const networkAttempts: readonly CheapAttempt[] = [
  {
    name: "a service of the machine, by 127.0.0.1",
    tries: "Connects to a port of the machine's loopback where a listener waits.",
    contained: "Nothing answers.",
    perl: `cannot_connect(AF_INET, SOCK_STREAM, pack_sockaddr_in($lure{port4}, inet_aton('127.0.0.1')));
contained("no connection: $!");`,
  },
  {
    name: "a service of the machine, by ::1",
    tries: "The same by IPv6, and by IPv4's addresses within IPv6.",
    contained: "Nothing answers.",
    perl: `cannot_connect(AF_INET6, SOCK_STREAM, pack_sockaddr_in6($lure{port6}, Socket::inet_pton(AF_INET6, '::1'))) if $lure{port6};
cannot_connect(AF_INET6, SOCK_STREAM, pack_sockaddr_in6($lure{port4}, Socket::inet_pton(AF_INET6, '::ffff:127.0.0.1')));
contained("no connection: $!");`,
  },
  {
    name: "a service of the machine, by an abstract socket",
    tries: "Connects to an abstract unix socket of the machine where a listener waits.",
    contained: "Nothing answers.",
    perl: String.raw`my $name = "\0$lure{abstract}";
cannot_connect(AF_UNIX, SOCK_STREAM, pack('S', AF_UNIX) . $name);
cannot_connect(AF_UNIX, SOCK_STREAM, pack('Sa108', AF_UNIX, $name));
contained("no connection: $!");`,
  },
  {
    name: "a service of the machine, by a socket's path",
    tries: "Connects to a unix socket in the machine's temporary folder where a listener waits.",
    contained: "Nothing answers.",
    perl: `cannot_connect(AF_UNIX, SOCK_STREAM, pack_sockaddr_un($lure{socket}));
contained("no connection: $!");`,
  },
  {
    name: "the machine's container and system services",
    tries: "Connects to the sockets of docker, containerd, podman, systemd, D-Bus and the log.",
    contained: "None is there.",
    perl: String.raw`my @paths = ('docker.sock', 'containerd/containerd.sock', 'podman/podman.sock', 'crio/crio.sock', 'systemd/private', 'systemd/notify', 'systemd/journal/stdout', 'dbus/system_bus_socket', 'snapd.socket');
for my $path (map({ ("/run/$_", "/var/run/$_") } @paths), '/dev/log') {
  escaped("$path is there") if -e $path;
  cannot_connect(AF_UNIX, SOCK_STREAM, pack_sockaddr_un($path));
}
contained('none is there');`,
  },
  wayTo("the cloud's service of secrets", "169.254.169.254", 80),
  wayTo("another machine", "192.0.2.1", 443),
  wayTo("a server of names", "192.0.2.53", 53),
  wayTo("the machine as a container sees it", "172.17.0.1", 80),
  {
    name: "another machine, by IPv6",
    tries: "Connects to 2001:db8::1 and to the cloud's service of secrets, fd00:ec2::254.",
    contained: noWay,
    perl: `for my $name ('2001:db8::1', 'fd00:ec2::254') {
  cannot_connect(AF_INET6, $_, pack_sockaddr_in6(80, Socket::inet_pton(AF_INET6, $name))) for SOCK_DGRAM, SOCK_STREAM;
}
contained("no way: $!");`,
  },
  {
    name: "a name of the internet",
    tries: "Has the C library look up a name.",
    contained: "There is nobody to ask.",
    perl: `my $address = gethostbyname('registry.npmjs.org');
escaped('it has an address') if defined $address;
contained('not found');`,
  },
  {
    name: "the machine's network interfaces",
    tries: "Reads the lists of interfaces and of routes.",
    contained: "There is loopback and no route.",
    perl: String.raw`my $interfaces = slurp('/proc/net/dev'); my $routes = slurp('/proc/net/route');
my @names = grep { $_ ne 'lo' } (defined $interfaces ? $interfaces : '') =~ /^\s*([^\s:]+):\s*\d/mg;
my @up = grep { !/^(tunl|gre|gretap|erspan|ip_vti|ip6_vti|sit|ip6tnl|ip6gre)[0-9]*$/ } @names;
escaped("interface @up") if @up;
escaped('there is a route') if defined $routes && $routes =~ /\n\S/;
contained('loopback only');`,
  },
  {
    name: "the machine's connections",
    tries: "Looks for the waiting listeners in the lists of sockets.",
    contained: "They are not in them.",
    perl: String.raw`my $port = sprintf ':%04X ', $lure{port4};
for my $list ('tcp', 'tcp6', 'unix') {
  my $text = slurp("/proc/net/$list"); next unless defined $text;
  escaped("$list lists a listener") if index($text, $port) >= 0 || index($text, $lure{abstract}) >= 0;
}
contained('not listed');`,
  },
  socketOf(
    "the hypervisor",
    "Makes a vsock, which no network namespace confines.",
    "40, SOCK_STREAM, 0",
    "40, SOCK_DGRAM, 0",
  ),
  socketOf("packets off the wire", "Makes packet sockets.", "17, SOCK_RAW, 0", "17, SOCK_DGRAM, 0"),
  socketOf(
    "raw packets",
    "Makes raw sockets of IPv4 and IPv6.",
    "AF_INET, SOCK_RAW, 1",
    "AF_INET, SOCK_RAW, 255",
    "AF_INET6, SOCK_RAW, 58",
  ),
  socketOf(
    "the kernel's network settings",
    "Makes netlink sockets for netfilter, audit, IPsec and events of devices.",
    ...["12", "9", "6", "15"].map((protocol) => `16, SOCK_RAW, ${protocol}`),
  ),
  socketOf(
    "seldom used kinds of sockets",
    "Makes sockets for the kernel's cryptography, Bluetooth, CAN, TIPC, RDS and XDP.",
    "38, 5, 0",
    "31, SOCK_RAW, 1",
    "29, SOCK_RAW, 1",
    "30, SOCK_STREAM, 0",
    "21, 5, 0",
    "44, SOCK_RAW, 0",
  ),
  socketOf(
    "seldom used protocols",
    "Makes sockets of SCTP, DCCP and L2TP.",
    "AF_INET, SOCK_STREAM, 132",
    "AF_INET, 5, 0",
    "AF_INET, 6, 33",
    "AF_INET, SOCK_DGRAM, 115",
  ),
];
