// Attempts to see what is not the sandbox's: the worker's environment and processes, namespaces that are shared, rights that are left.
import type { CheapAttempt } from "./attempt.ts";

/** Variables that a run has by the contract of core/sandbox.ts, those that shells set, and those that container runtimes do. */
const ownVariables = [
  ...["PATH", "HOME", "TMPDIR", "CI", "LANG", "TZ", "NO_COLOR"],
  ...["PWD", "OLDPWD", "SHLVL", "_"],
  ...["HOSTNAME", "container"],
];

function ownNamespace(kind: string, name: string): CheapAttempt {
  return {
    name: `sharing ${name} with the machine`,
    tries: `Compares its namespace of ${name} with the worker's.`,
    contained: "It is another one.",
    perl: `my $own = readlink '/proc/self/ns/${kind}';
contained('not to be told') unless defined $own && defined $namespace{'${kind}'};
escaped("both are $own") if $own eq $namespace{'${kind}'};
contained("it is $own");`,
  };
}

const environments: readonly CheapAttempt[] = [
  {
    name: "the worker's environment",
    tries: "Lists its own variables.",
    contained: "There are only those that every run has.",
    perl: `my %own = map { $_ => 1 } qw(${ownVariables.join(" ")});
my @others = sort grep { !$own{$_} } keys %ENV;
escaped("variables @others") if @others;
contained('only the sandbox\\'s own');`,
  },
  {
    name: "other processes' environments",
    tries: "Lists the variables in /proc/<process>/environ of every process, the launcher among them.",
    contained: "There are only those that every run has, or the file cannot be read.",
    perl: String.raw`my %own = map { $_ => 1 } qw(${ownVariables.join(" ")});
for my $process (processes()) {
  my $text = slurp("/proc/$process/environ"); next unless defined $text;
  my @others = grep { $_ ne '' && !$own{$_} } map { (split /=/, $_, 2)[0] } grep { /=/ } split /\0/, $text;
  escaped("process $process has @others") if @others;
}
contained('only the sandbox\'s own');`,
  },
  {
    name: "processes of the machine",
    tries: "Lists the processes that it sees.",
    contained: "They are the run's own: the launcher, the supervisor, this program.",
    perl: String.raw`my @all = processes();
escaped(scalar(@all) . ' processes are seen') if @all > 16;
contained(scalar(@all) . ' processes are seen');`,
  },
  {
    name: "the machine's name",
    tries: "Asks for the host's name.",
    contained: "It is the sandbox's.",
    perl: String.raw`my $name = slurp('/proc/sys/kernel/hostname'); chomp $name if defined $name;
escaped('it is the machine\'s') if defined $name && $name eq $lure{hostname};
contained('it is another');`,
  },
];

const rights: readonly CheapAttempt[] = [
  {
    name: "being root outside",
    tries: "Compares its user with the owner of /proc/sys, which is the machine's root.",
    contained: "It is somebody else.",
    perl: `my @settings = stat '/proc/sys/kernel/core_pattern' or contained('there are no settings');
escaped("files of the machine's root are its own") if $settings[4] == $>;
contained("it is user $>");`,
  },
  {
    name: "being root inside",
    tries: "Asks for its user and group, and to become user and group 0.",
    contained: "They are not 0, and stay.",
    perl: `escaped("user $>, group " . ($) + 0)) if $> == 0 || $) + 0 == 0;
$> = 0; $) = 0;
escaped('became root') if $> == 0 || $) + 0 == 0;
contained("user $>, group " . ($) + 0));`,
  },
  {
    name: "capabilities",
    tries: "Reads which capabilities it has, or could get.",
    contained: "None.",
    perl: String.raw`my $status = slurp('/proc/self/status'); die 'there is no status' unless defined $status;
for my $set ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb') {
  escaped("$set is $1") if $status =~ /^$set:\s*([0-9a-f]*[1-9a-f][0-9a-f]*)$/m;
}
contained('none');`,
  },
  {
    name: "rights from a setuid program",
    tries: "Asks whether it may gain rights from programs that give them.",
    contained: "It may not, for good.",
    perl: String.raw`my $status = slurp('/proc/self/status'); die 'there is no status' unless defined $status;
escaped('it may') unless $status =~ /^NoNewPrivs:\s*1$/m;
contained('it may not');`,
  },
  {
    name: "system calls without a filter",
    tries: "Asks whether its system calls are filtered.",
    contained: "They are.",
    perl: String.raw`my $status = slurp('/proc/self/status'); die 'there is no status' unless defined $status;
escaped('they are not') unless $status =~ /^Seccomp:\s*2$/m;
contained('they are');`,
  },
];

export const leakAttempts: readonly CheapAttempt[] = [
  ...environments,
  ownNamespace("pid", "processes"),
  ownNamespace("net", "the network"),
  ownNamespace("mnt", "mounts"),
  ownNamespace("ipc", "messages and shared memory"),
  ownNamespace("uts", "the name"),
  ...rights,
];
