#compdef valuelog
_valuelog() {
    local -a answer
    answer=("${(@f)$(_VALUELOG_COMPLETE=zsh command valuelog "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ $PREFIX == --*=* ]]; then compset -P '*='; fi
    if [[ $answer[1] == files ]]; then
        _files
    elif (( $#answer > 1 )); then
        shift answer
        _describe valuelog answer
    fi
}
if [[ $funcstack[1] == _valuelog ]]; then _valuelog "$@"; else compdef _valuelog valuelog; fi
