"""The words of a trade in the settings, and where they are shown."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from valuelog.questions.catalogue import load_evening_questions

if TYPE_CHECKING:
    from conftest import Run

PAGE = Path(__file__).parents[2] / "docs" / "trade.md"

WARD = """\
[words]
beneficiaries = { customers = "patients", coworkers = "the ward", families = "families" }
effects = { calmer = "calmer for nights" }
"""

FLAGS = ("--for", "ward", "--for", "fam", "--effect", "calmer-for-nights", "--effect", "faster")


@pytest.fixture
def config(home: Path) -> Callable[[str], None]:
    """Return a function that writes config.toml."""

    def write(text: str) -> None:
        path = home / "config" / "valuelog" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return write


@pytest.fixture
def ward(run: "Run", config: Callable[[str], None]) -> "Run":
    """Log one improvement in the words of a ward; return `run`."""
    config(WARD)
    run("add", "improvement", "one list", *FLAGS)
    return run


def test_entries_have_keys(ward: "Run") -> None:
    entry = json.loads(ward("list", "--json").out)[0]
    assert (entry["beneficiaries"], entry["effects"]) == (["coworkers", "families"], ["calmer", "faster"])
    assert "calmer,faster\tcoworkers,families" in ward("list", "--plain").out
    assert "calmer faster,coworkers families" in ward("export", "csv").out
    assert '"beneficiaries":["coworkers","families"]' in ward("export", "jsonl").out.replace(", ", ",").replace(
        ": ", ":"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("show", "{id}"),
        ("review", "--week"),
        ("review", "--week", "--markdown"),
        ("review", "--week", "--html", "-"),
        ("brag", "--markdown"),
        ("brag",),
        ("brag", "--html", "-"),
        ("export", "markdown"),
    ],
    ids=" ".join,
)
def test_people_read_the_words_of_the_trade(ward: "Run", words: tuple[str, ...]) -> None:
    entry = json.loads(ward("list", "--json").out)[0]["id"]
    shown = " ".join(ward(*(word.format(id=entry) for word in words)).out.split())
    assert "calmer for nights" in shown
    assert re.search("(?:[Ff]or|the) (?:the )?ward", shown)
    assert "families" in shown
    assert "co-workers" not in shown


def test_words_are_escaped(run: "Run", config: Callable[[str], None]) -> None:
    config('[words]\nbeneficiaries = { customers = "<b>*guests*</b>" }\neffects = { faster = "[bold]_quick_" }\n')
    run("add", "improvement", "one list", "--for", "customers", "--effect", "faster")
    for words in (("review", "--week", "--html", "-"), ("brag", "--html", "-")):
        page = run(*words).out
        assert "&lt;b&gt;*guests*&lt;/b&gt;" in page
        assert "<b>*guests*" not in page
    for command in (("review", "--week", "--markdown"), ("brag", "--markdown"), ("export", "markdown")):
        document = run(*command).out
        assert "[bold]" not in document.replace("\\[bold", "")
        assert "<b>" not in document.replace("\\<b", "")
    assert "[bold]_quick_" in run("list").out


def test_small_review_says_what_was_made_better(ward: "Run") -> None:
    assert "You made something calmer for nights." in ward("review", "--week").out


def test_review_of_many_entries_counts_words(ward: "Run") -> None:
    for number in range(9):
        ward("add", "improvement", f"list {number}", "--for", "patients", "--effect", "faster")
    shown = " ".join(ward("review", "--week", "--numbers", COLUMNS="120").out.split())
    assert "faster 10 · calmer for nights 1 · for the ward 1 · for patients 9 · for families 1" in shown


def test_evening_offers_the_words(run: "Run", config: Callable[[str], None]) -> None:
    config(f'{WARD}[evening]\nquestions = ["improvement"]\n')
    run("today", answers=["one list", ["calmer for nights", "more reliable"], ["ward", "families", "company"]])
    entry = json.loads(run("list", "--json").out)[0]
    assert entry["effects"] == ["calmer", "more-reliable"]
    assert entry["beneficiaries"] == ["coworkers", "families", "company"]


def test_answers_of_a_file_take_words_and_keys(run: "Run", config: Callable[[str], None]) -> None:
    config(WARD)
    line = {"kind": "improvement", "text": "x", "beneficiaries": ["patients", "customers"], "effects": ["calm"]}
    run("today", "--answers", "-", stdin=json.dumps(line).encode())
    entry = json.loads(run("list", "--json").out)[0]
    assert (entry["beneficiaries"], entry["effects"]) == (["customers"], ["calmer"])


def test_edit_promote_and_fix_take_words(run: "Run", config: Callable[[str], None]) -> None:
    config(WARD)
    edited = json.loads(run("add", "improvement", "x", "--json").out)["id"]
    run("edit", edited, "--for", "patients")
    promoted = json.loads(run("add", "activity", "y", "--json").out)["id"]
    run("promote", promoted, "improvement", "--for", "ward")
    pain = json.loads(run("add", "pain", "slow", "--json").out)["id"]
    run("pain", "fix", pain, "new beds", "--for", "families")
    found = {entry["text"]: entry["beneficiaries"] for entry in json.loads(run("list", "--json").out)}
    assert found == {"x": ["customers"], "y": ["coworkers"], "new beds": ["families"]}


def test_removed_word_shows_its_key(ward: "Run", config: Callable[[str], None]) -> None:
    config("")
    shown = " ".join(ward("list").out.split())
    assert "calmer · faster · for co-workers, families" in shown
    assert "**For families**" in ward("brag", "--markdown").out


def test_journal_with_new_keys_goes_through_jsonl(ward: "Run", home: Path) -> None:
    exported = ward("export", "jsonl").out
    other = ("--journal", str(home / "other.db"))
    ward(*other, "import", "jsonl", "-", stdin=exported.encode())
    assert ward(*other, "export", "jsonl").out == exported
    assert "calmer for nights · faster · for the ward, families" in " ".join(ward(*other, "list").out.split())


@pytest.mark.parametrize(("key", "is_read"), [("night-shift", True), ("night_shift", False), ("x" * 41, False)])
def test_import_reads_keys_of_the_right_form(run: "Run", key: str, *, is_read: bool) -> None:
    table = f"day,text,kind,beneficiaries\n2026-11-20,a,improvement,{key}\n"
    run("import", "csv", "-", stdin=table.encode(), fails=int(not is_read))
    assert [entry["beneficiaries"] for entry in json.loads(run("list", "--json").out)] == [[key]] * is_read


def test_unknown_word_names_the_words(run: "Run", config: Callable[[str], None]) -> None:
    config(WARD)
    assert (
        "Choose from: ward, patients, company, families." in run("add", "improvement", "x", "--for", "b", fails=2).err
    )


def test_completion_offers_words_and_then_keys(run: "Run", config: Callable[[str], None]) -> None:
    config(WARD)
    for typed, offered in (("", ["ward", "patients", "company", "families"]), ("cu", ["customers"])):
        completed = run("add", "improvement", "x", "--for", typed, _VALUELOG_COMPLETE="bash")
        assert completed.out.split() == ["words", *offered]


def test_help_names_the_words(run: "Run", config: Callable[[str], None]) -> None:
    assert "Who benefits: coworkers, customers, company." in " ".join(run("add", "--help").out.split())
    config(WARD)
    assert "Who benefits: ward, patients, company, families." in " ".join(run("add", "--help").out.split())


# Settings


def test_config_shows_and_sets_words(run: "Run", config: Callable[[str], None], home: Path) -> None:
    config(WARD)
    facts = json.loads(run("config", "--json").out)
    assert facts["words.effects"]["value"] == {"calmer": "calmer for nights"}
    assert facts["words.effects"]["origin"].endswith("config.toml")
    text = run("config", "get", "words.beneficiaries").out.strip()
    assert text == "customers=patients, coworkers=the ward, families=families"
    run("config", "set", "words.beneficiaries", "customers=guests")
    assert run("config", "get", "words.beneficiaries").out == "customers=guests\n"
    run("config", "set", "words.beneficiaries", text)
    written = tomllib.loads((home / "config" / "valuelog" / "config.toml").read_text())
    assert written["words"] == tomllib.loads(WARD)["words"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('beneficiary = { a = "b" }', "Did you mean words.beneficiaries?"),
        ("beneficiaries = 3", 'words.beneficiaries: expected a table of keys and your words: customers = "patients"'),
        ("effects = { cheaper = 3 }", 'words.effects: expected a table of keys and your words: cheaper = "cheaper"'),
        ('effects = { "a b_" = "x" }', "words.effects: “a b_” can't be a key."),
        ('effects = { faster = "Easier" }', "words.effects: “Easier” could be easier or faster; use another word"),
        ('effects = { faster = " " }', "words.effects: expected text"),
        ('effects = { faster = "!" }', "words.effects: “!” is not a word"),
        ('effects = { faster = "\\u001b[1m" }', "words.effects: The text has a character that can't be saved"),
        (f'effects = {{ faster = "{"x" * 41}" }}', "is too long; use at most 40 characters"),
    ],
)
def test_wrong_words_are_named(run: "Run", config: Callable[[str], None], text: str, message: str) -> None:
    config(f"[words]\n{text}\n")
    assert message in run("config", "list", fails=1).err


@pytest.mark.parametrize("value", ["foo", "faster=easier", "a_b=c"])
def test_config_set_refuses_wrong_words(run: "Run", config: Callable[[str], None], home: Path, value: str) -> None:
    config(WARD)
    assert "Nothing was changed." in run("config", "set", "words.effects", value, fails=2).err
    assert (home / "config" / "valuelog" / "config.toml").read_text() == WARD


# The sets in the docs


def read_sets() -> dict[str, str]:
    """Return the sets of the page by their headings."""
    return dict(re.findall(r"^### (\w+)\n\n```toml\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE))


def test_page_has_three_sets() -> None:
    assert list(read_sets()) == ["Engineering", "Nursing", "Teaching"]


@pytest.mark.parametrize("trade", ["Engineering", "Nursing", "Teaching"])
def test_evening_with_a_set_of_the_page(run: "Run", config: Callable[[str], None], trade: str) -> None:
    text = read_sets()[trade]
    loaded = tomllib.loads(text)
    words, (daily, rotating) = loaded["words"], loaded["evening"]["own"]
    off = json.dumps([question.id for question in load_evening_questions() if question.rotates])

    config(f'[evening]\nquestions = ["improvement"]\noff = {json.dumps([daily["id"]])}\n{text}')
    effects, whom = (
        [word.removeprefix("the ") for word in words[name].values()] for name in ("effects", "beneficiaries")
    )
    run("today", answers=["one page", effects, whom])
    config(f"[evening]\nquestions = []\n{text}")
    run("today", answers=["answered"])
    config(f'[evening]\nquestions = ["rotating"]\noff = {off}\n{text}')
    run("today", answers=["it is my turn"])

    entries = {entry["text"]: entry for entry in json.loads(run("list", "--json").out)}
    assert entries["one page"]["effects"] == list(words["effects"])
    assert entries["one page"]["beneficiaries"] == list(words["beneficiaries"])
    assert (entries["answered"]["question"], entries["answered"]["kind"]) == (daily["id"], daily["kind"])
    if rotating["kind"] == "pain":
        assert json.loads(run("pain", "list", "--json").out)[0]["text"] == "it is my turn"
    else:
        assert entries["it is my turn"]["question"] == rotating["id"]
    assert f"for {', '.join(words['beneficiaries'].values())}" in " ".join(run("list").out.split())
