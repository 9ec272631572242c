_topology() {
  local current line glued= part before IFS=$'\n'
  local -a words=()
  # bash cuts words at ":" and "=", which stand in names of cables and in options.
  for part in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ ${#words[@]} -gt 0 && ( -n $glued || $part =~ ^[:=]+$ ) ]]; then
      words[${#words[@]} - 1]+=$part
      [[ $part =~ ^[:=]+$ ]] && glued=yes || glued=
    else
      words+=("$part")
    fi
  done
  current=${words[${#words[@]} - 1]-}
  [[ ${#words[@]} -eq 0 ]] || unset "words[${#words[@]} - 1]"
  before=${current%"${current##*[:=]}"}
  COMPREPLY=()
  while read -r line; do
    case $line in
      :*)
        # It would put a backslash before the ":" of a node.
        [[ ${COMPREPLY[*]-} == *: ]] || compopt -o filenames
        part='!*.y*ml'
        [[ $line != :file ]] || part=
        COMPREPLY+=($(compgen -f -X "$part" -- "${current#"$before"}") $(compgen -d -- "${current#"$before"}"))
        ;;
      *)
        line=${line%%$'\t'*}
        [[ $line != "$current"*: ]] || compopt -o nospace
        [[ $line != "$current"* ]] || COMPREPLY+=("${line#"$before"}")
        ;;
    esac
  done < <(unset IFS; __topology_complete "$current" "${words[@]}")
}
complete -F _topology topology
