"""Real output of the supported tools, and helpers to read it."""

import io
from datetime import time
from importlib import import_module
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

from valuelog.exchange import ImportContext, PassedOver, Record, Rejected

if TYPE_CHECKING:
    from valuelog.exchange import Reader

BERLIN_CONTEXT = ImportContext(zone=ZoneInfo("Europe/Berlin"), day_ends_at=time(4))

JRNL = """{
  "tags": {"@sam": 1, "#painpoint": 1, "@maya": 1},
  "entries": [
    {
      "title": "Unblocked @sam on billing! Wrote the runbook so next time nobody waits.",
      "body": "Second line: cut 3h to 20m.",
      "date": "2026-03-02", "time": "09:30", "tags": ["@sam"], "starred": true
    },
    {"title": "Only title no body", "body": "", "date": "2026-11-17", "time": "09:00", "tags": [], "starred": false},
    {
      "title": "Noticed deploys wait on one approver.", "body": "Asked @maya about a rota. #painpoint",
      "date": "2026-11-21", "time": "18:00", "tags": ["#painpoint", "@maya"], "starred": false
    }
  ]
}"""

FRAMES = """[
 [1772438400, 1772443800, "billing", "c77b967ea07c4b53af985a12e4dfb62b", ["runbook", "docs writing"], 1795380216],
 [1772445600, 1772448300, "meetings", "03a59d40a4bd441fabdeab4de91365fb", [], 1795380216]
]"""

WATSON = """[
    {
        "id": "c77b967ea07c4b53af985a12e4dfb62b", "project": "billing",
        "start": "2026-03-02T09:00:00+01:00", "stop": "2026-03-02T10:30:00+01:00",
        "tags": ["runbook", "docs writing"]
    },
    {
        "id": "03a59d40a4bd441fabdeab4de91365fb", "project": "meetings",
        "start": "2026-03-02T11:00:00+01:00", "stop": "2026-03-02T11:45:00+01:00", "tags": []
    }
]"""

TIMEWARRIOR = r"""[
{"id":3,"start":"20260302T080000Z","end":"20260302T093000Z","tags":["billing","on call","review"],
"annotation":"Wrote \"runbook\" for refunds"},
{"id":2,"start":"20260302T100000Z","end":"20260302T104500Z","annotation":"no tags here"},
{"id":1,"start":"20261122T204336Z","tags":["platform"]}
]"""

TASKWARRIOR = """[
{"id":0,"description":"Refund runbook","due":"20260308T230000Z","end":"20261122T204336Z","entry":"20261122T204336Z",
"modified":"20261122T204336Z","project":"billing","status":"completed","uuid":"d20c3ffd-bc40-4d18-848a-9c25b4d6405e",
"annotations":[{"entry":"20261122T204336Z","description":"helped Sam"}],"tags":["value"],"urgency":14.6},
{"id":1,"description":"Later","entry":"20261122T204336Z","status":"pending","uuid":"3f1c","urgency":1}
]
"""

DAYONE = r"""{
  "metadata": {"version": "1.0"},
  "entries": [
    {
      "uuid": "6F1E5C0A9B7D4C5E8F00112233445566", "creationDate": "2026-03-02T23:30:00Z", "timeZone": "Asia/Tokyo",
      "starred": true, "tags": ["Refund flow"], "text": "Refunds go out by themselves\\. ![](dayone-moment:\/\/AB12)",
      "location": {"localityName": "Tokyo"}, "duration": 0
    },
    {"uuid": "A2", "creationDate": "2026-03-03T00:30:00Z", "timeZone": "Europe\/Berlin", "text": "Late\nnote"}
  ]
}"""

KLOG = """{"records":[
{"date":"2026-03-02","summary":"A calm day #office","total":"2h15m","total_mins":135,"should_total":"0m",
"should_total_mins":0,"diff":"+2h15m","diff_mins":135,"tags":["#office"],"entries":[
{"type":"range","summary":"Refund runbook #ticket=891","tags":["#ticket=891"],"total":"1h30m","total_mins":90,
"start":"8:00","start_mins":480,"end":"9:30","end_mins":570},
{"type":"duration","summary":"","tags":[],"total":"45m","total_mins":45},
{"type":"duration","summary":"lunch","tags":[],"total":"-30m","total_mins":-30},
{"type":"open_range","summary":"still on it","tags":[],"total":"0m","total_mins":0,"start":"10:00","start_mins":600}
]},
{"date":"2026/03/03","summary":"Off sick","total":"0m","total_mins":0,"tags":[],"entries":[]}
],"warnings":null,"errors":null}"""

BRAGFILE = """[
  {
    "id": 1, "title": "shipped FTS5", "description": "migration 0002 landed", "tags": "sqlite,full text",
    "project": "bragfile", "type": "shipped", "impact": "unblocked search",
    "created_at": "2026-04-22T06:30:00Z", "updated_at": "2026-04-22T06:30:00Z"
  },
  {
    "id": 2, "title": "note", "description": "", "tags": "", "project": "", "type": "", "impact": "",
    "created_at": "2026-04-22T01:30:00Z", "updated_at": "2026-04-22T01:30:00Z"
  }
]"""

CSV = """day,kind,text,minutes,people,tags,project,effects,beneficiaries,evidence
2026-03-02,helped,"@sam runs the release, alone",1h30m,sam maya,release,billing,easier more-reliable,coworkers,'=3 of 3
2026-03-03,,"two
lines",,,,,,,
"""

SAMPLES = {
    "bragfile": BRAGFILE,
    "csv": CSV,
    "dayone": DAYONE,
    "jrnl": JRNL,
    "klog": KLOG,
    "taskwarrior": TASKWARRIOR,
    "timewarrior": TIMEWARRIOR,
    "watson": WATSON,
}


def load_reader(name: str) -> "Reader":
    """Return the reader of a format."""
    reader: Reader = import_module(f"valuelog.exchange.{name}").read
    return reader


def read_all(name: str, data: bytes | str, context: ImportContext = BERLIN_CONTEXT) -> list[Record | Rejected]:
    """Read all records of a file, without those that are passed over."""
    raw = data if isinstance(data, bytes) else data.encode()
    records = load_reader(name)(io.BytesIO(raw), context)
    return [record for record in records if not isinstance(record, PassedOver)]


def read_valid(name: str, data: bytes | str, context: ImportContext = BERLIN_CONTEXT) -> list[Record]:
    """Read a file in which every record is valid."""
    records = read_all(name, data, context)
    assert not [record for record in records if isinstance(record, Rejected)], records
    return [record for record in records if isinstance(record, Record)]


def read_rejected(name: str, data: bytes | str) -> list[tuple[str, str]]:
    """Return the locations and reasons of the invalid records of a file."""
    return [(record.location, record.reason) for record in read_all(name, data) if isinstance(record, Rejected)]


def make_zip(**files: str | bytes) -> bytes:
    """Return a zip of .json files; `__` in a name becomes a slash."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/") + ".json", data)
    return buffer.getvalue()
