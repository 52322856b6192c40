# The valuelog login hook: prints at most one line, once. Starts no process and leaves nothing behind.
_valuelog_status=$?
_valuelog_hook() {
  \builtin local _vl_status _vl_reminders _vl_state _vl_now _vl_epoch _vl_text _vl_due _vl_message _vl_last _vl_mask
  _vl_status=$_valuelog_status _vl_reminders=@REMINDERS@ _vl_state=@LAST_REMINDED@ _vl_message='' _vl_last='' _vl_mask=''
  \builtin unset _valuelog_status
  \builtin unset -f _valuelog_hook
  # Under "set -e", returning the old failure would end the shell.
  [[ $- != *e* ]] || _vl_status=0

  # Only at a prompt: not in bash -c, and not in a restricted shell, which can't write files.
  [[ $- == *i* && $- != *r* && -z ${BASH_EXECUTION_STRING-} ]] || \builtin return "$_vl_status"
  [[ -t 2 && -f $_vl_reminders && -r $_vl_reminders ]] || \builtin return "$_vl_status"
  # bash 4.2 can read the clock without a process (macOS still ships 3.2).
  (( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402 )) || \builtin return "$_vl_status"
  \builtin printf -v _vl_now '%(%s)T' -1

  # Find the line that is due. Digits are spelled out, because a range depends on the locale; -le would evaluate
  # anything that is no number as an expression.
  while IFS=$'\t' \builtin read -r _vl_epoch _vl_text || [[ -n $_vl_epoch ]]; do
    [[ $_vl_epoch == [123456789]* && $_vl_epoch != *[!0123456789]* && ${#_vl_epoch} -le 12 ]] || continue
    [[ $_vl_epoch -le $_vl_now ]] || break
    _vl_due=$_vl_epoch _vl_message=$_vl_text
  done <"$_vl_reminders"
  # valuelog never writes longer lines.
  [[ ${#_vl_message} -le 500 ]] || \builtin return "$_vl_status"
  _vl_message=${_vl_message//[[:cntrl:]]/}
  [[ -n $_vl_message ]] || \builtin return "$_vl_status"

  # Stop if it was shown before, or if that can't be recorded: otherwise every new shell would nag.
  if [[ -e $_vl_state ]]; then
    [[ -f $_vl_state && -r $_vl_state && -w $_vl_state ]] || \builtin return "$_vl_status"
    IFS= \builtin read -r _vl_last <"$_vl_state"
    [[ $_vl_last != "$_vl_due" ]] || \builtin return "$_vl_status"
  elif [[ -r /proc/self/status ]]; then
    # Only the owner can read a new file. Reading the old mask from umask takes a process; Linux has it in /proc.
    while IFS=$' \t' \builtin read -r _vl_text _vl_mask; do
      [[ $_vl_text != Umask: ]] || break
    done </proc/self/status
    [[ -z $_vl_mask ]] || \builtin umask 077
  fi
  # Only the first line counts, so overwrite it in place: truncating the file first is slow on some disks.
  { \builtin printf '%s\n' "$_vl_due" 1<>"$_vl_state"; } 2>/dev/null || _vl_message=''
  [[ -z $_vl_mask ]] || \builtin umask "$_vl_mask"
  [[ -z $_vl_message ]] || \builtin printf '%s\n' "$_vl_message" >&2
  \builtin return "$_vl_status"
}
# In a list, because "set -e" ignores failures there.
_valuelog_hook && :
