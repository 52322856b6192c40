"""`config` and `paths`."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from valuelog.cli import candidates
from valuelog.cli.command import Command, has_no_subcommand
from valuelog.cli.external import run_editor
from valuelog.cli.files import atomic_write, lock_settings, resolve_settings, translate_write_errors
from valuelog.cli.group import create_group
from valuelog.cli.options import JsonOption, PlainOption, output_format
from valuelog.cli.settings.questions import enabled_question_ids, questions_for
from valuelog.cli.settings.read import EMPTY_CONFIG, Settings, parse_config, read_config_text, read_settings
from valuelog.cli.settings.sources import all_settings, all_source_settings, find_setting, require_known_sources
from valuelog.cli.settings.spec import Setting
from valuelog.cli.settings.write import remove_setting, replace_setting, replace_table
from valuelog.cli.world import World
from valuelog.journal.copies import backups_folder
from valuelog.journal.files import make_folders
from valuelog.model.errors import ValuelogError
from valuelog.render import views
from valuelog.render.facts import Fact

if TYPE_CHECKING:
    from valuelog.workflows.names import Aliases, NamesChange

app = create_group()

SettingArgument = Annotated[
    str, typer.Argument(metavar="NAME", autocompletion=candidates.settings, help="The setting, such as remind_at.")
]


@app.callback(invoke_without_command=True)
def config(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Without a command, it lists them.

    Example: valuelog config · valuelog config set remind_at 18:30
    """
    if has_no_subcommand(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Command)
def show_list(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """List every setting and where its value comes from.

    Example: valuelog config list
    """
    world: World = ctx.obj
    settings = _read_strictly(world)
    facts = [_setting_fact(world, setting, settings) for setting in all_settings()]
    world.show(views.FACTS, facts, output_format(json=json, plain=plain))


def _read_strictly(world: World) -> Settings:
    """Read all settings. Raises BadSetting, about which other commands only warn."""
    return read_settings(world.settings_path, world.environ, all_source_settings())


def _setting_fact(world: World, setting: Setting, settings: Settings) -> Fact:
    value, origin = settings.resolved[setting.name]
    if setting.name == "journal":
        value, origin = world.journal_path, "--journal" if world.flags.journal else origin
    elif setting.name == "evening.questions":
        value = enabled_question_ids(settings)
    return Fact(name=setting.name, value=setting.to_json(value), text=setting.to_text(value), origin=origin)


@app.command("get", cls=Command)
def get(ctx: typer.Context, name: SettingArgument) -> None:
    """Print the value of one setting.

    Example: valuelog config get journal
    """
    world: World = ctx.obj
    fact = _setting_fact(world, find_setting(name), _read_strictly(world))
    world.write_stdout(f"{'' if fact.value in (None, [], {}) else fact.text}\n")


@app.command("set", cls=Command)
def assign(
    ctx: typer.Context,
    name: SettingArgument,
    value: Annotated[list[str], typer.Argument(metavar="VALUE", help="New value; separate lists with commas.")],
) -> None:
    """Change one setting in config.toml, keeping your comments. It says what it understood.

    Example: valuelog config set remind_at 18:30 · valuelog config set workdays mon-thu
    """
    world: World = ctx.obj
    setting, old_journal = find_setting(name), _known_journal(world)
    understood = write_setting(world, name, " ".join(value))
    world.refresh_reminders()
    world.write_stderr(f"Set {name} to {setting.to_text(understood)} in {world.settings_path}")
    _mention_variable(world, setting)
    if name == "journal" and old_journal:
        from valuelog.cli.journal_path import describe_new_path  # noqa: PLC0415  rarely needed
        from valuelog.cli.unsaved_answers import replace_journal  # noqa: PLC0415  rarely needed
        from valuelog.workflows.sync_state import follow_moved_journal  # noqa: PLC0415  rarely needed

        if understood.exists() and not old_journal.exists():  # the file was moved by hand
            replace_journal(world.paths.unsaved_answers, os.path.realpath(old_journal), understood)
            follow_moved_journal(world.paths.sync, os.path.realpath(old_journal), understood)
        describe_new_path(world, old_journal, understood)


def _known_journal(world: World) -> Path | None:
    """Return the path of the journal, unless the settings are broken."""
    with suppress(ValuelogError):
        return world.configured_journal_path
    return None


def write_setting(world: World, name: str, raw: str) -> Any:  # noqa: ANN401  each setting has its own type
    """Write one setting to config.toml and return its value. Raises BadSetting or BadSettingValue."""
    with _lock_settings(world) as file:
        old = read_config_text(world.settings_path)
        new = replace_setting(old, find_setting(name), raw, lambda text: _validate_config(world, text))
        _replace_config(file, new)
    return parse_config(new, world.settings_path, all_source_settings())[name]


@app.command("unset", cls=Command)
def unset(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", autocompletion=candidates.settings, help="The setting, or an unknown one.")
    ],
) -> None:
    """Remove one setting from config.toml, so that its default holds again.

    Example: valuelog config unset remind_at
    """
    world: World = ctx.obj
    with _lock_settings(world) as file:
        old = read_config_text(world.settings_path)
        new = remove_setting(old, name, lambda text: _validate_config(world, text))
        if new is not None:
            _replace_config(file, new)
            if name == "journal":
                world.paths.last_journal.unlink(missing_ok=True)  # it was left on purpose
    by_name = {setting.name: setting for setting in all_settings()}
    setting = find_setting(name) if new is None else by_name.get(name)
    default = f" The default: {setting.to_text(setting.default)}" if setting else ""
    if new is None:
        world.write_stderr(f"{name} isn't set in {world.settings_path}.{default}")
        return
    world.refresh_reminders()
    world.write_stderr(f"Removed {name} from {world.settings_path}.{default}")
    if setting:
        _mention_variable(world, setting)
    world.settings_with(all_source_settings())  # warns about what else is broken


def _mention_variable(world: World, setting: Setting) -> None:
    """Say so if a variable overrides a setting that was changed."""
    if setting.variable and world.environ.get(setting.variable):
        world.write_stderr(f"{setting.variable} is set and overrides it.")


@app.command("edit", cls=Command)
def edit(ctx: typer.Context) -> None:
    """Open config.toml in your editor and check it afterwards.

    Example: valuelog config edit
    """
    world: World = ctx.obj
    world.require_terminal("valuelog config set NAME VALUE")
    path = resolve_settings(world.settings_path)
    with translate_write_errors(path):
        make_folders(path.parent)
        path.touch(mode=0o600)
    run_editor(world.editor, path, world.environ)
    if path.exists() and not path.stat().st_size:
        _replace_config(path, "")
    _validate_config(world, read_config_text(path))
    world.refresh_reminders()


def change_aliases(world: World, table: str, change: "Callable[[Aliases], NamesChange]") -> "NamesChange":
    """Change the aliases of people or tags in config.toml, keeping comments. Raises BadSetting.

    The file is read while it is locked, so that no change of another process is lost.
    """
    with _lock_settings(world) as file:
        old = read_config_text(world.settings_path)
        result = change(parse_config(old, world.settings_path, all_source_settings())[table])
        _replace_config(file, replace_table(old, table, result.aliases, lambda text: _validate_config(world, text)))
    return result


def require_valid_settings(world: World) -> None:
    """Check config.toml, its questions and sources too. Raises BadSetting."""
    _validate_config(world, read_config_text(world.settings_path))


def _validate_config(world: World, text: str) -> None:
    """Check a whole config file, its questions and sources too. Raises BadSetting."""
    settings = parse_config(text, world.settings_path, all_source_settings())
    require_known_sources(settings, world.settings_path)
    questions_for(world.today(), settings)


@contextmanager
def _lock_settings(world: World) -> Iterator[Path]:
    """Yield the real file of the settings, locked and private. Raises ValuelogError."""
    world.tighten_files()
    with lock_settings(world.settings_path) as file:
        yield file


def _replace_config(path: Path, text: str) -> None:
    """Replace config.toml atomically."""
    with atomic_write(path, force=True) as file:
        file.write(text or EMPTY_CONFIG)


def paths(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Files that don't exist yet are marked.

    Example: valuelog paths
    """
    world: World = ctx.obj
    files = {
        "journal": world.journal_path,
        "backups": backups_folder(world.journal_path),
        "settings": world.settings_path,
        "reminders": world.paths.reminders,
        "reminded": world.paths.last_reminded,
        "device": world.paths.device,
        "draft": world.paths.editor_drafts,
        "sync": world.paths.sync,
    }
    facts = [_path_fact(name, path) for name, path in files.items()]
    world.show(views.FACTS, facts, output_format(json=json, plain=plain))


def _path_fact(name: str, path: Path) -> Fact:
    exists = path.exists()
    origin = "" if exists else "not there yet"
    return Fact(name=name, value=os.fspath(path), text=os.fspath(path), origin=origin, exists=exists)
