function __valuelog_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l typed (commandline -ct)
    set -l answer (env _VALUELOG_COMPLETE=fish valuelog $words "$typed" 2>/dev/null)
    if test "$answer[1]" = files
        # Find files as fish does: after a quote too, and without an --option= in front.
        set -l option (string match -r -- '^--[^=]*=' "$typed")
        set -l files (complete -C "'' "(string replace -- "$option" '' "$typed"))
        set -q files[1]; and printf '%s\n' "$option"$files
    else if set -q answer[2]
        printf '%s\n' $answer[2..-1]
    end
end
complete -c valuelog -f -a '(__valuelog_complete)'
