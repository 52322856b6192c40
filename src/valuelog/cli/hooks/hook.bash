# valuelog at login: one line at most, once a day. Starts no process, leaves nothing behind.
_valuelog_status=$?

_valuelog_say() {
  \builtin local _vl_reminders _vl_said _vl_lines _vl_line _vl_epoch _vl_now _vl_due _vl_text _vl_last _vl_mask
  _vl_reminders=@REMINDERS@ _vl_said=@SAID@ _vl_text='' _vl_last='' _vl_mask=''

  # Only at a prompt: not in bash -c, nor in a restricted shell, which may not write.
  [[ $- == *i* && $- != *r* && -z ${BASH_EXECUTION_STRING-} ]] || \builtin return 0
  [[ -t 2 && -f $_vl_reminders && -r $_vl_reminders ]] || \builtin return 0
  # The clock that needs no process came with bash 4.2 (macOS still ships 3.2).
  (( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402 )) || \builtin return 0
  \builtin printf -v _vl_now '%(%s)T' -1

  # Which line is due? One that is longer is not ours, and bash would take its time over it.
  # Digits are spelled out, because a range follows the locale, and (( )) runs what it is given.
  \builtin mapfile -t -n 1000 _vl_lines <"$_vl_reminders" || \builtin return 0
  for _vl_line in "${_vl_lines[@]+"${_vl_lines[@]}"}"; do
    (( ${#_vl_line} <= 512 )) || continue
    _vl_epoch=${_vl_line%%$'\t'*}
    case $_vl_epoch in '' | 0* | *[!0123456789]* | ?????????????* | "$_vl_line") continue ;; esac
    (( _vl_epoch <= _vl_now )) || break
    _vl_due=$_vl_epoch _vl_text=${_vl_line#*$'\t'}
  done
  _vl_text=${_vl_text//[[:cntrl:]]/}
  [[ -n $_vl_text ]] || \builtin return 0

  # Was it said? If that cannot be remembered, silence: else every new shell would nag.
  if [[ -e $_vl_said ]]; then
    [[ -f $_vl_said && -r $_vl_said && -w $_vl_said ]] || \builtin return 0
    IFS= \builtin read -r _vl_last <"$_vl_said"
    [[ $_vl_last != "$_vl_due" ]] || \builtin return 0
  elif [[ -r /proc/self/status ]]; then
    # A new file is for its owner alone. Asking umask for the old mask would take a process; Linux has it here.
    while IFS=$' \t' \builtin read -r _vl_line _vl_mask; do
      [[ $_vl_line != Umask: ]] || break
    done </proc/self/status
    [[ -z $_vl_mask ]] || \builtin umask 077
  fi
  { \builtin printf '%s\n' "$_vl_due" >|"$_vl_said"; } 2>/dev/null || _vl_text=''
  [[ -z $_vl_mask ]] || \builtin umask "$_vl_mask"
  [[ -z $_vl_text ]] || \builtin printf '%s\n' "$_vl_text" >&2
}

_valuelog_end() {
  \builtin set -- "$_valuelog_status"
  \builtin unset _valuelog_status
  \builtin unset -f _valuelog_say _valuelog_end
  # Under "set -e" handing an old failure on would end the shell.
  case $- in *e*) \builtin return 0 ;; esac
  \builtin return "$1"
}

_valuelog_say || :
_valuelog_end
