"""What an exhibition shows: tables, questions and pictures, to whoever has the link and to nobody else."""

import csv
import io
import json
import re
import socket
from html import unescape
from urllib.parse import urldefrag, urlencode, urljoin

import pytest

from support.datasette_server import FORMULA, HOSTILE, HOSTILE_PERSON, ExploreServer, fetch
from support.sample_quarter import ENTRY_COUNT

WITHOUT_THE_LINK = (
    "", "/", "/journal", "/journal/entry.json", "/journal.json?sql=select+1", "/-/static/app.css", "/-/metadata.json",
    "/-/dashboards/value", "/-/auth-token?token=", "/-/allow-debug", "/favicon.ico", "/x/journal/entry",
    "/x/../{}/", "//{}/", "/x%2F{}/", "/{}x/", "/?/{}/",
)  # fmt: skip


# The questions


def test_which_pains_keep_coming_back(shown: ExploreServer) -> None:
    found = shown.rows("pains-that-keep-coming-back")
    assert [(row["pain"], row["days_seen"], row["last_seen"]) for row in found] == [
        (HOSTILE, 19, "2026-11-19"),
        ("Nobody owns the old import", 3, "2026-11-20"),
        ("Two tools want the same hours typed in", 3, "2026-11-17"),
    ]


def test_value_by_beneficiary_counts_what_entries_say(shown: ExploreServer) -> None:
    found = {row.pop("beneficiary"): row for row in shown.rows("value-by-beneficiary")}
    assert list(found) == ["company", "coworkers", "customers", "nobody named"]
    for said, row in found.items():
        told = [entry for entry in shown.rows("entry", side="value", _size="max") if said in told_for(entry)]
        assert row["value"] == len(told)
        assert row["with_evidence"] == sum(entry["evidence"] is not None for entry in told)
        assert row["last_day"] == max(entry["day"] for entry in told)


def told_for(entry: dict[str, str | None]) -> list[str]:
    return list(json.loads(entry["beneficiaries"])) if entry["beneficiaries"] else ["nobody named"]


@pytest.mark.parametrize("name", ["sam", "@Sam", " SAM "])
def test_what_did_i_do_for_sam_whatever_they_are_called(shown: ExploreServer, name: str) -> None:
    found = shown.rows("what-did-i-do-for", person=name)
    assert {row["person"] for row in found} == {"sam"}
    assert {row["text"] for row in found} >= {
        "@sam runs the release alone now", "@maya and @sam gave the incident talk alone",
        "@lee got the contract template instead of a meeting",
    }  # fmt: skip


def test_without_a_name_it_says_what_was_done_for_everybody(shown: ExploreServer) -> None:
    assert {row["person"] for row in shown.rows("what-did-i-do-for")} == {HOSTILE_PERSON, "maya", "sam"}


def test_every_question_has_an_answer_and_stands_on_the_first_page(shown: ExploreServer) -> None:
    asked = [query["name"] for query in json.loads(shown.get("journal.json").text)["queries"]]
    assert len(asked) >= 3
    for name in asked:
        assert f'href="journal/{name}"' in shown.get().text
        assert shown.rows(name), name


# The pages


def test_the_entries_are_there_with_what_can_be_narrowed_down(shown: ExploreServer) -> None:
    page = shown.get("journal/entry")
    assert f"{ENTRY_COUNT + 9} rows" in page.text
    for list_of in ("people", "tags", "effects", "beneficiaries"):
        assert f'data-column="{list_of}"' in page.text
        assert f"{list_of} (array)" in page.text
    assert shown.rows("entry", _search="warehouse", people__arraycontains="sam") == []
    assert len(shown.rows("entry", _search="incident talk", people__arraycontains="sam")) > 1


def test_the_index_of_words_is_no_page(shown: ExploreServer) -> None:
    assert "hidden table" not in shown.get().text
    assert shown.get("journal/entry_fts_idx").status == 403


def test_every_link_leads_to_a_page_behind_the_same_secret(shown: ExploreServer) -> None:
    todo, seen, shapes = [shown.url], set(), set()
    while todo:
        address = todo.pop(0)
        shape = re.sub(r"=[^&]*|(?<=/entry/)\w+", "", address)
        if address in seen or shape in shapes or shape.count("&") > 1:
            continue
        shapes.add(shape)
        seen.add(address)
        page = shown.get(address.removeprefix(shown.url))
        assert page.status == 200, address
        if page.headers["content-type"].startswith("text/html"):
            todo += links(page.text, address)
    assert all(address.startswith(shown.url) for address in seen)
    assert len(seen) > 100


def links(page: str, address: str) -> list[str]:
    """Return where a page leads, but for the site of Datasette itself."""
    found = [
        urldefrag(urljoin(address, unescape(said)))[0] for said in re.findall(r'(?:href|src|action)="([^"]*)"', page)
    ]
    return [one for one in found if one != "https://datasette.io/"]


def test_what_people_wrote_stays_text(shown: ExploreServer) -> None:
    entry = next(row for row in shown.rows("entry", _search="alert"))
    for path in ("journal/entry", f"journal/entry/{entry['id']}", "journal/project", "journal/what-did-i-do-for"):
        page = shown.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "alert(2)" in page


def test_marks_that_turn_writing_around_are_visible_and_lines_stay(shown: ExploreServer) -> None:
    (row,) = shown.rows("entry", _search="hyperlink")
    assert row["text"] == f"{FORMULA.splitlines()[0]}\nsecond⟨U+200F⟩⟨U+061C⟩line"
    assert not set("\u200f\u061c") & set(shown.get("journal/entry?_search=hyperlink").text)


@pytest.mark.parametrize(
    "asked",
    [
        "journal/entry.csv?_search=hyperlink", "journal/entry.csv?_search=hyperlink&_stream=1&_size=max",
        "journal/entry.csv?_search=hyperlink&_labels=on&_dl=1",
        f"journal.csv?{urlencode({'sql': 'select text as [=text] from entry'})}",
    ],
)  # fmt: skip
def test_a_spreadsheet_takes_no_text_for_a_formula(shown: ExploreServer, asked: str) -> None:
    rows = [*csv.reader(io.StringIO(shown.get(asked).text, newline=""))]
    assert [cell for row in rows for cell in row if "HYPERLINK" in cell] == [
        f"'{FORMULA.splitlines()[0]}\nsecond⟨U+200F⟩⟨U+061C⟩line"
    ]
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))] == []


def test_numbers_stay_numbers_in_csv(shown: ExploreServer) -> None:
    assert shown.get(f"journal.csv?{urlencode({'sql': 'select -5 as n'})}").text == "n\r\n-5\r\n"


@pytest.mark.parametrize("typed", ['"', '""', " ", "\0", '"\0', "NEAR("])
def test_what_is_no_word_is_found_nowhere(shown: ExploreServer, typed: str) -> None:
    assert shown.rows("entry", _search=typed) == []


@pytest.mark.parametrize(
    "sql", ["delete from entry", "attach '/etc/passwd' as other", "pragma query_only = 0", "select secret_words"]
)
def test_nothing_but_questions_is_asked(shown: ExploreServer, sql: str) -> None:
    assert shown.get(f"journal?{urlencode({'sql': sql})}").status == 400


# The link


@pytest.mark.parametrize("path", WITHOUT_THE_LINK)
def test_without_the_link_nothing_is_told(shown: ExploreServer, path: str) -> None:
    secret = shown.url.rsplit("/", 2)[1]
    came = fetch(shown.base_url + path.format(secret))
    assert came.status == 403
    assert came.text == "This opens with the link that `valuelog explore` printed, as long as that runs.\n"


def test_a_link_without_its_last_slash_works(shown: ExploreServer) -> None:
    assert fetch(shown.url.rstrip("/")).url == shown.url


def test_a_page_from_elsewhere_whose_name_leads_here_is_told_nothing(shown: ExploreServer) -> None:
    assert shown.get(Host=f"evil.example:{shown.port}").status == 403
    assert shown.get(Host=f"localhost:{shown.port}").status == 200


@pytest.mark.parametrize("path", ["", "journal/entry.json", "-/static/app.css", "-/dashboards/value", "nowhere"])
def test_no_page_may_ask_others_or_stay_in_a_browser(shown: ExploreServer, path: str) -> None:
    said = shown.get(path).headers
    assert said["cache-control"] == "no-store"
    assert said["referrer-policy"] == "no-referrer"
    assert "default-src 'self'" in said["content-security-policy"]
    assert "set-cookie" not in said


def test_only_this_machine_reaches_it(shown: ExploreServer) -> None:
    with socket.create_connection(("127.0.0.1", shown.port), timeout=5):
        pass
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.2", shown.port), timeout=5):
        pass
