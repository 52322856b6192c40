"""Pages of `valuelog explore`: queries, tables, CSV, and access with and without the link."""

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

FORBIDDEN_PATHS = (
    "", "/", "/journal", "/journal/entry.json", "/journal.json?sql=select+1", "/-/static/app.css", "/-/metadata.json",
    "/-/dashboards/value", "/-/auth-token?token=", "/-/allow-debug", "/favicon.ico", "/x/journal/entry",
    "/x/../{}/", "//{}/", "/x%2F{}/", "/{}x/", "/?/{}/",
)  # fmt: skip


# Queries


def test_recurring_pain_points_query(shown: ExploreServer) -> None:
    found = shown.rows("pains-that-keep-coming-back")
    assert [(row["pain"], row["days_seen"], row["last_seen"]) for row in found] == [
        (HOSTILE, 19, "2026-11-19"),
        ("Nobody owns the old import", 3, "2026-11-20"),
        ("Two tools want the same hours typed in", 3, "2026-11-17"),
    ]


def test_value_by_beneficiary_query_counts_entries(shown: ExploreServer) -> None:
    found = {row.pop("beneficiary"): row for row in shown.rows("value-by-beneficiary")}
    assert list(found) == ["company", "coworkers", "customers", "nobody named"]
    entries = shown.rows("entry", side="value", _size="max")
    for beneficiary, row in found.items():
        counted = [entry for entry in entries if beneficiary in beneficiaries_of(entry)]
        assert row["value"] == len(counted)
        assert row["with_evidence"] == sum(entry["evidence"] is not None for entry in counted)
        assert row["last_day"] == max(entry["day"] for entry in counted)


def beneficiaries_of(entry: dict[str, str | None]) -> list[str]:
    return list(json.loads(entry["beneficiaries"])) if entry["beneficiaries"] else ["nobody named"]


@pytest.mark.parametrize("name", ["sam", "@Sam", " SAM "])
def test_query_by_person_normalizes_the_name(shown: ExploreServer, name: str) -> None:
    found = shown.rows("what-did-i-do-for", person=name)
    assert {row["person"] for row in found} == {"sam"}
    assert {row["text"] for row in found} >= {
        "@sam runs the release alone now", "@maya and @sam gave the incident talk alone",
        "@lee got the contract template instead of a meeting",
    }  # fmt: skip


def test_query_by_person_lists_everyone_without_a_name(shown: ExploreServer) -> None:
    assert {row["person"] for row in shown.rows("what-did-i-do-for")} == {HOSTILE_PERSON, "maya", "sam"}


def test_every_saved_query_works_and_is_linked_on_the_home_page(shown: ExploreServer) -> None:
    asked = [query["name"] for query in json.loads(shown.get("journal.json").text)["queries"]]
    assert len(asked) >= 3
    for name in asked:
        assert f'href="journal/{name}"' in shown.get().text
        assert shown.rows(name), name


# Pages


def test_entries_can_be_searched_and_filtered(shown: ExploreServer) -> None:
    page = shown.get("journal/entry")
    assert f"{ENTRY_COUNT + 9} rows" in page.text
    for list_of in ("people", "tags", "effects", "beneficiaries"):
        assert f'data-column="{list_of}"' in page.text
        assert f"{list_of} (array)" in page.text
    assert shown.rows("entry", _search="warehouse", people__arraycontains="sam") == []
    assert len(shown.rows("entry", _search="incident talk", people__arraycontains="sam")) > 1


def test_search_index_tables_are_hidden_and_forbidden(shown: ExploreServer) -> None:
    assert "hidden table" not in shown.get().text
    assert shown.get("journal/entry_fts_idx").status == 403


def test_every_link_works_and_keeps_the_secret_path(shown: ExploreServer) -> None:
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
    """Return the URLs that a page links to, except Datasette's own site."""
    found = [
        urldefrag(urljoin(address, unescape(said)))[0] for said in re.findall(r'(?:href|src|action)="([^"]*)"', page)
    ]
    return [one for one in found if one != "https://datasette.io/"]


def test_user_text_is_escaped_in_html(shown: ExploreServer) -> None:
    entry = next(row for row in shown.rows("entry", _search="alert"))
    for path in ("journal/entry", f"journal/entry/{entry['id']}", "journal/project", "journal/what-did-i-do-for"):
        page = shown.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "alert(2)" in page


def test_bidi_marks_become_visible_and_line_breaks_stay(shown: ExploreServer) -> None:
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
def test_csv_formulas_are_escaped(shown: ExploreServer, asked: str) -> None:
    rows = [*csv.reader(io.StringIO(shown.get(asked).text, newline=""))]
    assert [cell for row in rows for cell in row if "HYPERLINK" in cell] == [
        f"'{FORMULA.splitlines()[0]}\nsecond⟨U+200F⟩⟨U+061C⟩line"
    ]
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))] == []


def test_csv_numbers_are_not_escaped(shown: ExploreServer) -> None:
    assert shown.get(f"journal.csv?{urlencode({'sql': 'select -5 as n'})}").text == "n\r\n-5\r\n"


@pytest.mark.parametrize("typed", ['"', '""', " ", "\0", '"\0', "NEAR("])
def test_search_for_punctuation_finds_nothing(shown: ExploreServer, typed: str) -> None:
    assert shown.rows("entry", _search=typed) == []


@pytest.mark.parametrize(
    "sql", ["delete from entry", "attach '/etc/passwd' as other", "pragma query_only = 0", "select secret_words"]
)
def test_sql_that_is_not_a_query_is_refused(shown: ExploreServer, sql: str) -> None:
    assert shown.get(f"journal?{urlencode({'sql': sql})}").status == 400


# Access


@pytest.mark.parametrize("path", FORBIDDEN_PATHS)
def test_requests_without_the_secret_are_forbidden(shown: ExploreServer, path: str) -> None:
    secret = shown.url.rsplit("/", 2)[1]
    came = fetch(shown.base_url + path.format(secret))
    assert came.status == 403
    assert came.text == "Open this with the link that `valuelog explore` printed, while it is running.\n"


def test_link_without_trailing_slash_redirects(shown: ExploreServer) -> None:
    assert fetch(shown.url.rstrip("/")).url == shown.url


def test_foreign_host_header_is_forbidden(shown: ExploreServer) -> None:
    assert shown.get(Host=f"evil.example:{shown.port}").status == 403
    assert shown.get(Host=f"localhost:{shown.port}").status == 200


@pytest.mark.parametrize("path", ["", "journal/entry.json", "-/static/app.css", "-/dashboards/value", "nowhere"])
def test_responses_have_security_headers_and_no_cookie(shown: ExploreServer, path: str) -> None:
    said = shown.get(path).headers
    assert said["cache-control"] == "no-store"
    assert said["referrer-policy"] == "no-referrer"
    assert "default-src 'self'" in said["content-security-policy"]
    assert "set-cookie" not in said


def test_server_listens_on_one_loopback_address(shown: ExploreServer) -> None:
    with socket.create_connection(("127.0.0.1", shown.port), timeout=5):
        pass
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.2", shown.port), timeout=5):
        pass
