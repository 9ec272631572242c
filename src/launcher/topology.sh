#!/bin/sh
# topology: one YAML file into a running network of microVMs, and back into nothing.
#
# This file is a shell script with a Java archive behind it. The script finds a Java, picks the
# options that make it start fast, and gives way to it. What it reads of the environment:
#   TOPOLOGY_JAVA    the java to run, instead of the one of JAVA_HOME or on the PATH
#   XDG_CACHE_HOME   where its copy and its class-data archive go (else ~/.cache)

oldest=17

# The version of "$java", without running it where it lies in its home as usual.
java_version() {
  program=$java
  [ -L "$program" ] && program=$(readlink -f "$program" 2>/dev/null || echo "$program")
  version=
  home=${program%/bin/java}
  if [ -r "$home/release" ]; then
    while IFS='=' read -r key value; do
      [ "$key" = JAVA_VERSION ] && version=$value && break
    done <"$home/release"
  else
    version=$("$program" -version 2>&1 | sed -n 's/^.* version \("[^"]*"\).*/\1/p')
  fi
  version=${version#\"}
  version=${version%\"}
}

# Whether "$1" is a Java that will do; says in $unfit why not.
fits() {
  java=$(command -v "$1" 2>/dev/null) || { unfit="$unfit
  $1 is not there"; return 1; }
  java_version
  major=${version%%[!0-9]*}
  [ "${major:-0}" -ge "$oldest" ] && return
  unfit="$unfit
  $java is ${version:-not a Java}"
  return 1
}

find_java() {
  unfit=
  if [ -n "${TOPOLOGY_JAVA:-}" ]; then
    fits "$TOPOLOGY_JAVA" && return
  else
    [ -n "${JAVA_HOME:-}" ] && fits "$JAVA_HOME/bin/java" && return
    fits java && return
  fi
  printf 'topology: cannot start: it needs Java %s or later%s\n' "$oldest" "$unfit" >&2
  printf '  install one (Debian, Ubuntu: apt-get install default-jre-headless),\n' >&2
  printf '  or say where it is: TOPOLOGY_JAVA=/path/to/bin/java\n' >&2
  exit 3
}

# Modification time and size of each file that is there, as "TIME-SIZE TIME-SIZE".
stamps() {
  # GNU and busybox have -c, BSD and macOS have -f, which GNU takes for something else.
  found=$(stat -L -c %Y-%s "$@" 2>/dev/null)
  [ -n "$found" ] || found=$(stat -L -f %m-%z "$@" 2>/dev/null)
  echo $found
}

# Where the copy of this very file, and its class-data archive for this very java, belong; empty if
# nowhere. The way to them repeats the way to this file, so that those of files that are gone can be
# told. (Java 17 takes no class from the archive of a file with a space in its path: slower, not
# wrong.)
find_place() {
  place=
  case ${XDG_CACHE_HOME:-} in
  /*) archives=$XDG_CACHE_HOME/topology/classes ;;
  *) [ -n "${HOME:-}" ] || return; archives=$HOME/.cache/topology/classes ;;
  esac
  found=$(stamps "$self" "$program")
  itself=${found%% *}
  [ -n "${found#* }" ] || return
  place=$archives$self/$itself
  kind=$place/java-$version-${found#* }
}

# Java reads its classes when they are first needed, from a file that has to stay as it is for as
# long as a topology runs; this one may be written over by a new build. So it runs from a copy.
# An archive has its own time and size in its name: a JVM that is given half of one may crash.
find_copy() {
  self_or_copy=$self archive=
  find_place
  [ -n "$place" ] || return
  copy=$place/topology.jar
  set -- "$kind"@*.jsa
  found=$(stamps "$copy" "$1")
  [ "${found%% *}" = "$itself" ] || {
    make_copy || return
    found=$(stamps "$copy" "$1")
  }
  self_or_copy=$copy
  [ "$kind@${found#* }.jsa" = "$1" ] && archive=$1
}

make_copy() {
  part=$place/$$.part
  (
    umask 077
    mkdir -p "$place" && cp -p "$self" "$part" && [ "$(stamps "$part")" = "$itself" ] &&
      mv -f "$part" "$copy" || { rm -f "$part"; exit 1; }
  ) 2>/dev/null
}

# Makes the archive, from a run of common commands. It appears whole or not at all. (The AOT cache of
# Java 25 is no faster: validate took 198 ms of processor time with it, and 181 with this; ps 118, 96.)
make_archive() {
  umask 077
  # $$ is still the process that went on to run java; the child of this one knows this one.
  maker=$(exec sh -c 'echo $PPID')
  # One maker is enough. A lock whose holder is gone was left by a crash; the next run finds it
  # removed.
  if ! (set -C; echo "$maker" >"$place/lock"); then
    kill -0 "$(cat "$place/lock")" || rm -f "$place/lock" "$place"/*.part
    exit
  fi
  part=$place/$maker.part
  trap 'rm -f "$place/lock" "$part"' EXIT
  # A terminal that is closed ends the maker; nothing of it shall stay.
  trap 'exit 1' HUP TERM
  rm -f "$kind"@*.jsa
  nice -n 5 "$java" $options -XX:ArchiveClassesAtExit="$part" \
    -cp "$copy" dev.topology.cli.ArchiveTraining && mv -f "$part" "$kind@$(stamps "$part").jsa" || exit
  # Of copies that were being made when something was killed.
  rm -f "$place"/*.part
  remove_stale_archives
}

# What belongs to other builds of this file, and to files that are gone.
remove_stale_archives() {
  for build in "$archives$self"/*/; do
    [ "$build" = "$place/" ] || rm -rf "$build"
  done
  find "$archives" -name topology.jar | while IFS= read -r found; do
    build=${found%/*}
    owner=${build%/*}
    [ -e "${owner#"$archives"}" ] || rm -rf "$build"
  done
}

# A JVM that cannot begin says so at length, and with a status that means something else here.
# Fewer than these it cannot begin with: processes (each thread counts), files, KiB of addresses.
require() {
  [ "$1" = unlimited ] || [ "${1:-$2}" -ge "$2" ] && return
  printf 'topology: cannot start: no more than %s %s are allowed\n  allow more: ulimit %s\n' \
    "$1" "$3" "$4" >&2
  exit 3
}

case $0 in
/*) self=$0 ;;
*) self=$PWD/$0 ;;
esac

require "$(ulimit -n)" 16 'open files' '-n 1024'
# dash has -p for what bash calls -u; root has no such limit.
[ -w /proc/1/mem ] || require "$({ ulimit -u || ulimit -p; } 2>/dev/null)" 18 processes '-u 1000'
require "$(ulimit -v)" 2500000 'KiB of address space' '-v unlimited'
find_java
# The first tier of the compiler and the serial collector start fastest and take the least memory.
# The young generation is as large as a short command fills, and no larger; the old one has a quarter
# to spare, which takes a sixth off the memory of a plan of 10,000 nodes. No performance
# counters: a file in /tmp for each run, and a crash where the disk is full. No log: a JVM that does
# not like its archive goes on without, and that is nobody's concern. Reflection stays interpreted:
# generated accessors pay off in no run this short. picocli need not know how to read the types of
# the JDK: those that we take from arguments we read ourselves.
options='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xms38m -Xmx512m -XX:NewSize=26m
  -XX:MinHeapFreeRatio=25 -XX:-UsePerfData -Xshare:auto -Xlog:disable
  -Dsun.reflect.inflationThreshold=2147483647 -Djdk.reflect.useNativeAccessorOnly=true
  -Dpicocli.converters.excludes=java.+'
# jffi loads native code and uses sun.misc.Unsafe, and Java warns of both from 24 on. (The manifest
# allows the first, but only to "java -jar", which the process behind "up --detach" is not.)
[ "$major" -ge 24 ] &&
  options="$options --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"

# A JVM takes file names for UTF-8 only under a locale that says so and is installed; C.UTF-8 always
# is. Under C the program is told, for then it prints no signs that are not ASCII.
locale=${LC_ALL:-${LC_CTYPE:-${LANG:-C}}}
case $locale in
C | POSIX) options="$options -Dtopology.locale=$locale"; LC_ALL=C.UTF-8; export LC_ALL ;;
*.[Uu][Tt][Ff]-8 | *.[Uu][Tt][Ff]8) LC_ALL=C.UTF-8; export LC_ALL ;;
esac

find_copy
if [ -n "$archive" ]; then
  options="$options -XX:SharedArchiveFile"
  exec "$java" $options="$archive" -jar "$copy" "$@"
fi
if [ "$self_or_copy" != "$self" ]; then
  # Twice in the background, so that it is no child of the java that takes this process over; and
  # holding none of its streams, so that nobody waits for it.
  (make_archive &) </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
fi
exec "$java" $options -jar "$self_or_copy" "$@"
