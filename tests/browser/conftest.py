"""A browser without a network, and the pages that tests open from disk.

Chromium is Debian's. Where it or playwright is missing the tests are skipped, except where
CLAIMBENCH_BROWSER is "required": there they fail.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import claimbench
from claimbench.cli import main


@dataclass
class Watched:
    """A page and all that went wrong on it."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def open(self, path: Path, fragment: str = "") -> Any:
        """Open a file at a fragment and return the page."""
        self.page.goto("about:blank")
        self.page.goto(path.as_uri() + fragment)
        return self.page


def _missing(reason: str) -> None:
    if os.environ.get("CLAIMBENCH_BROWSER") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed (extra 'browser')")
    path = shutil.which("chromium")
    if path is None:
        _missing("chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture
def opener(chromium) -> Iterator[Callable[..., Watched]]:
    """Make watched pages: wide and light unless told; at the end none may have a complaint."""
    contexts, made = [], []

    def open_one(width: int = 1280, height: int = 900, scheme: str = "light", **more: Any) -> Watched:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, offline=True, **more
        )
        context.set_default_timeout(5_000)
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            "  (event) => console.error('policy', event.violatedDirective))"
        )
        watched = Watched(context.new_page())
        say = watched.complaints.append
        watched.page.on("console", lambda m: m.type in ("error", "warning") and say(f"{m.type}: {m.text}"))
        watched.page.on("pageerror", lambda error: say(f"exception: {error}"))
        watched.page.on("dialog", lambda dialog: (say(f"dialog: {dialog.message}"), dialog.dismiss()))
        watched.page.on(
            "request", lambda r: r.url.startswith(("file:", "about:", "data:")) or say(f"request: {r.url}")
        )
        contexts.append(context)
        made.append(watched)
        return watched

    yield open_one
    for context in contexts:
        context.close()
    assert [complaint for watched in made for complaint in watched.complaints] == []


@pytest.fixture
def desk(opener) -> Watched:
    return opener()


@pytest.fixture(scope="session")
def pages(tmp_path_factory) -> Callable[[str], Path]:
    """Make a page by its name, once: "verification.html", "compare-qa.html", "kept-many.html" …"""
    folder = tmp_path_factory.mktemp("pages")

    @cache
    def predictions(task: str, system: str) -> str:
        path = folder / f"{task}-{system}.jsonl"
        assert main(["predict", task, "--system", system, "-o", str(path)]) == 0
        return str(path)

    @cache
    def kept(kind: str) -> str:
        report = folder / f"{kind}.json"
        if kind == "fever":
            arguments = _fever(folder)
        elif kind == "many":
            arguments = ["verification", _many_runs(folder / "kept-many.jsonl")]
        else:
            arguments = [kind, predictions(kind, "tfidf")]
        assert main(["score", *arguments, "-o", str(report)]) == 0
        return str(report)

    @cache
    def make(name: str) -> Path:
        path = folder / name
        kind, _, task = path.stem.rpartition("-")
        if path.stem == "corpus":
            command = ["browse", "-o"]
        elif kind == "kept":
            command = ["browse", kept(task), "-o"]
        elif path.stem == "run":
            command = ["run", "--html"]
        elif path.stem == "many":
            command = ["score", "verification", _many_runs(folder / "many.jsonl"), "--html"]
        elif kind == "compare":
            command = ["compare", task, predictions(task, "majority"), predictions(task, "tfidf"), "--html"]
        else:
            command = ["score", task, predictions(task, "tfidf"), "--html"]
        assert main([*command, str(path)]) == 0
        return path

    return make


def _many_runs(path: Path) -> str:
    """Twenty runs of a system that is right ever more often: 5,160 items on one page."""
    items = [v for v in claimbench.load_corpus().verification if v.split == "test"]
    lines = [
        {"id": item.id, "run": f"run {run}", "label": item.label if i % 20 < run else "supported"}
        for run in range(20)
        for i, item in enumerate(items)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(path)


def _fever(folder: Path) -> list[str]:
    """Arguments of a foreign format; its predictions stand in another order than its gold."""
    lines = [
        {"id": i, "label": label, "predicted_label": label, "evidence": [[[i, i, "Page", 0]]],
         "predicted_evidence": [["Page", i % 2]]}
        for i, label in enumerate(["SUPPORTS", "REFUTES", "SUPPORTS"] * 8)
    ]  # fmt: skip
    for name, some in (("gold", lines), ("given", lines[::-1])):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in some), "utf-8")
    return [
        "verification",
        str(folder / "given.jsonl"),
        "--format",
        "fever",
        "--gold",
        str(folder / "gold.jsonl"),
    ]


@pytest.fixture(scope="session")
def screenshots(pytestconfig) -> Path:
    folder = pytestconfig.rootpath / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
