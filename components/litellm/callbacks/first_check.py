"""The first requests of a pod wait until it knows which replicas there are.

The routing has an entry for every replica that an autoscaler may ever start, and health checks keep those without a pod out of it. Without
their results every entry counts, so that a request could spend all its attempts on replicas that do not exist. Usually another pod has left
results in Redis. Where there are none, in the first pod or while Redis is away, the pod's own check is waited for.

LiteLLM loads this module as a callback (`callbacks: ["first_check.handler"]`) from the folder of its configuration, with its settings in
`first_check.json` beside it.
"""

import asyncio
import json
import time
from pathlib import Path

from litellm._logging import verbose_proxy_logger
from litellm.integrations.custom_logger import CustomLogger

LOOK_SECONDS = 0.1


class FirstCheck(CustomLogger):
    def __init__(self, settings: dict) -> None:
        super().__init__()
        self.patience = settings["patienceSeconds"]
        self.known = None

    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        """Waits before LiteLLM chooses a replica."""
        if self.known is None:
            self.known = asyncio.create_task(self._known())
        if not self.known.done():
            # The first client may leave; the others wait on.
            await asyncio.shield(self.known)
        return data

    async def _known(self) -> None:
        # The proxy imports this module while it reads its configuration. LiteLLM says that a check is over by its results alone (LiteLLM
        # 1.106.2, proxy/proxy_server.py, _run_background_health_check).
        from litellm.proxy import proxy_server

        until = time.monotonic() + self.patience
        if not proxy_server.use_background_health_checks or await self._told(proxy_server.llm_router):
            return
        while not proxy_server.health_check_results:
            if time.monotonic() >= until:
                verbose_proxy_logger.warning("first check: not over after %s s, requests go on without it", self.patience)
                return
            await asyncio.sleep(LOOK_SECONDS)

    @staticmethod
    async def _told(router) -> bool:
        """Whether another pod has left results, which the router reads (LiteLLM 1.106.2, router_utils/health_state_cache.py)."""
        try:
            shared = router.health_state_cache
            return bool(await shared.cache.async_get_cache(key=shared.CACHE_KEY))
        except Exception as error:
            # Whatever another LiteLLM answers here, the pod's own check will be over.
            verbose_proxy_logger.warning("first check: results of other pods are not known: %s", error)
            return False


handler = FirstCheck(json.loads((Path(__file__).parent / "first_check.json").read_text(encoding="utf-8")))
