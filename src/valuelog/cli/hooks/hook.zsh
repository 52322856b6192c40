# valuelog at login: one line at most, once a day. Starts no process, leaves nothing behind.
() {
  # A string, because only then is it read without your aliases and with options that are known.
  \builtin 'emulate' 'zsh' '-o' 'no_aliases' '-c' '
    local _vl_status=$?
    () {
      local tab=$3 now line epoch due="" text="" last="" fd="" loaded=""

      # Only at a prompt: not in zsh -c, nor in a restricted shell, which may not write.
      [[ -o interactive && -z ${ZSH_EXECUTION_STRING-} && ! -o restricted ]] || return 0
      [[ -t 2 && -f $1 && -r $1 ]] || return 0
      # A prompt knows the time without zsh/datetime, which would leave its parameters behind.
      now=${(%):-%D{%s}}

      # Which line is due? $(<file) is read by zsh itself.
      for line in ${(f)"$(<$1)"}; do
        [[ $line == [1-9]<->$tab* ]] || continue
        epoch=${line%%$tab*}
        (( ${#epoch} <= 12 )) || continue
        (( epoch <= now )) || break
        due=$epoch text=${line#*$tab}
      done
      # A longer one is not ours.
      (( ${#text} <= 500 )) || return 0
      text=${text//[[:cntrl:]]/}
      [[ -n $text ]] || return 0

      # Was it said? If that cannot be remembered, silence: else every new shell would nag.
      if [[ -e $2 ]]; then
        [[ -f $2 && -r $2 && -w $2 ]] || return 0
        IFS= read -r last <$2 || :
        [[ $last != $due ]] || return 0
      else
        # A new file is for its owner alone. Asking umask for the old mask would take a process.
        zmodload -e zsh/system && loaded=1
        zmodload zsh/system && sysopen -w -o creat -m 600 -u fd -- $2 && exec {fd}>&-
        [[ -n $loaded ]] || zmodload -u zsh/system
      fi 2>/dev/null
      # The first line is what counts, so it is written over: emptying a file first takes a disk its time.
      { print -r -- $due 1<>$2 } 2>/dev/null || return 0
      print -ru2 -- $text
    } "$@"
    # Under err_exit handing an old failure on would end the shell.
    [[ $4 == *e* ]] || return $_vl_status
  '
} @REMINDERS@ @SAID@ $'\t' "$-"
