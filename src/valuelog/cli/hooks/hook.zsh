# The valuelog login hook: prints at most one line, once. Starts no process and leaves nothing behind.
() {
  # In a string, so that zsh parses it without your aliases and with default options.
  \builtin 'emulate' 'zsh' '-o' 'no_aliases' '-c' '
    local _vl_status=$?
    () {
      local tab=$3 now line epoch due="" text="" last="" fd="" loaded=""

      # Only at a prompt: not in zsh -c, and not in a restricted shell, which cannot write files.
      [[ -o interactive && -z ${ZSH_EXECUTION_STRING-} && ! -o restricted ]] || return 0
      [[ -t 2 && -f $1 && -r $1 ]] || return 0
      # Prompt expansion gives the time without zsh/datetime, which would leave its parameters behind.
      now=${(%):-%D{%s}}

      # Find the line that is due. zsh reads $(<file) without a process.
      for line in ${(f)"$(<$1)"}; do
        [[ $line == [1-9]<->$tab* ]] || continue
        epoch=${line%%$tab*}
        (( ${#epoch} <= 12 )) || continue
        (( epoch <= now )) || break
        due=$epoch text=${line#*$tab}
      done
      # valuelog never writes longer lines.
      (( ${#text} <= 500 )) || return 0
      text=${text//[[:cntrl:]]/}
      [[ -n $text ]] || return 0

      # Stop if it was shown before, or if that cannot be recorded: otherwise every new shell would nag.
      if [[ -e $2 ]]; then
        [[ -f $2 && -r $2 && -w $2 ]] || return 0
        IFS= read -r last <$2 || :
        [[ $last != $due ]] || return 0
      else
        # Only the owner can read a new file. Reading the old mask from umask would take a process.
        zmodload -e zsh/system && loaded=1
        zmodload zsh/system && sysopen -w -o creat -m 600 -u fd -- $2 && exec {fd}>&-
        [[ -n $loaded ]] || zmodload -u zsh/system
      fi 2>/dev/null
      # Only the first line counts, so overwrite it in place: truncating the file first is slow on some disks.
      { print -r -- $due 1<>$2 } 2>/dev/null || return 0
      print -ru2 -- $text
    } "$@"
    # Under err_exit, returning the old failure would end the shell.
    [[ $4 == *e* ]] || return $_vl_status
  '
} @REMINDERS@ @LAST_REMINDED@ $'\t' "$-"
