// The Perl that the cheap attempts are written in: words for what was found, and a main part that gives each its own process and fifteen seconds.
import { numberOf, type Architecture } from "../seccomp/numbers.ts";
import { policy } from "../seccomp/policy.ts";
import type { CheapAttempt, Lures } from "./attempt.ts";

/** One program for all; `architecture` is that of the processor, for the numbers of system calls. */
export function perlProgram(
  attempts: readonly CheapAttempt[],
  lures: Lures,
  architecture: Architecture,
): string {
  const numbers = [...new Set(policy.flatMap(({ calls }) => calls))].flatMap((call) => {
    const number = numberOf(call, architecture);
    return number === null ? [] : [`${word(call)}=>${number}`];
  });
  const bodies = attempts.map(({ perl }) => `sub {\n${perl}\n},`);
  return [
    words,
    `%number = (${numbers.join(",")});`,
    `$architecture = ${word(architecture)};`,
    `%lure = (${luresInPerl(lures).join(",")});`,
    `%namespace = (${pairs(lures.namespaces)});`,
    `%identity = (${pairs(lures.identities)});`,
    `@attempts = (\n${bodies.join("\n")}\n);`,
    main,
  ].join("\n");
}

function luresInPerl(lures: Lures): string[] {
  return [
    `token=>${word(lures.token)}`,
    `port4=>${lures.port4}`,
    `port6=>${lures.port6 ?? 0}`,
    `abstract=>${word(lures.abstractName)}`,
    `socket=>${word(lures.socketPath)}`,
    `file=>${word(lures.filePath)}`,
    `hostname=>${word(lures.hostname)}`,
  ];
}

function pairs(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${word(name)}=>${word(value)}`)
    .join(",");
}

function word(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** `escaped` and `contained` end the attempt. One that comes to neither could not be tried. */
const words = String.raw`
use Socket; use Fcntl; use Errno qw(EPERM EACCES ENOSYS EAFNOSUPPORT EINPROGRESS);
use vars qw(%number %lure %namespace %identity @attempts $architecture $out);
$| = 1;
sub tell_and_end { my ($kind, $text) = @_; $text =~ s/[^ -~]+/ /g; syswrite($out, $kind . substr($text, 0, 200)); kill 9, $$; }
sub contained { tell_and_end('c', $_[0]) }
sub escaped { tell_and_end('e', $_[0]) }
sub slurp { my ($path) = @_; open(my $file, '<', $path) or return undefined(); local $/; my $text = <$file>; return defined $text ? $text : '' }
sub undefined { return undef }
# Perl lets the kernel write to what is passed as text, and so takes no constants: these are copies.
sub call { my ($number, @values) = @_; $! = 0; return syscall($number, map { /^-?[0-9]+$/ ? $_ + 0 : $_ } @values) }
# A call of the kernel that must be refused before its arguments are looked at.
sub refused { my ($call, @values) = @_;
  my $number = $call =~ /^[0-9]+$/ ? $call + 0 : $number{$call};
  contained("there is no such call on $architecture") unless defined $number;
  my $answer = call($number, @values);
  escaped("$call answered $answer") if $answer != -1;
  return if grep { $! == $_ } EPERM, EACCES, ENOSYS, EAFNOSUPPORT;
  escaped("$call went on to its arguments: $!");
}
sub all_refused { contained('refused: ' . ($! + 0 ? "$!" : 'all')) }
sub no_socket { my ($family, $kind, $protocol) = @_;
  escaped("a socket of family $family, kind $kind was made") if socket(my $socket, $family, $kind, $protocol);
}
sub cannot_open { my ($flags, @paths) = @_;
  for my $path (@paths) { escaped("$path was opened") if sysopen(my $file, $path, $flags | O_NONBLOCK | O_NOCTTY) }
  contained("refused: $!");
}
sub cannot_create { for my $folder (@_) {
    my $path = "$folder/errand-probe-$$";
    if (sysopen(my $file, $path, O_WRONLY | O_CREAT | O_EXCL)) { unlink $path; escaped("a file was made in $folder") }
  }
  contained("refused: $!");
}
sub not_the_machines { for my $path (@_) {
    next unless defined $identity{$path};
    my @found = stat $path or next;
    escaped("$path is the machine's own") if "$found[0]:$found[1]" eq $identity{$path};
  }
  contained('not there, or not the machine\'s');
}
# Connects within a second; only a refusal that comes at once says that there is no way.
sub cannot_connect { my ($family, $kind, $address) = @_;
  socket(my $socket, $family, $kind, 0) or return;
  fcntl($socket, F_SETFL, O_NONBLOCK);
  if (!connect($socket, $address)) {
    return if $! != EINPROGRESS;
    my $ready = ''; vec($ready, fileno $socket, 1) = 1;
    escaped('a packet went somewhere') unless select(undef, $ready, undef, 1);
    my $error = unpack('i', getsockopt($socket, SOL_SOCKET, SO_ERROR));
    if ($error) { $! = $error; return }
  }
  escaped('connected');
}
sub processes { opendir(my $folder, '/proc') or return (); return grep { /^[0-9]+$/ } readdir $folder }
`;

const main = String.raw`
for my $index (0 .. $#attempts) {
  pipe(my $in, $out);
  my $child = fork;
  if (!defined $child) { print "#$index u could not start a process: $!\n"; next }
  if ($child == 0) { close $in; alarm 15; eval { $attempts[$index]->() }; tell_and_end('u', $@ || 'it came to no end') }
  close $out;
  my $text = ''; sysread($in, $text, 300);
  waitpid $child, 0;
  my $signal = $? & 127;
  if ($text eq '') { $text = $signal == 31 ? 'cended by the filter' : "uended by signal $signal" }
  print "#$index ", substr($text, 0, 1), ' ', substr($text, 1), "\n";
}
print "#end\n";
`;
