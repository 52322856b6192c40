_valuelog() {
    local line what=
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ -z $what ]]; then what=$line; else COMPREPLY+=("$line"); fi
    done < <(_VALUELOG_COMPLETE=bash command valuelog "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    # A menu inserts what it shows, so show only the words.
    if [[ $COMP_TYPE == 37 || $COMP_TYPE == 42 ]]; then COMPREPLY=("${COMPREPLY[@]%%  *}"); fi
    if [[ $what == files ]]; then compopt -o default 2>/dev/null; fi
}
complete -F _valuelog valuelog
