# What can stand next on a command line of topology, a line each, a tab and what it means behind it. ":yaml" stands for
# topology files, ":file" for any; a word that ends with ":" goes on. For every shell: bash and zsh run it themselves, fish has sh do it.
# Arguments: the word so far, then the words before it, without the program.
__topology_complete() {
  local current=$1 command= arguments=0 words= instance= files= restored= kind word
  shift
  while [ $# -gt 0 ]; do
    word=$1
    shift
    case $words$word in
      --) words=only ;;
      --instance=*) instance=${word#*=} ;;
      --restore) restored=yes ;;
      --*=*) ;;
      -?*)
        kind=$(__topology_kind "$command" "$word")
        [ -n "$kind" ] || continue
        if [ $# = 0 ]; then
          __topology_candidates "$kind" "$instance"
          return
        fi
        case $word in -i | --instance) instance=$1 ;; esac
        shift
        ;;
      *)
        if [ $arguments = 0 ] && __topology_is_command "$command $word"; then
          command="$command $word"
        else
          arguments=$((arguments + 1))
          [ ! -f "$word" ] || files=$word
        fi
        ;;
    esac
  done
  case $words$current in
    --*=*)
      __topology_candidates "$(__topology_kind "$command" "${current%%=*}")" "$instance" |
        while IFS= read -r word; do
          case $word in
            :*) echo "$word" ;;
            *) echo "${current%%=*}=$word" ;;
          esac
        done
      ;;
    -*) __topology_options "$command" ;;
    *)
      [ $arguments != 0 ] || __topology_commands "$command"
      kind=$(__topology_kind "$command" $arguments)
      [ "$restored$kind" != yes:yaml ] || kind=checkpoint
      __topology_candidates "$kind" "$instance"
      ;;
  esac
}

# __topology_candidates KIND INSTANCE, for the word $current of the caller
__topology_candidates() {
  local word
  case $1 in
    node | cable) __topology_running "$1" "$2" ;;
    test) __topology_tests ;;
    copied)
      # A path in a node is not completed: files of the host would come up.
      case $current in *:*) return ;; esac
      __topology_running node "$2" | while IFS= read -r word; do echo "$word:"; done
      echo :file
      ;;
    topology)
      __topology_running topology
      echo :yaml
      ;;
    image) __topology_cached 'images*' kernel ;;
    checkpoint)
      case $current in
        */*) echo :file ;;
        *) __topology_cached checkpoints checkpoint.json ;;
      esac
      ;;
    :*) echo "$1" ;;
    =*) for word in ${1#=}; do echo "$word"; done ;;
  esac
}

# __topology_cached DIRECTORIES FILE: the names of the directories in them that have that file.
__topology_cached() {
  local cache
  case ${XDG_CACHE_HOME-} in /*) cache=$XDG_CACHE_HOME ;; *) cache=${HOME-}/.cache ;; esac
  for cache in "$cache"/topology/$1/*/"$2"; do
    [ ! -f "$cache" ] || __topology_name "${cache%/*}"
  done
}

# __topology_running node|cable|topology [INSTANCE]: their names, from the run directories.
__topology_running() {
  local directory=${TMPDIR:-/tmp} names kind name
  case $directory in /*) ;; *) directory=/tmp ;; esac
  case ${XDG_RUNTIME_DIR-} in
    /*) directory=$XDG_RUNTIME_DIR/topology ;;
    *) directory=$directory/topology-$(id -u) ;;
  esac
  for names in "$directory"/${2:-*}/names; do
    [ -r "$names" ] || continue
    while read -r kind name; do
      case $kind in
        process)
          [ -d "/proc/$name" ] || break
          [ "$1" != topology ] || __topology_name "${names%/names}"
          ;;
        "$1") echo "$name" ;;
      esac
    done <"$names"
  done
}

# The names of the tests in $files, the last file that the caller has seen, as they are usually written.
__topology_tests() {
  [ -n "$files" ] || return 0
  sed -n '/^tests:/,/^[^ #-]/s/^ *-  *{\{0,1\}name:  *\(.*[^ ]\) *$/\1/p' "$files" |
    sed "s/^'\([^']*\)'.*/\1/; s/^\"\([^\"]*\)\".*/\1/; s/, steps:.*//; s/ #.*//"
}

__topology_name() {
  echo "${1##*/}"
}
