"""What the autoscaler reads of this pod, on a port of its own: requests in flight, and by model what its neighbours count.

LiteLLM's own /metrics wants a key, and tells of keys and teams; here nobody needs one, and nothing is told but how many. Only the
autoscaler's pods reach the port (NetworkPolicy).

LiteLLM loads this module as a callback (`callbacks: ["signals.handler"]`) from the folder of its configuration, with its settings in
`signals.json` beside it. SIGNALS_HOST is the address that it listens on.
"""

import asyncio
import json
import os
from contextvars import ContextVar
from pathlib import Path

from litellm.integrations.custom_logger import CustomLogger
from prometheus_client import REGISTRY, Gauge, start_http_server

IN_FLIGHT = Gauge("llm_gateway_requests_in_flight", "Requests of clients that have not ended")

_counted: ContextVar = ContextVar("llm-gateway-in-flight", default=False)


class Signals(CustomLogger):
    def __init__(self, settings: dict) -> None:
        super().__init__()
        start_http_server(
            settings["port"],
            addr=os.environ.get("SIGNALS_HOST", "0.0.0.0"),
            registry=REGISTRY.restricted_registry(settings["metrics"]),
        )

    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        """Counts a request until the task ends that answers it: after the last part of a stream, or with its client."""
        task = asyncio.current_task()
        if task is not None and not _counted.get():
            _counted.set(True)
            IN_FLIGHT.inc()
            task.add_done_callback(lambda _: IN_FLIGHT.dec())
        return data


handler = Signals(json.loads((Path(__file__).parent / "signals.json").read_text(encoding="utf-8")))
