# The valuelog login hook: prints at most one line, once. Starts no process and leaves nothing behind.
begin
    set -l _valuelog_status $status

    function _valuelog_remind --argument-names reminders state
        # Only at a prompt.
        status is-interactive; and test -t 2; and test -f $reminders; and test -r $reminders; or return
        # fish 3.6 can read the clock without a process, through `path mtime --relative`.
        string match -qr '^(3\.([6-9]|[1-9][0-9])|[4-9]|[1-9][0-9])' -- $version; or return
        set -l now (builtin math (builtin path mtime -- $reminders) + (builtin path mtime --relative -- $reminders))

        # Find the line that is due.
        set -l lines (string match -r --groups-only '^([1-9][0-9]{0,11})\t(.*)$' <$reminders)
        set -l due
        set -l text
        while set -q lines[2]; and test $lines[1] -le $now
            set due $lines[1]
            set text $lines[2]
            set -e lines[1..2]
        end
        # valuelog never writes longer lines.
        string match -qr '^.{1,500}$' -- $text; or return
        set text (string replace -ra '\p{Cc}' '' -- $text)
        test -n "$text"; or return

        # Stop if it was shown before, or if that can't be recorded: otherwise every new shell would nag.
        # Check first, because fish reports a failed redirection despite 2>/dev/null.
        set -l mask $umask
        if test -e $state
            test -f $state; and test -r $state; and test -w $state; or return
            read -l last <$state
            test "$last" != $due; or return
        else
            test -w (builtin path dirname -- $state); and not test -L $state; or return
            # Only the owner can read a new file.
            set -g umask 077
        end
        builtin printf '%s\n' $due >$state 2>/dev/null; or set text
        set -g umask $mask
        test -n "$text"; and builtin printf '%s\n' $text >&2
    end

    function _valuelog_end --argument-names last
        builtin functions -e _valuelog_remind _valuelog_end
        return $last
    end

    _valuelog_remind @REMINDERS@ @LAST_REMINDED@
    _valuelog_end $_valuelog_status
end
