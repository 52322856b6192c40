"""The did source, with recorded output of did 0.23.1, and with the real program if installed."""

import os
from datetime import date
from pathlib import Path

import pytest

from support.fake_programs import install_fake_program, script_printing
from support.git_repositories import make_repository, make_span
from support.requirements import requires_program
from valuelog.model.draft import Draft
from valuelog.sources import Source, SourceFailed, Span
from valuelog.sources.did import SOURCE, DidSource

_DID: Source = SOURCE
SAID = """Status report for given date range (2026-11-20 to 2026-11-20)
=============================================================

~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
 Me <me@example.org>
~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~

* Highlights

* Work on demo: 2 commits
  * a644ed6 - Cut deploy wait to 20 min
  * 0b28470 - Add refund runbook

* Pull requests created on gh: 1
  * shop/web#012 - Refunds: ask once

* Value this week
  * Unblocked Sam on billing
    * with more below

* Plans, thoughts, ideas...

* Status: Green | Yellow | Orange | Red
"""


def drafts(home: Path, said: str, span: Span | None = None) -> list[Draft]:
    return list(_DID.drafts(span or make_span(), {}, install_fake_program(home, "did", script_printing(said))))


def texts(home: Path, said: str) -> list[str]:
    return [draft.text for draft in drafts(home, said)]


def test_each_section_with_items_is_a_draft(tmp_path: Path) -> None:
    assert texts(tmp_path, SAID) == [
        "Work on demo: 2 commits: Cut deploy wait to 20 min, Add refund runbook",
        "Pull requests created on gh: 1: shop/web#012 - Refunds: ask once",
        "Value this week: Unblocked Sam on billing",
    ]
    assert {(draft.source, draft.day, draft.minutes) for draft in drafts(tmp_path, SAID)} == {
        ("did", date(2026, 11, 20), None)
    }


def test_did_is_run_for_one_day(tmp_path: Path) -> None:
    environ = install_fake_program(tmp_path, "did", f'echo "$*" >{tmp_path}/words')
    assert list(_DID.drafts(make_span(), {}, environ)) == []
    assert (tmp_path / "words").read_text() == "--since 2026-11-20 --until 2026-11-20 --format markdown\n"


def test_growing_section_keeps_its_origin_within_a_day(tmp_path: Path) -> None:
    grown = SAID.replace("2 commits", "3 commits").replace("  * 0b28470", "  * 1234567 - One more\n  * 0b28470")
    first, later = drafts(tmp_path, SAID)[0], drafts(tmp_path, grown)[0]
    tomorrow = drafts(tmp_path, SAID, make_span(date(2026, 11, 21)))[0]
    assert "3 commits" in later.text
    assert first.origin == later.origin != tomorrow.origin
    assert len({draft.origin for draft in drafts(tmp_path, SAID)}) == 3


def test_section_from_the_configuration_keeps_its_origin(tmp_path: Path) -> None:
    today, tomorrow = drafts(tmp_path, SAID)[2], drafts(tmp_path, SAID, make_span(date(2026, 11, 21)))[2]
    changed = drafts(tmp_path, SAID.replace("Sam", "Maya"))[2]
    assert today.origin == tomorrow.origin != changed.origin


def test_sections_of_several_addresses_are_merged(tmp_path: Path) -> None:
    other = SAID.replace("2 commits", "1 commit").replace("a644ed6 - Cut deploy wait to 20 min", "1234567 - Another")
    assert texts(tmp_path, SAID + SAID) == texts(tmp_path, SAID)
    assert texts(tmp_path, SAID + other)[0] == "Work on demo: Cut deploy wait to 20 min, Add refund runbook, Another"


def test_failed_services_are_named_after_the_drafts(tmp_path: Path) -> None:
    said = SAID.replace(
        "created on gh: 1\n  * shop/web#012 - Refunds: ask once", "created on gh: ? (error encountered)"
    )
    found = SOURCE.drafts(make_span(), {}, install_fake_program(tmp_path, "did", script_printing(said)))
    assert [next(found).text[:5], next(found).text[:5]] == ["Work ", "Value"]
    with pytest.raises(SourceFailed, match=r"^did: it could not query: Pull requests created on gh\.$"):
        next(found)


@pytest.mark.parametrize("said", ["", "nonsense", "* Alone", "  * An item of nothing", "* : 3\n  * ", "*\n  *\n"])
def test_report_without_items_yields_no_draft(tmp_path: Path, said: str) -> None:
    assert texts(tmp_path, said) == []


def test_control_characters_in_a_report_become_visible(tmp_path: Path) -> None:
    said = "* Issues on \x1b[31m: 1\n  * \x1b]0;x\x07[red]\u202e <b>\n  * " + "y" * 300
    (text,) = texts(tmp_path, said)
    assert text.startswith("Issues on ␛[31m: 1: ␛]0;x␇[red]� <b>, yyy")
    assert len(text) == 200
    assert text.isprintable()


def test_missing_did_program_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match=r"^did: it is not installed\.$") as failed:
        list(_DID.drafts(make_span(), {}, {"PATH": str(tmp_path)}))
    assert failed.value.hint == "Install it, or set how to run it: valuelog config set sources.did.command PROGRAM"


def test_command_setting_is_used(tmp_path: Path) -> None:
    environ = install_fake_program(tmp_path, "my did", script_printing("* Work: 1") + '\necho "  * $1"')
    options = {"command": f"'{tmp_path}/bin/my did' --config"}
    assert [draft.text for draft in _DID.drafts(make_span(), options, environ)] == ["Work: 1: --config"]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("no-such-did", "did: there is no program “no-such-did”."),
        ("'did", "did: “'did” is not a command: a quote is not closed."),
    ],
)
def test_invalid_command_setting_is_named(tmp_path: Path, command: str, why: str) -> None:
    with pytest.raises(SourceFailed) as failed:
        list(_DID.drafts(make_span(), {"command": command}, install_fake_program(tmp_path, "did", "exit 0")))
    assert failed.value.message == why
    assert failed.value.hint == "Change command under [sources.did]."


def test_failing_or_slow_did_is_reported_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match=r"^did: it failed: \[ERROR\] Unable to read the config file\.$"):
        list(
            _DID.drafts(
                make_span(),
                {},
                install_fake_program(tmp_path, "did", "echo '[ERROR] Unable to read the config file' >&2; exit 1"),
            )
        )
    with pytest.raises(SourceFailed, match="did not finish in time"):
        list(DidSource(timeout=0.3).drafts(make_span(), {}, install_fake_program(tmp_path, "did", "sleep 30")))


@requires_program("did")
def test_output_of_the_real_did_is_parsed(tmp_path: Path) -> None:
    make_repository(tmp_path / "demo", "Cut deploy wait", "Add refund runbook")
    (tmp_path / ".did").mkdir()
    config = f"[general]\nemail = Me <me@example.org>\n[tools]\ntype = git\ndemo = {tmp_path}/demo\n"
    (tmp_path / ".did" / "config").write_text(config)
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    (draft,) = _DID.drafts(make_span(), {}, environ)
    assert draft.text == "Work on demo: 2 commits: Add refund runbook, Cut deploy wait"
    assert list(_DID.drafts(make_span(date(2026, 11, 19)), {}, environ)) == []


@pytest.mark.parametrize(("command", "is_found"), [("~/bin/mydid", True), ("./bin/mydid", False), ("bin/mydid", False)])
def test_command_may_be_in_the_home_but_not_relative(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    is_found: bool,  # noqa: FBT001
) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "mydid"
    program.write_text("#!/bin/sh\necho '* Work: 1'\necho '  * Shipped'\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    if is_found:
        assert len(list(SOURCE.drafts(make_span(date(2026, 3, 2)), {"command": command}, environ))) == 1
        return
    with pytest.raises(SourceFailed, match="there is no program"):
        list(SOURCE.drafts(make_span(date(2026, 3, 2)), {"command": command}, environ))
