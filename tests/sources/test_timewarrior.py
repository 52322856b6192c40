"""The Timewarrior source, with recorded output, and with the real timew if installed."""

import os
from datetime import date
from pathlib import Path

import pytest

from support.fake_programs import install_fake_program, script_printing
from support.git_repositories import make_span
from support.requirements import requires_program
from valuelog.model.draft import Draft
from valuelog.sources import Source, SourceFailed, Span
from valuelog.sources.timewarrior import SOURCE, TimewarriorSource

_TIMEWARRIOR: Source = SOURCE
SAID = """[
{"id":3,"start":"20260302T080000Z","end":"20260302T093000Z","tags":["billing","on call","review"],\
"annotation":"Wrote \\"runbook\\" for refunds"},
{"id":2,"start":"20260302T100000Z","end":"20260302T104500Z","annotation":"no tags here"},
{"id":1,"start":"20260302T110000Z","tags":["platform"]}
]"""
"""Output of timew 1.4.3."""
DATA = r"""inc 20260302T080000Z - 20260302T093000Z # billing "on call" review # "Wrote \"runbook\" for refunds"
inc 20260302T100000Z - 20260302T104500Z # # "no tags here"
inc 20260302T110000Z # platform
"""
MONDAY = make_span(date(2026, 3, 2))


def drafts(home: Path, said: str, span: Span = MONDAY) -> list[Draft]:
    (home / ".timewarrior" / "data").mkdir(parents=True, exist_ok=True)
    return list(_TIMEWARRIOR.drafts(span, {}, install_fake_program(home, "timew", script_printing(said))))


def an_interval(start: str, end: str, tags: str = '["x"]') -> str:
    return f'{{"id":1,"start":"{start}","end":"{end}","tags":{tags}}}'


def minutes(home: Path, *intervals: str, span: Span = MONDAY) -> list[int | None]:
    return [draft.minutes for draft in drafts(home, f"[{','.join(intervals)}]", span)]


def are_those_of_monday(found: list[Draft]) -> None:
    first, second = found
    assert first.text == 'billing, on call, review: Wrote "runbook" for refunds'
    assert (first.minutes, first.tags, first.day) == (90, ("billing", "on-call", "review"), date(2026, 3, 2))
    assert (second.text, second.minutes, second.tags) == ("no tags here", 45, ())
    assert first.source == "timewarrior"
    assert first.origin != second.origin


def test_messages_before_the_export_are_skipped(tmp_path: Path) -> None:
    are_those_of_monday(drafts(tmp_path, f"Tags database does not exist. Recreating from interval data...\n{SAID}"))


def test_each_task_is_a_draft_and_open_intervals_are_left_out(tmp_path: Path) -> None:
    are_those_of_monday(drafts(tmp_path, SAID))


@requires_program("timew")
def test_output_of_the_real_timew_is_parsed(tmp_path: Path) -> None:
    data = tmp_path / "db" / "data"
    data.mkdir(parents=True)
    (data / "2026-03.data").write_text(DATA)
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TIMEWARRIORDB": str(data.parent), "TZ": "Asia/Tokyo"}
    are_those_of_monday(sorted(_TIMEWARRIOR.drafts(MONDAY, {}, environ), key=lambda draft: -(draft.minutes or 0)))
    assert list(_TIMEWARRIOR.drafts(make_span(date(2026, 3, 3)), {}, environ)) == []


@requires_program("timew")
def test_real_timew_creates_no_database(tmp_path: Path) -> None:
    assert list(_TIMEWARRIOR.drafts(MONDAY, {}, {"HOME": str(tmp_path), "PATH": os.environ["PATH"]})) == []
    assert not list(tmp_path.iterdir())


def test_missing_timew_program_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match=r"^timewarrior: timew is not installed\.$") as failed:
        list(_TIMEWARRIOR.drafts(MONDAY, {}, {"HOME": str(tmp_path), "PATH": str(tmp_path)}))
    assert failed.value.hint == "Install it, or turn it off: valuelog config set sources.timewarrior.enabled no"


def test_timew_is_not_run_without_a_database(tmp_path: Path) -> None:
    environ = install_fake_program(tmp_path, "timew", f"touch {tmp_path}/ran")
    assert list(_TIMEWARRIOR.drafts(MONDAY, {}, environ)) == []
    assert not (tmp_path / "ran").exists()


def test_timew_is_asked_for_the_day_in_utc(tmp_path: Path) -> None:
    (tmp_path / ".timewarrior" / "data").mkdir(parents=True)
    environ = install_fake_program(tmp_path, "timew", f"echo $* > {tmp_path}/asked; echo []")
    assert list(_TIMEWARRIOR.drafts(MONDAY, {}, environ)) == []
    assert (tmp_path / "asked").read_text() == "export 20260302T030000Z - 20260303T030000Z\n"


def test_intervals_of_a_task_are_added_up_under_one_origin(tmp_path: Path) -> None:
    morning = an_interval("20260302T080000Z", "20260302T090000Z", '["b","a"]')
    noon = an_interval("20260302T110000Z", "20260302T113000Z", '["a","b"]')
    (before,) = drafts(tmp_path, f"[{morning}]")
    (after,) = drafts(tmp_path, f"[{morning},{noon}]")
    assert (before.minutes, after.minutes) == (60, 90)
    assert before.origin == after.origin
    assert after.remainder is not None
    later = after.remainder(before.parts)
    assert later is not None
    assert (later.minutes, later.origin, set(later.parts) & set(before.parts)) == (30, later.parts[-1], set())
    assert before.parts[0] == "timewarrior:20260302T080000Z", "as an import knows it"
    assert after.remainder(after.parts) is None


@pytest.mark.parametrize(
    ("start", "end"), [("20260302T080000Z", "20260302T093000Z"), ("20260302T083000Z", "20260302T090000Z")]
)
def test_interval_with_a_corrected_start_or_end_is_known(tmp_path: Path, start: str, end: str) -> None:
    (before,) = drafts(tmp_path, f"[{an_interval('20260302T080000Z', '20260302T090000Z')}]")
    (after,) = drafts(tmp_path, f"[{an_interval(start, end)}]")
    assert after.remainder is not None
    assert after.remainder(before.parts) is None


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("20260302T020000Z", "20260302T040000Z", [60]),  # the day begins at 03:00 UTC
        ("20260303T020000Z", "20260303T040000Z", [60]),
        ("20260301T000000Z", "20260304T000000Z", [1440]),
        ("20260302T080000Z", "20260302T080001Z", [1]),
        ("20260302T080000Z", "20260302T080000Z", []),
        ("20260302T090000Z", "20260302T080000Z", []),
        ("20260302T010000Z", "20260302T030000Z", []),
    ],
)
def test_intervals_are_clipped_to_the_day(tmp_path: Path, start: str, end: str, expected: list[int]) -> None:
    assert minutes(tmp_path, an_interval(start, end)) == expected


def test_dst_changes_do_not_change_lengths(tmp_path: Path) -> None:
    spring = make_span(date(2026, 3, 28))  # until 04:00 on the 29th: 23 hours
    assert minutes(tmp_path, an_interval("20260329T000000Z", "20260329T020000Z"), span=spring) == [120]
    assert minutes(tmp_path, an_interval("20260301T000000Z", "20260401T000000Z"), span=spring) == [23 * 60]
    autumn = make_span(date(2026, 10, 24))  # 25 hours, of which a day can hold 24
    assert minutes(tmp_path, an_interval("20261001T000000Z", "20261101T000000Z"), span=autumn) == [1440]


def test_control_characters_in_tags_become_visible(tmp_path: Path) -> None:
    interval = an_interval("20260302T080000Z", "20260302T090000Z", r'["\u001b[31mred","\u202e","\ud800","#x @y"]')
    (draft,) = drafts(tmp_path, f"[{interval}]")
    assert draft.text == "␛[31mred, #x @y, �, �"
    assert draft.tags == ("31mred", "x-y")


def test_interval_without_tags_counts(tmp_path: Path) -> None:
    (draft,) = drafts(tmp_path, f"[{an_interval('20260302T080000Z', '20260302T090000Z', '[]')}]")
    assert draft.text == "Time without a name"


@pytest.mark.parametrize(
    "said",
    ["", "Create new database? (yes/no)", "{", "3", "[3]", '[{"end":"x"}]', '[{"start":3,"end":4}]', "[" * 100_000,
     '[{"start":"20260302T080000Z","end":"20260302T090000Z","tags":3}]', '["end"]'],
)  # fmt: skip
def test_invalid_export_is_reported_in_one_line(tmp_path: Path, said: str) -> None:
    with pytest.raises(SourceFailed, match=r"^timewarrior: timew export printed invalid data\.$"):
        drafts(tmp_path, said)


def test_empty_export_yields_no_draft(tmp_path: Path) -> None:
    assert drafts(tmp_path, "[\n]") == []


def test_slow_timew_times_out(tmp_path: Path) -> None:
    (tmp_path / ".timewarrior" / "data").mkdir(parents=True)
    with pytest.raises(SourceFailed, match="did not finish in time"):
        list(TimewarriorSource(timeout=0.3).drafts(MONDAY, {}, install_fake_program(tmp_path, "timew", "sleep 30")))


def test_invalid_interval_is_named_after_the_drafts_of_others(tmp_path: Path) -> None:
    read: list[Draft] = []
    said = f"[{an_interval('20260302T080000Z', '20260302T090000Z')},{an_interval('20260302T080000Z', 'never')}]"
    (tmp_path / ".timewarrior" / "data").mkdir(parents=True)
    environ = install_fake_program(tmp_path, "timew", script_printing(said))
    with pytest.raises(SourceFailed, match=r"printed invalid data \(1 of its intervals\)"):
        read.extend(_TIMEWARRIOR.drafts(MONDAY, {}, environ))
    assert [draft.minutes for draft in read] == [60]
