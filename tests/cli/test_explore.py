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


def test_recurring_pain_points_query(explore_server: ExploreServer) -> None:
    rows = explore_server.rows("pains-that-keep-coming-back")
    assert [(row["pain"], row["days_seen"], row["last_seen"]) for row in rows] == [
        (HOSTILE, 19, "2026-11-19"),
        ("Nobody owns the old import", 3, "2026-11-20"),
        ("Two tools want the same hours typed in", 3, "2026-11-17"),
    ]


def test_value_by_beneficiary_query_counts_entries(explore_server: ExploreServer) -> None:
    rows = {row.pop("beneficiary"): row for row in explore_server.rows("value-by-beneficiary")}
    assert list(rows) == ["company", "coworkers", "customers", "nobody named"]
    entries = explore_server.rows("entry", side="value", _size="max")
    for beneficiary, row in rows.items():
        counted = [entry for entry in entries if entry["counts"] and beneficiary in beneficiaries_of(entry)]
        assert row["value"] == len(counted)
        assert row["proven"] == sum(entry["proven"] for entry in counted)
        assert row["last_day"] == max(entry["day"] for entry in counted)


def beneficiaries_of(entry: dict[str, str | None]) -> list[str]:
    return list(json.loads(entry["beneficiaries"])) if entry["beneficiaries"] else ["nobody named"]


@pytest.mark.parametrize("name", ["sam", "@Sam", " SAM "])
def test_query_by_person_normalizes_the_name(explore_server: ExploreServer, name: str) -> None:
    rows = explore_server.rows("what-did-i-do-for", person=name)
    assert {row["person"] for row in rows} == {"sam"}
    assert {row["text"] for row in rows} >= {
        "@sam runs the release alone now", "@maya and @sam gave the incident talk alone",
        "@lee got the contract template instead of a meeting",
    }  # fmt: skip


def test_query_by_person_lists_everyone_without_a_name(explore_server: ExploreServer) -> None:
    assert {row["person"] for row in explore_server.rows("what-did-i-do-for")} == {HOSTILE_PERSON, "maya", "sam"}


def test_every_saved_query_works_and_is_linked_on_the_home_page(explore_server: ExploreServer) -> None:
    asked = [query["name"] for query in json.loads(explore_server.get("journal.json").text)["queries"]]
    assert len(asked) >= 3
    for name in asked:
        assert f'href="journal/{name}"' in explore_server.get().text
        assert explore_server.rows(name), name


def test_repeated_words_count_once_and_what_failed_never(explore_server: ExploreServer) -> None:
    entries = explore_server.rows("entry", _search="rollout", _sort="created")
    assert [(entry["side"], entry["counts"], entry["proven"]) for entry in entries] == [
        ("value", 1, 1),
        ("value", 0, 1),
    ]
    (failed,) = explore_server.rows("entry", _search="cache")
    assert (failed["side"], failed["counts"], failed["held"], failed["held_on"]) == ("neither", 0, "no", "2026-11-20")
    done = [row["text"] for row in explore_server.rows("what-did-i-do-for", person="maya")]
    assert "the rollout takes a day" in done
    assert not {"The rollout takes a day!", "the cache is faster"} & {*done}
    unproven = {row["text"] for row in explore_server.rows("value-without-evidence", _size="max")}
    assert not {"the rollout takes a day", "the cache is faster"} & unproven


def test_sums_are_those_of_the_program(explore_server: ExploreServer) -> None:
    days: dict[str, list[int]] = {}
    for entry in explore_server.rows("entry", _size="max"):
        counts = days.setdefault(entry["day"], [0, 0])
        counts[entry["side"] == "work"] += entry["counts"]
    daily = explore_server.rows("daily", _size="max")
    assert {row["day"]: [row["value"], row["work"]] for row in daily} == {
        day: counts for day, counts in days.items() if any(counts)
    }


def test_readings_of_projects_query(explore_server: ExploreServer) -> None:
    assert [(row["project"], row["day"], row["reading"]) for row in explore_server.rows("how-measures-changed")] == [
        (HOSTILE, "2026-11-20", HOSTILE)
    ]
    (reading,) = explore_server.rows("measurement")
    assert reading["value"] == HOSTILE


# Pages


def test_entries_can_be_searched_and_filtered(explore_server: ExploreServer) -> None:
    page = explore_server.get("journal/entry")
    assert f"{ENTRY_COUNT + 12} rows" in page.text
    for list_of in ("people", "tags", "effects", "beneficiaries"):
        assert f'data-column="{list_of}"' in page.text
        assert f"{list_of} (array)" in page.text
    assert explore_server.rows("entry", _search="warehouse", people__arraycontains="sam") == []
    assert len(explore_server.rows("entry", _search="incident talk", people__arraycontains="sam")) > 1


def test_search_index_tables_are_hidden_and_forbidden(explore_server: ExploreServer) -> None:
    assert "hidden table" not in explore_server.get().text
    assert explore_server.get("journal/entry_fts_idx").status == 403


def test_every_link_works_and_keeps_the_secret_path(explore_server: ExploreServer) -> None:
    todo, seen, shapes = [explore_server.url], set(), set()
    while todo:
        address = todo.pop(0)
        shape = re.sub(r"=[^&]*|(?<=/entry/)\w+", "", address)
        if address in seen or shape in shapes or shape.count("&") > 1:
            continue
        shapes.add(shape)
        seen.add(address)
        page = explore_server.get(address.removeprefix(explore_server.url))
        assert page.status == 200, address
        if page.headers["content-type"].startswith("text/html"):
            todo += links(page.text, address)
    assert all(address.startswith(explore_server.url) for address in seen)
    assert len(seen) > 100


def links(page: str, address: str) -> list[str]:
    """Return the URLs that a page links to, except Datasette's own site."""
    addresses = [
        urldefrag(urljoin(address, unescape(link)))[0] for link in re.findall(r'(?:href|src|action)="([^"]*)"', page)
    ]
    return [one for one in addresses if one != "https://datasette.io/"]


def test_user_text_is_escaped_in_html(explore_server: ExploreServer) -> None:
    entry = next(row for row in explore_server.rows("entry", _search="alert"))
    for path in ("journal/entry", f"journal/entry/{entry['id']}", "journal/project", "journal/what-did-i-do-for"):
        page = explore_server.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "alert(2)" in page


def test_bidi_marks_become_visible_and_line_breaks_stay(explore_server: ExploreServer) -> None:
    (row,) = explore_server.rows("entry", _search="hyperlink")
    assert row["text"] == f"{FORMULA.splitlines()[0]}\nsecond⟨U+200F⟩⟨U+061C⟩line"
    assert not set("\u200f\u061c") & set(explore_server.get("journal/entry?_search=hyperlink").text)


@pytest.mark.parametrize(
    "asked",
    [
        "journal/entry.csv?_search=hyperlink", "journal/entry.csv?_search=hyperlink&_stream=1&_size=max",
        "journal/entry.csv?_search=hyperlink&_labels=on&_dl=1",
        f"journal.csv?{urlencode({'sql': 'select text as [=text] from entry'})}",
    ],
)  # fmt: skip
def test_csv_formulas_are_escaped(explore_server: ExploreServer, asked: str) -> None:
    rows = [*csv.reader(io.StringIO(explore_server.get(asked).text, newline=""))]
    assert [cell for row in rows for cell in row if "HYPERLINK" in cell] == [
        f"'{FORMULA.splitlines()[0]}\nsecond⟨U+200F⟩⟨U+061C⟩line"
    ]
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))] == []


def test_csv_numbers_are_not_escaped(explore_server: ExploreServer) -> None:
    assert explore_server.get(f"journal.csv?{urlencode({'sql': 'select -5 as n'})}").text == "n\r\n-5\r\n"


@pytest.mark.parametrize("typed", ['"', '""', " ", "\0", '"\0', "NEAR("])
def test_search_for_punctuation_finds_nothing(explore_server: ExploreServer, typed: str) -> None:
    assert explore_server.rows("entry", _search=typed) == []


@pytest.mark.parametrize(
    "sql", ["delete from entry", "attach '/etc/passwd' as other", "pragma query_only = 0", "select secret_words"]
)
def test_sql_that_is_not_a_query_is_refused(explore_server: ExploreServer, sql: str) -> None:
    assert explore_server.get(f"journal?{urlencode({'sql': sql})}").status == 400


# Access


@pytest.mark.parametrize("path", FORBIDDEN_PATHS)
def test_requests_without_the_secret_are_forbidden(explore_server: ExploreServer, path: str) -> None:
    secret = explore_server.url.rsplit("/", 2)[1]
    response = fetch(explore_server.base_url + path.format(secret))
    assert response.status == 403
    assert response.text == "Open this with the link that `valuelog explore` printed, while it is running.\n"


def test_link_without_trailing_slash_redirects(explore_server: ExploreServer) -> None:
    assert fetch(explore_server.url.rstrip("/")).url == explore_server.url


def test_foreign_host_header_is_forbidden(explore_server: ExploreServer) -> None:
    assert explore_server.get(Host=f"evil.example:{explore_server.port}").status == 403
    assert explore_server.get(Host=f"localhost:{explore_server.port}").status == 200


@pytest.mark.parametrize("path", ["", "journal/entry.json", "-/static/app.css", "-/dashboards/value", "nowhere"])
def test_responses_have_security_headers_and_no_cookie(explore_server: ExploreServer, path: str) -> None:
    headers = explore_server.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "set-cookie" not in headers


def test_server_listens_on_one_loopback_address(explore_server: ExploreServer) -> None:
    with socket.create_connection(("127.0.0.1", explore_server.port), timeout=5):
        pass
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.2", explore_server.port), timeout=5):
        pass
