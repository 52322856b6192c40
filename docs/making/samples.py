"""The arguments with which the docs run each command to show its JSON."""

from collections.abc import Mapping, Sequence

from valuelog.model.project import slugify

PROJECT = slugify("Shared releases")
SAMPLES: Mapping[str, Sequence[str]] = {
    "valuelog": (),
    "valuelog today": ("--helped", "@sam runs the release alone now"),
    "valuelog add": ("helped", "@sam runs the release alone now"),
    "valuelog list": ("this week",),
    "valuelog show": ("{entry}",),
    "valuelog edit": ("{entry}", "--evidence", "median of 214 cases"),
    "valuelog promote": ("{work}", "improvement", "--effect", "faster"),
    "valuelog evidence": (),
    "valuelog history": (),
    "valuelog search": ("refunds",),
    "valuelog people": (),
    "valuelog people list": (),
    "valuelog people merge": ("maya", "sam"),
    "valuelog people rename": ("maya", "maya-lee"),
    "valuelog people split": ("maya",),
    "valuelog tags": (),
    "valuelog tags list": (),
    "valuelog tags merge": ("docs", "deploy"),
    "valuelog tags rename": ("docs", "guides"),
    "valuelog tags split": ("docs",),
    "valuelog review": ("--week",),
    "valuelog trend": (),
    "valuelog calendar": (),
    "valuelog pain": (),
    "valuelog pain list": (),
    "valuelog pain add": ("the build machine is slow", "--hit", "everybody"),
    "valuelog pain show": ("{pain}",),
    "valuelog pain seen": ("{pain}",),
    "valuelog pain edit": ("{pain}", "--better", "two approvers"),
    "valuelog pain plan": ("{pain}", "ask for a second approver"),
    "valuelog pain fix": ("{pain}", "two approvers since today"),
    "valuelog pain drop": ("{pain}", "the tool goes away"),
    "valuelog pain merge": ("{other_pain}", "{pain}"),
    "valuelog project": (),
    "valuelog project list": (),
    "valuelog project start": ("Price list", "--problem", "the north waits for it"),
    "valuelog project show": (PROJECT,),
    "valuelog project edit": (PROJECT, "--aim", "one day"),
    "valuelog project measure": (PROJECT, "1", "day"),
    "valuelog project close": (PROJECT, "--result", "one day"),
    "valuelog project drop": (PROJECT, "nobody asked", "--lesson", "ask first"),
    "valuelog project reopen": (PROJECT,),
    "valuelog promise": (),
    "valuelog promise list": (),
    "valuelog promise make": ("stop", "the Monday report"),
    "valuelog promise keep": ("{promise}",),
    "valuelog promise break": ("{promise}",),
    "valuelog promise drop": ("{promise}",),
    "valuelog promise carry": ("{promise}",),
    "valuelog off": ("list",),
    "valuelog finding": (),
    "valuelog finding list": (),
    "valuelog finding snooze": ("little-help",),
    "valuelog finding off": ("little-help",),
    "valuelog finding on": ("little-help",),
    "valuelog brag": (),
    "valuelog brief": (),
    "valuelog gather": (),
    "valuelog import": ("csv", "-", "-n"),
    "valuelog backup": (),
    "valuelog backup list": (),
    "valuelog backup check": (),
    "valuelog restore": ("latest", "-n"),
    "valuelog sync status": (),
    "valuelog doctor": (),
    "valuelog paths": (),
    "valuelog config": (),
    "valuelog config list": (),
    "valuelog demo": (),
}
"""The arguments for each command that has --json. `{entry}` is the id of an entry, and so on."""

_TAGGED = ("add", "activity", "wrote the guide with @sam #docs #deploy")

SETUP: Mapping[str, Sequence[Sequence[str]]] = {
    "valuelog people split": (("people", "merge", "maya", "sam"),),
    **{f"valuelog {command}": (_TAGGED,) for command in ("tags", "tags list", "tags merge", "tags rename")},
    "valuelog tags split": (_TAGGED, ("tags", "merge", "docs", "deploy")),
    "valuelog project reopen": (("project", "close", PROJECT, "--result", "one day"),),
    "valuelog backup list": (("backup",),),
    "valuelog backup check": (("backup",),),
    "valuelog restore": (("backup",), ("add", "activity", "answered the auditors")),
    "valuelog sync status": (("sync", "setup", "~/remote", "--name", "laptop"),),
    "valuelog doctor": (("backup",),),
    "valuelog finding on": (("finding", "off", "little-help"),),
}
"""The commands to run first, where some are needed."""

CSV = b"day,text\n2026-11-20,audit mails\n"
"""The stdin of `import`."""


def sample_arguments(name: str) -> Sequence[str]:
    """Return the arguments for a command. Raises LookupError."""
    if name not in SAMPLES:
        message = f"{name} has --json: add its arguments to SAMPLES in docs/making/samples.py"
        raise LookupError(message)
    return SAMPLES[name]
