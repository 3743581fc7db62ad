"""A chat endpoint on loopback that speaks the protocol of chat completions, well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""


@dataclass
class Server:
    """Where it listens, what it was asked (headers and body), and how it answers the n-th request, from 0."""

    answer: Callable[[int, dict[str, Any]], Answer]
    url: str = ""
    asked: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)


def completion(content: str | None, *, refusal: str | None = None, finish_reason: str = "stop") -> Answer:
    """A chat completion as an OpenAI-compatible server sends it."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    choice = {"index": 0, "finish_reason": finish_reason, "message": message, "logprobs": None}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    body = {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice],
        "usage": usage,
    }
    return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


def verdict(match: bool, confidence: float = 1.0) -> Answer:
    """A completion with the object that a judge is asked for."""
    return completion(json.dumps({"match": match, "confidence": confidence}))


def failure(status: int, code: str | None = None, **headers: str) -> Answer:
    """An error as an OpenAI-compatible server sends it."""
    body = {"error": {"message": f"failure {status}", "type": "error", "param": None, "code": code}}
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": "application/json", **fields}, json.dumps(body).encode()


@contextmanager
def serving(answer: Callable[[int, dict[str, Any]], Answer]) -> Iterator[Server]:
    """Serve on a free port of loopback while the context lasts."""
    state, lock = Server(answer), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.path == "/v1/chat/completions"
            with lock:
                number = len(state.asked)
                state.asked.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status, headers, data = state.answer(number, body)
            try:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(data))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the client has stopped waiting, as it should after its time-out

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
