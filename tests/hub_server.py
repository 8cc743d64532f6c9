"""A Hugging Face Hub of one machine: the parts of its HTTP protocol that downloads and uploads use."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one answer: another status, or so many bytes of the content and then nothing."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut_at: int | None = None


class Hub(ThreadingHTTPServer):
    """Repositories by address ("models/owner/name"): revisions (commit, branch or tag) and their files.

    `faults` are for GET requests whose path ends so, each for one answer.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories: dict[str, dict[str, dict[str, bytes]]] = {}
        self.created: list[dict[str, object]] = []
        self.requests: list[str] = []
        self.faults: dict[str, list[Fault]] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def add(self, repository: str, folder: Path, *names: str) -> str:
        """Publish the files of a folder as one commit, also known by `names`; returns the commit."""
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        return self.commit(repository, files, *names)

    def commit(self, repository: str, files: dict[str, bytes], *names: str) -> str:
        commit = hashlib.sha1(repr(sorted(files.items())).encode()).hexdigest()
        revisions = self.repositories.setdefault(repository, {})
        for name in (commit, *names):
            revisions[name] = files
        return commit

    def commit_of(self, repository: str, revision: str) -> str:
        files = self.repositories[repository][revision]
        revisions = self.repositories[repository].items()
        return next(name for name, content in revisions if content is files and len(name) == 40)


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A Hub on a free port of this machine."""
    with Hub() as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield hub
        finally:
            hub.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"
    _fault = Fault()

    def log_message(self, *arguments: object) -> None:
        """Keep the test's output clean."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).strip("/")
        self.server.requests.append(f"{self.command} {path}")
        self._fault = self._next_fault(path)
        if self._fault.status != 200:
            self._answer(self._fault.status, b"{}", self._fault.headers)
            return
        if path.startswith("api/"):
            self._api(path.removeprefix("api/"))
            return
        repository, _, rest = path.partition("/resolve/")
        kind = "" if repository.startswith("datasets/") else "models/"
        revision, _, name = rest.partition("/")
        files = self._files(kind + repository, revision)
        if files is None:
            return
        if name not in files:
            self._answer(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        headers = {
            "ETag": f'"{hashlib.sha1(files[name]).hexdigest()}"',
            "X-Repo-Commit": self.server.commit_of(kind + repository, revision),
        }
        self._answer(200, files[name], headers)

    def _next_fault(self, path: str) -> Fault:
        if self.command == "GET":
            for ending, faults in self.server.faults.items():
                if path.endswith(ending) and faults:
                    return faults.pop(0)
        return Fault()

    def _api(self, path: str) -> None:
        for verb in ("/revision/", "/tree/"):
            if verb in path:
                repository, _, revision = path.partition(verb)
                files = self._files(repository, revision)
                if files is None:
                    return
                commit = self.server.commit_of(repository, revision)
                if verb == "/tree/":
                    self._json([_tree_entry(name, content) for name, content in files.items()])
                else:
                    siblings = [{"rfilename": name} for name in files]
                    self._json({"id": repository.partition("/")[2], "sha": commit, "siblings": siblings})
                return
        self._answer(404, b"{}")

    def do_POST(self) -> None:
        path = unquote(urlsplit(self.path).path).strip("/").removeprefix("api/")
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append(f"POST {path}")
        if path == "repos/create":
            asked = json.loads(body)
            self.server.created.append(asked)
            self._json({"url": f"{self.server.address}/{asked['organization']}/{asked['name']}"})
        elif "/preupload/" in path:
            files = json.loads(body)["files"]
            modes = [{"path": f["path"], "uploadMode": "regular", "shouldIgnore": False} for f in files]
            self._json({"files": modes})
        elif "/commit/" in path:
            repository, _, revision = path.partition("/commit/")
            lines = [json.loads(line) for line in body.splitlines()]
            values = [line["value"] for line in lines if line["key"] == "file"]
            files = {value["path"]: base64.b64decode(value["content"]) for value in values}
            commit = self.server.commit(repository, files, revision)
            self._json(
                {"commitUrl": f"{self.server.address}/{repository}/commit/{commit}", "commitOid": commit}
            )
        elif path.startswith("validate-yaml"):
            self._json({"errors": [], "warnings": []})
        else:
            self._answer(404, b"{}")

    def _files(self, repository: str, revision: str) -> dict[str, bytes] | None:
        revisions = self.server.repositories.get(repository)
        if revisions is None:
            self._answer(404, b"{}", {"X-Error-Code": "RepoNotFound"})
            return None
        if revision not in revisions:
            self._answer(404, b"{}", {"X-Error-Code": "RevisionNotFound"})
            return None
        return revisions[revision]

    def _json(self, content: object) -> None:
        self._answer(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[: self._fault.cut_at])
            self.close_connection |= self._fault.cut_at is not None


def _tree_entry(name: str, content: bytes) -> dict[str, object]:
    return {"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
