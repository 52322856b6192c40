function __valuelog_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l answer (env _VALUELOG_COMPLETE=fish valuelog $words (commandline -ct) 2>/dev/null)
    if test "$answer[1]" = files
        __fish_complete_path (commandline -ct)
    else if set -q answer[2]
        printf '%s\n' $answer[2..-1]
    end
end
complete -c valuelog -f -a '(__valuelog_complete)'
