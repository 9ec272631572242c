_topology() {
  local line files=
  local -a described before unfinished
  before=("${(@)words[2,CURRENT-1]}")
  while IFS= read -r line; do
    case $line in
      :*) files=$line ;;
      *:) unfinished+=("$line") ;;
      *$'\t'*) described+=("${line/$'\t'/:}") ;;
      *) described+=("${line//:/\\:}") ;;
    esac
  done < <(emulate sh; __topology_complete "$PREFIX" "${before[@]}")
  local ret=1
  (( ! $#described )) || _describe -t topology topology described && ret=0
  (( ! $#unfinished )) || compadd -S '' -a unfinished && ret=0
  case $files in
    :yaml) _files -g '*.(yaml|yml)' && ret=0 ;;
    :file) _files && ret=0 ;;
  esac
  return $ret
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _topology topology
