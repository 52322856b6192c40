"""Settings and places: config, paths."""

import os
from pathlib import Path
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.command import Spoken, alone
from valuelog.cli.editor import run_editor
from valuelog.cli.files import writing
from valuelog.cli.group import group
from valuelog.cli.options import Json, Plain, form
from valuelog.cli.questions import asked, prompts_for
from valuelog.cli.settings import SETTINGS, Setting, Settings, changed, checked, plainly, setting_named, shown, text_of
from valuelog.cli.sourcing import insist_known, of_sources
from valuelog.cli.world import World
from valuelog.render.facts import Fact

app = group()

Name = Annotated[
    str, typer.Argument(metavar="NAME", autocompletion=candidates.settings, help="The setting, such as remind_at.")
]


@app.callback(invoke_without_command=True)
def config(ctx: typer.Context, *, json: Json = False, plain: Plain = False) -> None:
    """Show and change settings, each with where its value comes from. Alone: the list.

    Example: valuelog config · valuelog config set remind_at 18:30
    """
    if alone(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Spoken)
def show_list(ctx: typer.Context, *, json: Json = False, plain: Plain = False) -> None:
    """List every setting with where its value comes from.

    Example: valuelog config list
    """
    world: World = ctx.obj
    known = world.settings_with(of_sources())
    facts = [_fact(world, setting, known) for setting in (*SETTINGS, *of_sources())]
    world.show("facts", facts, form(json=json, plain=plain))


def _fact(world: World, setting: Setting, settings: Settings) -> Fact:
    known = settings.known[setting.name]
    value, origin = known.value, known.origin
    if setting.name == "journal":
        value, origin = world.journal_path, "--journal" if world.flags.journal else origin
    elif setting.name == "evening.questions":
        value = asked(settings)
    return Fact(name=setting.name, value=plainly(value), shown=shown(value), origin=origin)


@app.command("get", cls=Spoken)
def get(ctx: typer.Context, name: Name) -> None:
    """Print the value of one setting.

    Example: valuelog config get journal
    """
    world: World = ctx.obj
    fact = _fact(world, setting_named(name, (*SETTINGS, *of_sources())), world.settings_with(of_sources()))
    world.answer(f"{'' if fact.value in (None, [], {}) else fact.shown}\n")


@app.command("set", cls=Spoken)
def assign(
    ctx: typer.Context,
    name: Name,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What it shall be; lists with commas.")],
) -> None:
    """Change one setting in config.toml; comments stay.

    Example: valuelog config set remind_at 18:30 · valuelog config set workdays mon,tue,thu
    """
    world: World = ctx.obj
    setting = setting_named(name, (*SETTINGS, *of_sources()))
    path = world.settings_path
    _save(world, changed(text_of(path), setting, value, lambda text: _check(world, text)))
    world.remind_anew()
    world.say(f"Set {name} to {value} in {path}")


@app.command("edit", cls=Spoken)
def edit(ctx: typer.Context) -> None:
    """Open config.toml in your editor; a mistake in it is told at once.

    Example: valuelog config edit
    """
    world: World = ctx.obj
    world.insist("valuelog config set NAME VALUE")
    path = world.settings_path
    with writing(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    run_editor(world, path)
    _check(world, text_of(path))
    world.remind_anew()


def _check(world: World, text: str) -> None:
    """Check a whole config file, its questions and sources too. Raises BadSetting."""
    settings = checked(text, world.settings_path, of_sources())
    insist_known(settings, world.settings_path)
    prompts_for(world.today(), settings)


def _save(world: World, text: str) -> None:
    """Put a new config.toml in the place of the old one, all or nothing."""
    path = world.settings_path.resolve()
    unfinished = path.with_name(f".{path.name}.new")
    with writing(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)


def paths(ctx: typer.Context, *, json: Json = False, plain: Plain = False) -> None:
    """Show where your things are.

    Example: valuelog paths
    """
    world: World = ctx.obj
    found = {
        "journal": world.journal_path,
        "settings": world.settings_path,
        "reminders": world.places.reminders,
        "reminded": world.places.said,
        "device": world.places.device,
        "draft": world.places.draft,
    }
    facts = [_place(name, path) for name, path in found.items()]
    world.show("facts", facts, form(json=json, plain=plain))


def _place(name: str, path: Path) -> Fact:
    there = path.exists()
    return Fact(
        name=name, value=os.fspath(path), shown=os.fspath(path), origin="" if there else "not there yet", exists=there
    )
