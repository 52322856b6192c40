# valuelog at login: one line at most, once a day. Starts no process, leaves nothing behind.
begin
    set -l _valuelog_status $status

    function _valuelog_say --argument-names reminders said
        # Only at a prompt.
        status is-interactive; and test -t 2; and test -f $reminders; and test -r $reminders; or return
        # The clock that needs no process is `path mtime --relative`, from fish 3.6 on.
        string match -qr '^(3\.([6-9]|[1-9][0-9])|[4-9]|[1-9][0-9])' -- $version; or return
        set -l now (builtin math (builtin path mtime -- $reminders) + (builtin path mtime --relative -- $reminders))

        # Which line is due?
        set -l lines (string match -r --groups-only '^([1-9][0-9]{0,11})\t(.*)$' <$reminders)
        set -l due
        set -l text
        while set -q lines[2]; and test $lines[1] -le $now
            set due $lines[1]
            set text $lines[2]
            set -e lines[1..2]
        end
        # A longer one is not ours.
        string match -qr '^.{1,500}$' -- $text; or return
        set text (string replace -ra '\p{Cc}' '' -- $text)
        test -n "$text"; or return

        # Was it said? If that cannot be remembered, silence: else every new shell would nag.
        # Asked beforehand, because fish talks about a redirection that fails, whatever 2>/dev/null says.
        set -l mask $umask
        if test -e $said
            test -f $said; and test -r $said; and test -w $said; or return
            read -l last <$said
            test "$last" != $due; or return
        else
            test -w (builtin path dirname -- $said); and not test -L $said; or return
            # A new file is for its owner alone.
            set -g umask 077
        end
        builtin printf '%s\n' $due >$said 2>/dev/null; or set text
        set -g umask $mask
        test -n "$text"; and builtin printf '%s\n' $text >&2
    end

    function _valuelog_end --argument-names last
        builtin functions -e _valuelog_say _valuelog_end
        return $last
    end

    _valuelog_say @REMINDERS@ @SAID@
    _valuelog_end $_valuelog_status
end
