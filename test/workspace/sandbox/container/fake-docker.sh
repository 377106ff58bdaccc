#!/bin/sh
# Stands in for docker: keeps a list of what it was asked, and "containers" that are sessions of processes with folders of their own. No wall is real.
here=$(dirname "$0")
state=$here/state
verb=$1
printf '%s\n' "$verb ${2-}" >>"$state/calls"

# Ends all processes of a session, those among it that start meanwhile.
end_session() {
  again=yes
  while [ -n "$again" ]; do
    again=
    for stat in /proc/[0-9]*/stat; do
      read -r pid _ status _ _ session _ 2>/dev/null <"$stat" || continue
      [ "$session" = "$1" ] && [ "$status" != Z ] && kill -9 "$pid" 2>/dev/null && again=yes
    done
  done
}

case $verb in
info)
  [ -f "$state/info" ] || { echo "Cannot connect to the Docker daemon." >&2; exit 1; }
  cat "$state/info"
  ;;
image)
  [ -f "$state/image" ] || { echo "Error: No such image: x" >&2; exit 1; }
  ;;
rm)
  name=$3
  [ -f "$state/stuck" ] && { echo "Error: device is busy" >&2; exit 1; }
  [ -f "$state/run/$name" ] || { echo "Error response from daemon: No such container: $name" >&2; exit 1; }
  end_session "$(cat "$state/run/$name")"
  rm "$state/run/$name"
  ;;
run)
  [ -f "$state/refuse" ] && { echo "docker: Error response from daemon: no space left on device." >&2; exit 125; }
  for word; do
    case $word in --name=*) name=${word#--name=} ;; esac
  done
  while [ "$1" != "--entrypoint=/bin/sh" ]; do shift; done
  shift 3
  root=$state/root-$name
  mkdir -p "$root/project" "$root/reports" "$root/frames" "$root/tmp"
  script=$(printf '%s' "$1" | sed -e "s#/sys/fs/cgroup#$state/cgroup#g" -e "s#'/tmp#'$root/tmp#g" \
    -e "s#'/\(project\|reports\)#'$root/\1#g" -e "s#/frames/#$root/frames/#g")
  shift
  exec 4<&0
  setsid sh -c "$script" "$@" <&4 4<&- &
  echo $! >"$state/run/$name"
  exec 4<&-
  wait $!
  code=$?
  [ -f "$state/run/$name" ] && end_session "$(cat "$state/run/$name")"
  rm -rf "$state/run/$name" "$root"
  exit $code
  ;;
esac
