"""Installing and uninstalling completion: what is shown, asked, written and removed in files that aren't ours."""

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.completion_shells import READY, Shell
from support.other_user import give_to_other_user
from valuelog.cli.candidates import SHELLS
from valuelog.cli.completion import read_script
from valuelog.cli.completion.install import ZSH_LINE, ZSH_LINE_AFTER_COMPINIT

if TYPE_CHECKING:
    from conftest import Result, Run

COMMENT = "# valuelog completion, 2026-11-20: valuelog --install-completion\n"

RC_FILES = {"bash": ".bashrc", "zsh": ".zshrc"}


def scripts(home: Path) -> dict[str, Path]:
    return {
        "bash": home / ".bash_completions" / "valuelog.sh",
        "zsh": home / ".zfunc" / "_valuelog",
        "fish": home / "config" / "fish" / "completions" / "valuelog.fish",
    }


def lines(home: Path) -> dict[str, str]:
    return {"bash": f"source {home}/.bash_completions/valuelog.sh\n", "zsh": f"{ZSH_LINE}\n"}


def files(home: Path) -> dict[str, str]:
    return {str(path.relative_to(home)): path.read_text() for path in home.rglob("*") if path.is_file()}


def install(run: "Run", shell: str) -> "Result":
    return run("--install-completion", shell, answers=[True])


# Installing


@pytest.mark.parametrize("shell", RC_FILES)
def test_installing_shows_each_change_and_asks(run: "Run", home: Path, shell: str) -> None:
    rc, script = home / RC_FILES[shell], scripts(home)[shell]
    rc.write_text("alias v=valuelog")
    before = files(home)
    shown = run("--install-completion", shell, answers=[False]).err
    assert shown == (
        f"Complete valuelog with Tab in {shell}:\n"
        f"  Write the script {script}\n"
        f"  Add to the end of {rc}:\n"
        f"      {COMMENT}"
        f"      {lines(home)[shell]}"
        "Nothing was changed.\n"
    )
    assert files(home) == before
    done = install(run, shell).err
    assert done.endswith(f"Installed. Open a new {shell} to use it. Undo: valuelog --uninstall-completion\n")
    assert rc.read_text() == f"alias v=valuelog\n{COMMENT}{lines(home)[shell]}"
    assert script.read_text() == read_script(shell)


def test_fish_needs_only_its_script(run: "Run", home: Path) -> None:
    script = scripts(home)["fish"]
    shown = install(run, "fish").err
    assert f"  Write the script {script}\nInstalled." in shown
    assert files(home) == {str(script.relative_to(home)): read_script("fish")}
    assert stat.S_IMODE(script.stat().st_mode) == 0o600


def test_default_answer_is_no(run: "Run") -> None:
    """The scripted prompter returns the default for an empty answer."""
    assert run("--install-completion", "bash", answers=[""]).err.endswith("Nothing was changed.\n")


@pytest.mark.parametrize("shell", SHELLS)
def test_second_installation_changes_nothing_and_does_not_ask(run: "Run", home: Path, shell: str) -> None:
    install(run, shell)
    before = files(home)
    expected = f"Completion for {shell} is already installed. Remove it: valuelog --uninstall-completion\n"
    assert run("--install-completion", shell).err == expected
    assert files(home) == before


def test_older_script_is_replaced_and_the_line_stays(run: "Run", home: Path) -> None:
    install(run, "zsh")
    rc = (home / ".zshrc").read_text()
    scripts(home)["zsh"].write_text("of an older version")
    assert "Add to" not in install(run, "zsh").err
    assert scripts(home)["zsh"].read_text() == read_script("zsh")
    assert (home / ".zshrc").read_text() == rc


@pytest.mark.parametrize(
    "words",
    [
        ("--install-completion", "--help"),
        ("--install-completion", "zsh", "-h"),
        ("--uninstall-completion", "--help"),
        ("--show-completion", "--help"),
        ("--help", "--install-completion"),
    ],
)
def test_help_behind_the_option_only_shows_help(run: "Run", home: Path, words: tuple[str, ...]) -> None:
    result = run(*words, answers=[])
    assert result.out.startswith("Usage: valuelog")
    assert files(home) == {}


@pytest.mark.parametrize("words", [("--no-input", "--install-completion", "zsh"), ("--install-completion", "zsh")])
def test_installing_without_a_terminal_is_refused(run: "Run", home: Path, words: tuple[str, ...]) -> None:
    result = run(*words, fails=2)
    assert "Nothing was changed.\nDo it by hand: valuelog --show-completion zsh > FILE" in result.err
    assert files(home) == {}


@pytest.mark.parametrize("word", ["--install-completion", "--uninstall-completion", "--show-completion"])
def test_command_behind_the_option_is_refused(run: "Run", word: str) -> None:
    shell = () if word.startswith("--un") else ("zsh",)
    assert "Leave out “undo”." in run(word, *shell, "undo", fails=2).err


@pytest.mark.parametrize("word", ["--install-completion", "--show-completion"])
def test_unknown_shell_is_refused_with_the_known_ones(run: "Run", word: str) -> None:
    assert run(word, "tcsh", fails=2).err == ("valuelog: There is no shell “tcsh”.\nChoose from: bash, zsh, fish.\n")


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("form", ["--show-completion {}", "--show-completion={}"])
def test_script_of_a_named_shell_is_printed(run: "Run", shell: str, form: str) -> None:
    assert run(*form.format(shell).split()).out == read_script(shell)


# zsh


@pytest.mark.parametrize(
    "rc",
    [
        "autoload -Uz compinit && compinit\n",
        "  compinit -i # fast\n",
        'source "$ZSH/oh-my-zsh.sh"\n',
        'source "${ZDOTDIR:-$HOME}/.zprezto/init.zsh"\n',
        "source ~/.zinit/bin/zinit.zsh\n",
        "source ~/antigen.zsh\n",
    ],
)
def test_no_second_compinit_is_added(run: "Run", home: Path, rc: str) -> None:
    (home / ".zshrc").write_text(rc)
    install(run, "zsh")
    assert (home / ".zshrc").read_text() == f"{rc}{COMMENT}{ZSH_LINE_AFTER_COMPINIT}\n"


def test_compinit_in_a_comment_does_not_count(run: "Run", home: Path) -> None:
    (home / ".zshrc").write_text("# compinit is slow\n")
    install(run, "zsh")
    assert ZSH_LINE in (home / ".zshrc").read_text()


def test_tab_completes_in_a_zsh_that_calls_compinit_itself(tmp_path: Path) -> None:
    (tmp_path / ".zshrc").write_text("autoload -Uz compinit; compinit\n")
    shell = Shell("zsh", tmp_path)
    shell.child.send("valuelog --install-completion\r")
    shell.wait_for(lambda screen: "Go ahead?" in screen)
    shell.child.send("y")
    shell.wait_for(lambda screen: "Installed." in screen and screen.endswith(READY.strip()))
    shell.child.close(force=True)
    assert (tmp_path / ".zshrc").read_text().count("compinit; compinit") == 1
    Shell("zsh", tmp_path).tab("valuelog un", "valuelog undo")


# Files of others, links and modes


def test_rc_file_keeps_its_mode_and_its_link(run: "Run", home: Path) -> None:
    dotfiles = home / "dotfiles"
    dotfiles.mkdir()
    (dotfiles / "bashrc").write_bytes(b"# caf\xe9\n")
    (dotfiles / "bashrc").chmod(0o644)
    (home / ".bashrc").symlink_to("dotfiles/bashrc")
    install(run, "bash")
    assert (home / ".bashrc").is_symlink()
    assert (dotfiles / "bashrc").read_bytes() == b"# caf\xe9\n" + (COMMENT + lines(home)["bash"]).encode()
    assert stat.S_IMODE((dotfiles / "bashrc").stat().st_mode) == 0o644
    assert [each.name for each in dotfiles.iterdir()] == ["bashrc"]
    run("--uninstall-completion", answers=[True])
    assert (home / ".bashrc").is_symlink()
    assert (dotfiles / "bashrc").read_bytes() == b"# caf\xe9\n"


@pytest.mark.parametrize("path", [".bashrc", ".bash_completions", ".bash_completions/valuelog.sh"])
def test_link_to_a_file_of_another_user_is_not_followed(run: "Run", home: Path, path: str) -> None:
    other = home / "other"
    if path == ".bash_completions":
        other.mkdir()
    else:
        other.write_text("theirs\n")
    give_to_other_user(other)
    (home / path).parent.mkdir(exist_ok=True)
    (home / path).symlink_to(other)
    before = files(home)
    result = run("--install-completion", "bash", answers=[True], fails=1)
    assert "isn't a file of yours. Nothing was changed." in result.err
    assert files(home) == before


def test_rc_file_that_is_a_folder_is_refused(run: "Run", home: Path) -> None:
    (home / ".bashrc").mkdir()
    assert "cannot be read" in run("--install-completion", "bash", answers=[True], fails=1).err
    assert files(home) == {}


# Uninstalling


def test_uninstalling_restores_each_file(run: "Run", home: Path) -> None:
    (home / ".bashrc").write_text("alias v=valuelog\n")
    before = files(home)
    for shell in SHELLS:
        install(run, shell)
    (home / ".bashrc").write_text(f"{(home / '.bashrc').read_text()}export LATER=1\n")
    installed = files(home)
    shown = run("--uninstall-completion", answers=[False]).err
    assert files(home) == installed
    assert all(f"Remove the script {script}\n" in shown for script in scripts(home).values())
    assert f"  Remove from {home}/.bashrc:\n      {COMMENT}      {lines(home)['bash']}" in shown
    assert run("--uninstall-completion", answers=[True]).err.endswith(
        "Removed. Shells that are open keep it until they end.\n"
    )
    assert files(home) == {**before, ".bashrc": "alias v=valuelog\nexport LATER=1\n"}
    assert not (home / ".zfunc").exists()
    assert run("--uninstall-completion").err == "Completion isn't installed. Nothing was changed.\n"


@pytest.mark.parametrize("shell", RC_FILES)
def test_lines_of_version_0_1_0_are_removed(run: "Run", home: Path, shell: str) -> None:
    """It wrote the line without a comment."""
    script, rc = scripts(home)[shell], home / RC_FILES[shell]
    script.parent.mkdir(parents=True)
    script.write_text(read_script(shell))
    rc.write_text(f"alias v=valuelog\n{lines(home)[shell]}export LATER=1\n")
    assert "already installed" in run("--install-completion", shell).err
    run("--uninstall-completion", answers=[True])
    assert files(home) == {RC_FILES[shell]: "alias v=valuelog\nexport LATER=1\n"}


def test_line_that_other_programs_need_stays(run: "Run", home: Path) -> None:
    """Programs made with Typer share this line and this folder."""
    install(run, "zsh")
    (home / ".zfunc" / "_other").write_text("#compdef other\n")
    shown = run("--uninstall-completion", answers=[True]).err
    assert f"This line stays, because other programs need it, too: {ZSH_LINE}\n" in shown
    assert ZSH_LINE in (home / ".zshrc").read_text()
    assert not scripts(home)["zsh"].exists()


def test_uninstalling_leaves_other_files_alone(run: "Run", home: Path) -> None:
    script = scripts(home)["bash"]
    script.parent.mkdir()
    script.write_text("my own\n")
    (home / ".bashrc").write_text(f"# {lines(home)['bash']}echo {COMMENT}")
    before = files(home)
    assert run("--uninstall-completion").err == "Completion isn't installed. Nothing was changed.\n"
    assert files(home) == before


def test_uninstalling_without_a_terminal_is_refused(run: "Run", home: Path) -> None:
    install(run, "bash")
    before = files(home)
    assert "Remove by hand what is listed above." in run("--uninstall-completion", fails=2).err
    assert files(home) == before
