"""A judge: verdicts on comparisons, from its cache or, unless it only replays, from its endpoint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed

import msgspec

from claimbench.judging.cache import Entry, append
from claimbench.judging.config import JudgeConfig, digest
from claimbench.judging.endpoint import Ask, UnansweredError
from claimbench.judging.prompts import Request, Verdict, claims, read_reply
from claimbench.matchers import Matcher
from claimbench.text.similarity import similarity

MOST_UNANSWERED = 8
"""After so many requests in a row without a reply the rest is not asked."""


class Judge(msgspec.Struct, frozen=True, eq=False):
    """Verdicts by request. ``ask`` is None where the judge only replays its cache.

    ``entries`` grow by ``prepare`` alone; verdicts are looked up and never asked for. ``unanswered`` counts
    the requests that got no reply, by why.
    """

    config: JudgeConfig
    entries: dict[str, Entry]
    ask: Ask | None = None
    unanswered: Counter[str] = msgspec.field(default_factory=Counter)

    def key(self, request: Request) -> str:
        """Return the cache key: endpoint, model, parameters and the whole chat, instructions and texts."""
        return digest({**self.config.who, "messages": request.messages})

    def verdict(self, request: Request) -> Verdict | None:
        """Return what the judge said; None where that is inconclusive."""
        entry = self.entries.get(self.key(request))
        return None if entry is None else entry.verdict

    def prepare(self, requests: Iterable[Request]) -> None:
        """Ask what is not in the cache yet, and keep every reply there as soon as it comes.

        Raises InputError where the endpoint does not take such requests or the cache cannot be written.
        """
        wanted = {self.key(request): request for request in requests}
        missing = [request for key, request in wanted.items() if key not in self.entries]
        if self.ask is None or not missing:
            return
        pool = ThreadPoolExecutor(self.config.concurrency)
        try:
            started = [pool.submit(self._one, self.ask, request) for request in missing]
            self._keep(done.result() for done in as_completed(started))
        finally:
            pool.shutdown(cancel_futures=True)

    def _one(self, ask: Ask, request: Request) -> Entry | str:
        """Return the entry of a reply, or why there is none."""
        try:
            reply = ask(request)
        except UnansweredError as error:
            return str(error)
        outcome, verdict = read_reply(reply)
        return Entry(
            key=self.key(request),
            outcome=outcome,
            match=verdict.match if verdict else None,
            confidence=verdict.confidence if verdict else None,
            endpoint=self.config.endpoint,
            model=self.config.model,
            parameters=self.config.sent,
            messages=request.messages,
            reply=reply.refusal or reply.content,
        )

    def _keep(self, replies: Iterator[Entry | str]) -> None:
        in_a_row = 0
        for found in replies:
            if isinstance(found, Entry):
                in_a_row = 0
                append(self.config.cache, found)
                self.entries[found.key] = found
                continue
            in_a_row += 1
            self.unanswered[found] += 1
            if in_a_row == MOST_UNANSWERED:
                return

    def matcher(self) -> Matcher:
        """Return the judge as a matcher: how surely two texts make one claim; without a verdict, likeness."""

        def judged(left: str, right: str, left_language: str, right_language: str) -> float:
            verdict = self.verdict(claims(left, right))
            if verdict is None:
                return similarity(left, right, left_language, right_language)
            return verdict.score

        return judged

    def tally(self, requests: Iterable[Request]) -> Counter[str]:
        """Count requests, each once, by outcome; "missing" are those without a reply."""
        entries = (self.entries.get(key) for key in {self.key(request) for request in requests})
        return Counter("missing" if entry is None else entry.outcome for entry in entries)
