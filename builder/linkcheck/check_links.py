"""Request all URLs of a corpus politely: hosts in parallel, one request at a time with a pause for each host."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from builder.cache_files import cache_path
from builder.diagnostics import Diagnostic
from builder.linkcheck import cache
from builder.linkcheck.request import Answer, State, request
from builder.linkcheck.source_urls import SourceUrl, source_urls
from builder.pipeline import Progress, Settings, load_corpus

_HOSTS: Final = 8  # requested in parallel


@dataclass(frozen=True, slots=True)
class RequestPolicy:
    """How requests are made. ``timeout`` and ``delay`` (between two requests to one host) in seconds.

    ``days``: how long a good answer is cached. ``private``: request addresses of the own network too. ``linked``:
    request only addresses that readers are sent to.
    """

    timeout: float = 10.0
    delay: float = 1.0
    days: int = 7
    private: bool = False
    linked: bool = False


@dataclass(frozen=True, slots=True)
class LinkCheckResult:
    """The diagnostics, how many addresses the corpus has, and how many were requested now."""

    diagnostics: tuple[Diagnostic, ...]
    known: int
    asked: int


def check_links(
    settings: Settings, policy: RequestPolicy, today: date, progress: Progress | None = None
) -> LinkCheckResult:
    """Request every address of the corpus without a good answer in the cache, and save the answers.

    Raises UserError if there is no corpus, or the cache cannot be written.
    """
    path = cache_path(settings.root, "links.json")
    urls = [url for url in source_urls(load_corpus(settings, {})) if url.linked or not policy.linked]
    known = {url.url for url in urls}
    earlier = {url: answer for url, answer in cache.load_answers(path, today, policy.days).items() if url in known}
    answers = {**earlier, **request_all(known - earlier.keys(), policy, progress)}
    cache.save_answers(path, answers, earlier, today)
    return LinkCheckResult(link_diagnostics(urls, answers), len(known), len(known - earlier.keys()))


def request_all(urls: Iterable[str], policy: RequestPolicy, progress: Progress | None = None) -> Mapping[str, Answer]:
    """Return the answer for each address, sorted. ``progress`` is called after each host."""
    hosts: dict[str, list[str]] = {}
    for url in sorted(set(urls)):
        hosts.setdefault(urlsplit(url).netloc.lower(), []).append(url)
    total, answers = sum(map(len, hosts.values())), dict[str, Answer]()
    with ThreadPoolExecutor(_HOSTS) as pool:
        work = [pool.submit(partial(_host, host_urls, policy)) for host_urls in hosts.values()]
        for done in as_completed(work):
            answers |= done.result()
            if progress:
                progress("ask", len(answers), total)
    return dict(sorted(answers.items()))


def _host(urls: Sequence[str], policy: RequestPolicy) -> Mapping[str, Answer]:
    answers = {}
    for number, url in enumerate(urls):
        if number:
            time.sleep(policy.delay)
        answers[url] = request(url, timeout=policy.timeout, private=policy.private)
    return answers


def link_diagnostics(given: Iterable[SourceUrl], answers: Mapping[str, Answer]) -> tuple[Diagnostic, ...]:
    """Return A601 for what is gone, A602 for no good answer, A603 for a permanent redirect; sorted."""
    return tuple(sorted({diagnostic for url in given for diagnostic in _fault(url, answers[url.url])}))


def _fault(address: SourceUrl, answer: Answer) -> Iterator[Diagnostic]:
    of = f"{address.url} ({address.of})"
    match answer.state:
        case State.GONE if address.linked:
            hint = "find where it moved to, or a stored copy: archived: https://…"
            if address.kept:
                hint = "send readers to the stored copy instead: link: false"
            yield Diagnostic(address.place, "A601", f"{of}: {answer.said}", hint)
        case State.GONE:
            hint = "readers are not sent there; a stored copy would still show them what it said: archived: https://…"
            yield Diagnostic(address.place, "A602", f"{of}: {answer.said}", "" if address.kept else hint)
        case State.UNSURE:
            yield Diagnostic(address.place, "A602", f"{of}: {answer.said}", "look at it in a browser")
        case State.MOVED:
            yield Diagnostic(address.place, "A603", f"{of} moved", f"write: url: {answer.said}")
        case State.FINE:
            pass
