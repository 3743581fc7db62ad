"""Asking an OpenAI-compatible chat endpoint."""

from __future__ import annotations

from collections.abc import Callable

from claimbench.errors import InputError, MissingExtraError
from claimbench.judging.config import JudgeConfig
from claimbench.judging.prompts import Reply, Request


class UnansweredError(Exception):
    """The endpoint gave no reply in spite of retries; asking again later may help. The message says why."""


Ask = Callable[[Request], Reply]
"""Asks one request. Raises UnansweredError, or InputError where the endpoint does not take such requests."""


def endpoint(config: JudgeConfig, api_key: str) -> Ask:
    """Return a function that asks the judge; safe to call from several threads.

    Time-outs, lost connections, 408, 409, 429 and 5xx are tried again with growing pauses, or after what the
    endpoint's Retry-After asks for (openai-python does this). Raises MissingExtraError without openai.
    """
    try:
        import openai
    except ImportError:
        raise MissingExtraError("asking a judge", "judge") from None
    client = openai.OpenAI(
        base_url=config.endpoint,
        api_key=api_key or "none",
        timeout=config.timeout,
        max_retries=config.retries,
    )

    def ask(request: Request) -> Reply:
        try:
            found = client.chat.completions.create(
                model=config.model,
                messages=request.messages,  # type: ignore[arg-type]  # plain dicts are what it sends
                extra_body=config.sent,
            )
        except openai.APITimeoutError:
            raise UnansweredError("time-out") from None
        except openai.APIConnectionError:
            raise UnansweredError("no connection") from None
        except openai.APIStatusError as error:
            if error.code == "content_filter":
                return Reply(None, str(error.message), "content_filter")
            if error.status_code in (408, 409, 429) or error.status_code >= 500:
                raise UnansweredError(f"status {error.status_code}") from None
            raise InputError(f"{config.endpoint}: {error.message}") from None
        except (openai.APIResponseValidationError, ValueError, RecursionError):
            raise UnansweredError("no JSON") from None
        return _reply(found)

    return ask


def _reply(found: object) -> Reply:
    """Return the first choice; a server may send anything, which the client passes on as it is."""
    choices = getattr(found, "choices", None)
    first = choices[0] if isinstance(choices, list) and choices else None
    message = getattr(first, "message", None)
    if not hasattr(message, "content"):
        raise UnansweredError("no chat completion")
    content, refusal = (getattr(message, name, None) for name in ("content", "refusal"))
    return Reply(
        content if isinstance(content, str) else None,
        refusal if isinstance(refusal, str) else None,
        getattr(first, "finish_reason", None),
    )
