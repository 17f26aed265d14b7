"""Listings that botocore has no paginator for."""

from collections.abc import Callable, Iterator
from typing import Any

from collectors.answers import Answer, MalformedAnswerError


def pages(call: Callable[..., Any], *, token: str = "NextToken", **arguments: Any) -> Iterator[Any]:  # noqa: S107  (a member's name)
    """Yield the pages of a list call, `arguments` being those of its first request.

    `token` is the member that holds the page token, in requests and answers alike. However short a page is,
    only the lack of a token ends the listing. Raises MalformedAnswerError where a token comes a second time:
    from there on the listing would never end.
    """
    seen: set[str] = set()
    while True:
        page = call(**arguments)
        yield page
        following = Answer(page, "the page").text(token)
        if following is None:
            return
        if following in seen:
            raise MalformedAnswerError(f"AWS answered the same {token} twice")
        seen.add(following)
        arguments[token] = following
