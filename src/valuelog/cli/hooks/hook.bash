# valuelog at login: one line at most, once a day. Starts no process, leaves nothing behind.
_valuelog_status=$?
_valuelog_hook() {
  \builtin local _vl_status _vl_reminders _vl_said _vl_now _vl_epoch _vl_text _vl_due _vl_message _vl_last _vl_mask
  _vl_status=$_valuelog_status _vl_reminders=@REMINDERS@ _vl_said=@SAID@ _vl_message='' _vl_last='' _vl_mask=''
  \builtin unset _valuelog_status
  \builtin unset -f _valuelog_hook
  # Under "set -e" handing an old failure on would end the shell.
  [[ $- != *e* ]] || _vl_status=0

  # Only at a prompt: not in bash -c, nor in a restricted shell, which may not write.
  [[ $- == *i* && $- != *r* && -z ${BASH_EXECUTION_STRING-} ]] || \builtin return "$_vl_status"
  [[ -t 2 && -f $_vl_reminders && -r $_vl_reminders ]] || \builtin return "$_vl_status"
  # The clock that needs no process came with bash 4.2 (macOS still ships 3.2).
  (( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402 )) || \builtin return "$_vl_status"
  \builtin printf -v _vl_now '%(%s)T' -1

  # Which line is due? Digits are spelled out, because a range would follow the locale; -le runs what is no number.
  while IFS=$'\t' \builtin read -r _vl_epoch _vl_text || [[ -n $_vl_epoch ]]; do
    [[ $_vl_epoch == [123456789]* && $_vl_epoch != *[!0123456789]* && ${#_vl_epoch} -le 12 ]] || continue
    [[ $_vl_epoch -le $_vl_now ]] || break
    _vl_due=$_vl_epoch _vl_message=$_vl_text
  done <"$_vl_reminders"
  # A longer one is not ours.
  [[ ${#_vl_message} -le 500 ]] || \builtin return "$_vl_status"
  _vl_message=${_vl_message//[[:cntrl:]]/}
  [[ -n $_vl_message ]] || \builtin return "$_vl_status"

  # Was it said? If that cannot be remembered, silence: else every new shell would nag.
  if [[ -e $_vl_said ]]; then
    [[ -f $_vl_said && -r $_vl_said && -w $_vl_said ]] || \builtin return "$_vl_status"
    IFS= \builtin read -r _vl_last <"$_vl_said"
    [[ $_vl_last != "$_vl_due" ]] || \builtin return "$_vl_status"
  elif [[ -r /proc/self/status ]]; then
    # A new file is for its owner alone. Asking umask for the old mask would take a process; Linux has it here.
    while IFS=$' \t' \builtin read -r _vl_text _vl_mask; do
      [[ $_vl_text != Umask: ]] || break
    done </proc/self/status
    [[ -z $_vl_mask ]] || \builtin umask 077
  fi
  # The first line is what counts, so it is written over: emptying a file first takes a disk its time.
  { \builtin printf '%s\n' "$_vl_due" 1<>"$_vl_said"; } 2>/dev/null || _vl_message=''
  [[ -z $_vl_mask ]] || \builtin umask "$_vl_mask"
  [[ -z $_vl_message ]] || \builtin printf '%s\n' "$_vl_message" >&2
  \builtin return "$_vl_status"
}
# As part of a list, because "set -e" looks away there.
_valuelog_hook && :
