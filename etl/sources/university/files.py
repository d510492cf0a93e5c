"""Writes the world's files: streamed, with fixed line ends, hashed on the way."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

CHUNK = 4_000

HEADERS: dict[str, str] = {
    "students": "code,name,gender,region,admitted_on,admission_score,degree,major,class_group,university,"
    "graduates_on,year,difficulty,goal",
    "resources": "code,kind,name,description,skills,job_clusters,prerequisites,hours,credits,term,capacity,"
    "provider,audience,starts_on,ends_on,policy_level,url",
    "policies": "code,name,level,description,skills,job_clusters,issuer,starts_on,ends_on,url",
    "course_records": "student,course,term,score,score_max,attendance,credits,status",
    "certificates": "student,certificate,term,result",
    "competitions": "student,competition,term,result",
    "practice": "student,resource,term,result,hours",
    "internships": "student,employer,job_cluster,term,started_on,ended_on,role,result",
    "outcomes": "student,job_cluster,employer,started_on,ended_on,salary,status",
    "ventures": "code,name,student,industry,started_on,role,status,description",
    "employers": "code,name,industry,region,size,url",
    "interactions": "key,student,item,kind,at",
    "job_clusters": "code,name,zh,aliases_en,aliases_zh,skills,broader,isco,onet",
    "postings": "code,title,responsibilities,requirements,skills,education,industry,location,salary,"
    "released_on,employer,headcount,closes_on,job_cluster,url,language",
    "truth/mentions": "posting,skill,kind,text",
    "truth/postings": "posting,cluster,month,tone,dirt,copy_of",
    "truth/demand": "cluster,month,postings,expected,mood,training,own_part,text_part,training_part,"
    "graph_part,noise_part,demand_class",
    "truth/students": "student,goal,eagerness,ways",
    "truth/recency": "back,chance",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One written file: its name in the folder, rows below the header, bytes, SHA-256 in hexadecimal."""

    name: str
    rows: int
    size: int
    digest: str


class Table:
    """A CSV file under way: UTF-8, line feeds, quotes only where needed. Use it as a context manager.

    Arguments:
        folder: where to write.
        name: key of HEADERS; the file is called so, with .csv.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = f"{name}.csv"
        self.rows = 0
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self._hash = hashlib.sha256()
        self._size = 0
        self._held: list[Sequence[str]] = [HEADERS[name].split(",")]

    def add(self, row: Sequence[str]) -> None:
        """Write one row."""
        self._held.append(row)
        self.rows += 1
        if len(self._held) >= CHUNK:
            self._flush()

    def extend(self, rows: Iterable[Sequence[str]]) -> None:
        """Write many rows."""
        for row in rows:
            self.add(row)

    def entry(self) -> Entry:
        """What was written; the table must be closed."""
        return Entry(self.name, self.rows, self._size, self._hash.hexdigest())

    def _flush(self) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(self._held)
        data = text.getvalue().encode("utf-8")
        self._held.clear()
        self._hash.update(data)
        self._size += len(data)
        self._file.write(data)

    def __enter__(self) -> "Table":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flush()
        self._file.close()


def write(folder: Path, name: str, *, rows: Iterable[Sequence[str]]) -> Entry:
    """Write a whole table."""
    with Table(folder, name) as table:
        table.extend(rows)
    return table.entry()


def write_text(folder: Path, name: str, *, text: str) -> Entry:
    """Write a file that is not a table."""
    data = text.encode("utf-8")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return Entry(name, 0, len(data), hashlib.sha256(data).hexdigest())


def digest(entries: Iterable[Entry]) -> str:
    """One SHA-256 over names and digests, in order of name."""
    total = hashlib.sha256()
    for entry in sorted(entries, key=lambda entry: entry.name):
        total.update(f"{entry.name} {entry.digest}\n".encode())
    return total.hexdigest()
