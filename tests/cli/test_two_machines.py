"""A week of evenings on two machines, on terminals, over git's daemon, ssh and a folder."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from support.homes import Home, list_objects, open_homes
from support.remotes import Place
from support.requirements import requires_program
from support.rule_check import differences_of

pytest.importorskip("pyrage")

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (f"2026-11-{day}" for day in range(16, 22))

SETTINGS = '[evening]\nquestions = ["activity", "pain"]\n'

PURGED = "zebra-quartz"

DETAILS_OF_PROJECT = ("--problem", "slow", "--measure", "days", "--aim", "1")

ACTIVITY = "What kept you busy today?"
PAIN = """\
What was clumsy, slow or pointless today?
"""
DETAILS = """\
    Does it affect others too, or just you?
    What would better look like?
    What small thing could you try this week?
    Who else would be glad to see it gone?
    anything else?
"""


SKIPPED = """\
    felt again? (none)
    anything else?
"""


class Week(NamedTuple):
    """Two homes at the end of their week, their remote, and what was said on the way."""

    place: Place
    laptop: Home
    desktop: Home
    said: dict[str, str]

    @property
    def homes(self) -> tuple[Home, Home]:
        """Both homes."""
        return self.laptop, self.desktop


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("daemon", marks=requires_program("git")),
        pytest.param("ssh", marks=requires_program("sshd")),
        "folder",
    ],
)
def test_week_on_two_machines(kind: str, tmp_path: Path) -> None:
    """One test for each kind of remote: a week takes ten seconds, and parallel tests would share none."""
    with open_homes(kind, tmp_path, "laptop", "desktop") as (place, (laptop, desktop)):
        week = Week(place, laptop, desktop, {})
        for day in (spend_monday, spend_tuesday, spend_wednesday, spend_thursday, spend_friday, spend_saturday):
            day(week)
        check_both_are_equal_and_undamaged(week)
        check_everything_is_there_once(week)
        check_project_lives_that_was_undone_on_one(week)
        check_what_happened_on_both_is_named(week)
        check_setting_syncs_evenings_and_is_quiet_offline(week)
        check_purged_words_are_nowhere_after_a_rekey(week)


def spend_monday(week: Week) -> None:
    """Begin on the laptop, promise something, set up, and let the desktop join over a pipe."""
    laptop, desktop, said = week.laptop, week.desktop, week.said
    for home in week.homes:
        path = home.home / "config" / "valuelog" / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_text(SETTINGS)
    evening = f"{ACTIVITY}\n  › answered the audit mails with @lee\n  › {PURGED} called\n  ›\n"
    laptop.type(MONDAY, "today", f"{evening}{PAIN}  › the deploy waits on one approver\n{DETAILS}")
    laptop("promise", "make", "stop", "the status mail", "--by", "fri", VALUELOG_TODAY=MONDAY)
    said["setup"] = laptop.type(MONDAY, f"sync setup {laptop.address} --name laptop")
    said["join"] = desktop.join_by_pipe(laptop, MONDAY, "--name", "desktop")
    desktop("config", "set", "sync.with", "today")
    desktop("backup")


def spend_tuesday(week: Week) -> None:
    """See the same friction on both; undo a project on the laptop while the desktop works on it."""
    laptop, desktop, said = week.laptop, week.desktop, week.said
    laptop("project", "start", "Data lake", *DETAILS_OF_PROJECT, VALUELOG_TODAY=TUESDAY)
    laptop.type(TUESDAY, "sync")
    seen = f"{PAIN}    felt again? [the deploy waits on one approver]\n    anything else?\n"
    said["fetched"] = desktop.type(TUESDAY, "today", f"{ACTIVITY}\n  › +data-lake has its tables\n  ›\n{seen}")
    laptop("undo", VALUELOG_TODAY=TUESDAY)
    laptop.type(TUESDAY, "today", f"{ACTIVITY}\n  › planned the audit\n  ›\n{seen}")
    said["met"] = laptop.type(TUESDAY, "sync")


def spend_wednesday(week: Week) -> None:
    """Work offline on the desktop; start the same project and edit the same entry on both."""
    laptop, desktop, said = week.laptop, week.desktop, week.said
    desktop.go_offline()
    for home in week.homes:
        home(
            "edit",
            home.find_id("answered the audit mails with @lee"),
            f"audit mails, on the {home.name}",
            VALUELOG_TODAY=WEDNESDAY,
        )
        home("project", "start", "Refund flow", *DETAILS_OF_PROJECT, VALUELOG_TODAY=WEDNESDAY)
        home("add", "outcome", f"refunds from the {home.name}", "--project", "refund-flow", VALUELOG_TODAY=WEDNESDAY)
    desktop("edit", desktop.find_id(f"{PURGED} called"), f"{PURGED} called twice")
    laptop.type(WEDNESDAY, "sync")
    said["offline"] = desktop.type(WEDNESDAY, "today", f"{ACTIVITY}\n  › worked on the train\n  ›\n{PAIN}{SKIPPED}")


def spend_thursday(week: Week) -> None:
    """Stay offline on the desktop; purge an entry on the laptop, and take the day off."""
    laptop, desktop, said = week.laptop, week.desktop, week.said
    laptop("delete", "--purge", "--confirm", laptop.find_id(f"{PURGED} called"))
    laptop("off", THURSDAY, "--note", "dentist", VALUELOG_TODAY=THURSDAY)
    laptop.type(THURSDAY, "sync")
    said["still offline"] = desktop.type(THURSDAY, "today", f"{ACTIVITY}\n  › read at home\n  ›\n{PAIN}{SKIPPED}")
    said["alone"] = desktop("sync", fails=1).err


def spend_friday(week: Week) -> None:
    """Come back online, keep the promise on the desktop, and close the week on both."""
    laptop, desktop, said = week.laptop, week.desktop, week.said
    desktop.come_online()
    evening = f"{ACTIVITY}\n  › packed up\n  ›\n{PAIN}{SKIPPED}"
    said["back"] = desktop.type(FRIDAY, "today", f"{evening}Look at your week now? No\n")
    (promise,) = json.loads(desktop("promise", "--json").out)
    desktop("promise", "keep", promise["id"], VALUELOG_TODAY=FRIDAY)
    desktop.type(FRIDAY, "sync")
    said["received"] = laptop.type(FRIDAY, "sync")
    said["asked"] = laptop.type(FRIDAY, "today")
    laptop.type(FRIDAY, "today --again", f"{ACTIVITY}\n  › cleaned up\n  ›\n{PAIN}{SKIPPED}Look at your week now? No\n")


def spend_saturday(week: Week) -> None:
    """Sync until both have everything."""
    for home in (week.laptop, week.desktop, week.laptop):
        week.said["end"] = home.type(SATURDAY, "sync")


def check_both_are_equal_and_undamaged(week: Week) -> None:
    """Check that exports and reviews are byte-identical, and that doctor is content."""
    laptop, desktop = (home.run(SATURDAY, "export", "jsonl").out for home in week.homes)
    assert laptop == desktop
    assert laptop.count("\n") > 20
    for home in week.homes:
        home("doctor", "--deep")
        home("history")
        assert differences_of(home.journal) == []
    reviews = [home("review", "--week", "--json", VALUELOG_TODAY=SATURDAY).out for home in week.homes]
    assert reviews[0] == reviews[1]
    assert week.said["end"] == "Nothing new.\n"


def check_everything_is_there_once(week: Week) -> None:
    """Check that nothing was lost and nothing is there twice."""
    texts = sorted(week.laptop.entries)
    assert texts == sorted(
        [
            "+data-lake has its tables", "audit mails, on the desktop", "cleaned up", "packed up", "planned the audit",
            "read at home", "refunds from the desktop", "refunds from the laptop", "worked on the train",
        ]
    )  # fmt: skip
    (pain,) = json.loads(week.desktop("pain", "--json").out)
    assert pain["days_seen"] == 2
    assert len(json.loads(week.laptop("pain", "show", pain["id"], "--json").out)["sightings"]) == 3
    assert json.loads(week.laptop("promise", "list", "--all", "--json").out)[0]["state"] == "kept"
    assert "dentist" in week.desktop("off", "list").out


def check_project_lives_that_was_undone_on_one(week: Week) -> None:
    """Check that both projects live with all their entries."""
    for home in week.homes:
        projects = {each["slug"]: each["entries"] for each in json.loads(home("project", "--json").out)}
        assert projects == {"data-lake": 1, "refund-flow": 2}


def check_what_happened_on_both_is_named(week: Week) -> None:
    """Check what the desktop said when it was online again, and both histories."""
    back = week.said["back"]
    assert "refund-flow was started on two machines; both are one project now. Undo: valuelog undo\n" in back
    assert "1 record that you erased for good on another machine is now erased here, too.\n" in back
    edited = re.search(r"You edited entry (\w+) on two machines; .* See both: valuelog history \1\n", back)
    assert edited
    for home in week.homes:
        shown = home("history", edited[1]).out
        assert "audit mails, on the laptop" in shown
        assert "audit mails, on the desktop" in shown


def check_setting_syncs_evenings_and_is_quiet_offline(week: Week) -> None:
    """Check what evenings of the desktop said."""
    assert week.said["fetched"].startswith("Received 1 change from laptop.\nTue 17 Nov")
    assert week.said["fetched"].endswith("\nSent 2 changes.\n")
    for evening in ("offline", "still offline"):
        assert not re.search(r"valuelog:|[Ss]ent|reach|Received", week.said[evening])
    assert week.said["alone"].count("\n") == 2
    assert week.said["alone"].endswith("valuelog sync\n")
    assert "valuelog today --again" in week.said["asked"]  # the desktop asked everything


def check_purged_words_are_nowhere_after_a_rekey(week: Week) -> None:
    """Check all files of both homes and of the remote, after replacing the key."""
    shown = week.laptop.type(SATURDAY, "sync rekey")
    assert "On each of your other machines, run: valuelog sync join" in shown
    assert week.desktop.join_by_pipe(week.laptop, SATURDAY).startswith(f"Joined {week.laptop.address} as desktop.")
    contents = [path.read_bytes() for home in week.homes for path in home.home.rglob("*") if path.is_file()]
    if (week.place.folder / "HEAD").exists():
        contents += list_objects(week.place.folder)
    contents += [path.read_bytes() for path in week.place.folder.rglob("*") if path.is_file()]
    assert len(contents) > 20
    assert not [content for content in contents if PURGED.encode() in content]
