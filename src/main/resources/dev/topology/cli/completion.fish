function __topology_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (sh -c $__topology_script'__topology_complete "$@"' sh $current $words[2..-1])
        switch $line
            case ':yaml'
                __fish_complete_path $current | string match -er '^[^\t]*(/|\.ya?ml)(\t|$)'
            case ':file'
                __fish_complete_path $current
            case '*'
                echo $line
        end
    end
end
complete -c topology -f -a '(__topology_complete)'
