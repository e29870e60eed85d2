"""A model that the autoscaler has put to sleep: who asks for it is answered by its fallback, and wakes it.

LiteLLM knows a replica by its own health checks, every half a minute or so, and sends requests to all entries of a model when
none of them is healthy. So a model without a replica would fail each request a few times before its fallback is asked, and one
that has just woken would wait for a check. This module asks the model's Service instead, which has an address as long as a
replica is ready. While none is, a request is told so at once: the fallbacks of the model are tried, and without one the answer
is 503 with Retry-After. That somebody asked is a metric, which the autoscaler reads.

LiteLLM loads this module as a callback (`callbacks: ["sleeping.handler"]`) from the folder of its configuration, with its settings in
`sleeping.json` beside it.
"""

import asyncio
import json
import time
from contextvars import ContextVar
from pathlib import Path

import httpx
import litellm
from litellm._logging import verbose_proxy_logger
from litellm.integrations.custom_logger import CustomLogger
from prometheus_client import Gauge

# Time between two looks at the Service of a model, seconds.
LOOK_SECONDS = 1
# A replica that takes longer to say that it is well is none, seconds.
TIMEOUT_SECONDS = 2
# How long somebody who asked for a model counts, seconds: longer than the autoscaler takes from one look to the next, which would miss an
# answer that is short.
WANTED_SECONDS = 30
# Looks in a row without an answer after which a model counts as asleep: a busy replica may be late once.
MISSES = 2

HELD = Gauge(
    "llm_gateway_requests_held",
    "Requests of this pod that a model which may sleep answers, those that wait for a place included",
    ["model"],
)
WANTED = Gauge(
    "llm_gateway_requests_wanted",
    "1 while somebody has lately asked for a model that may sleep, and from then on until it is awake",
    ["model"],
)


class Asleep(litellm.ServiceUnavailableError):
    """No replica is ready. LiteLLM tries the fallbacks of the model, and the model itself no second time."""

    def __init__(self, model: str, seconds: int) -> None:
        super().__init__(
            message=f"{model} is asleep and wakes now. Try again in {seconds} s; its first answer may take minutes.",
            llm_provider="vllm",
            model=model,
        )
        self.num_retries = 0
        self.headers = {"retry-after": str(seconds)}


class _Model:
    """What this pod knows of one model that may sleep."""

    def __init__(self, name: str, settings: dict, start_seconds: float) -> None:
        self.name = name
        self.start_seconds = start_seconds
        self.service = settings["service"]
        self.replicas = settings["replicas"]
        # None before the first look.
        self.awake = None
        self.since = float("-inf")
        # Replicas that are ready, while LiteLLM does not know of them yet.
        self.ready = set()
        self.wanted = float("-inf")
        self.misses = 0

    def is_wanted(self) -> float:
        # A replica that starts is wanted until it is ready, or its start is given up with the cold model and the node for it.
        patience = self.start_seconds if self.awake is False else WANTED_SECONDS
        return 1.0 if time.monotonic() - self.wanted < patience else 0.0


class _Request:
    """One request of a client, over all its attempts."""

    def __init__(self, model: str) -> None:
        self.model = model
        # Attempts at the model that it names.
        self.attempts = 0
        # The model that it counts for.
        self.held = None

    def hold(self, model: str | None) -> None:
        if self.held is not None:
            HELD.labels(self.held).dec()
        if model is not None:
            HELD.labels(model).inc()
        self.held = model


_asked: ContextVar = ContextVar("llm-gateway-asked", default=None)


class Sleeping(CustomLogger):
    """The models in `settings` that may be asleep."""

    def __init__(self, settings: dict) -> None:
        super().__init__()
        start = settings["startSeconds"]
        self.models = {name: _Model(name, model, start) for name, model in settings["models"].items()}
        self.retry_after = settings["retryAfterSeconds"]
        self.fresh_seconds = settings["freshSeconds"]
        self.client = None
        self.watch = None
        for model in self.models.values():
            # There from the start: an autoscaler takes a missing value for a failed one.
            HELD.labels(model.name)
            WANTED.labels(model.name).set_function(model.is_wanted)

    # What LiteLLM calls.

    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        """Remembers what is asked for until the task ends that answers: after the last part of a stream, or with its client."""
        task = asyncio.current_task()
        if task is not None and _asked.get() is None:
            request = _Request(data.get("model"))
            _asked.set(request)
            task.add_done_callback(lambda _: request.hold(None))
        return data

    async def async_filter_deployments(
        self, model, healthy_deployments, messages, request_kwargs=None, parent_otel_span=None
    ):
        """Leaves the replicas that are ready. Raises Asleep when there is none."""
        request = _asked.get()
        state = self.models.get(model)
        if request is not None:
            # Of a model that always runs the replicas count for themselves.
            request.hold(None if state is None else model)
        if state is None:
            return healthy_deployments
        if self.watch is None:
            self.watch = asyncio.create_task(self._watch())
        if state.awake is None or (request is not None and request.attempts > 0):
            # What was seen last is too old: an attempt has failed since.
            await self._look(state)
        mine = request is not None and request.model == model
        if mine:
            request.attempts += 1
        # Who comes here as to the fallback of a model that is asleep itself wakes that one.
        named = None if request is None else self.models.get(request.model)
        if state.awake or mine or named is None or named.awake is not False:
            state.wanted = time.monotonic()
        if not state.awake:
            if request is not None:
                request.hold(None)
            raise Asleep(model, self.retry_after)
        if not state.ready:
            return healthy_deployments
        chosen = [one for one in healthy_deployments if one["model_info"]["id"] in state.ready]
        return chosen or healthy_deployments

    # What the cluster says.

    async def _watch(self) -> None:
        while True:
            await asyncio.gather(*(self._look(state) for state in self.models.values()))
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self, state: _Model) -> None:
        answers = await self._is_ready(state.service)
        fresh = answers and (state.awake is False or time.monotonic() - state.since < self.fresh_seconds)
        ready = set()
        # While it sleeps the Service alone is asked, which has an address once a replica is ready: every look-up of a replica would fail.
        if fresh or (not answers and state.awake is not False):
            # One replica of several that does not answer is no sleep: the Service leads to any of them.
            ids = list(state.replicas)
            each = await asyncio.gather(*(self._is_ready(state.replicas[one]) for one in ids))
            ready = {one for one, well in zip(ids, each) if well}
        awake = answers or len(ready) > 0
        state.misses = 0 if awake else state.misses + 1
        if state.awake and not awake and state.misses < MISSES:
            return
        if awake != state.awake:
            verbose_proxy_logger.warning("sleeping: %s %s", state.name, "is awake" if awake else "is asleep")
            # At the start of this pod LiteLLM checks every replica itself.
            state.since = time.monotonic() if state.awake is False else float("-inf")
            state.awake = awake
            if not awake:
                # Who asked before it fell asleep has had an answer.
                state.wanted = float("-inf")
        state.ready = ready

    async def _is_ready(self, url: str) -> bool:
        if self.client is None:
            self.client = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False)
        try:
            # A connection of its own: one that is kept alive would reach a pod that has left the Service.
            answer = await self.client.get(url, headers={"connection": "close"})
            return answer.status_code == 200
        except (httpx.HTTPError, OSError):
            return False


handler = Sleeping(json.loads((Path(__file__).parent / "sleeping.json").read_text(encoding="utf-8")))
