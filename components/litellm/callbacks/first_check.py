"""The first requests of a pod wait until it knows which replicas there are.

The routing has an entry for every replica that an autoscaler may ever start, and health checks keep those without a pod out of it. Before
the first check every entry counts, so that a request could spend all its attempts on replicas that do not exist. LiteLLM tells nobody that
the check is over but by its results (LiteLLM 1.106.2, proxy/proxy_server.py, _run_background_health_check); a pod that starts while another
one checks, or without Redis, has none for some seconds.

LiteLLM loads this module as a callback (`callbacks: ["first_check.instance"]`) from the folder of its configuration.
"""

import asyncio
import time

from litellm._logging import verbose_proxy_logger
from litellm.integrations.custom_logger import CustomLogger

# How long the first request waits at most, seconds: a check that takes longer waits for a replica that hangs.
PATIENCE_SECONDS = 20
LOOK_SECONDS = 0.1


class FirstCheck(CustomLogger):
    def __init__(self) -> None:
        super().__init__()
        self.over = False
        self.until = None

    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        """Waits before LiteLLM chooses a replica."""
        if not self.over:
            await self._wait()
        return data

    async def _wait(self) -> None:
        # The proxy imports this module while it reads its configuration.
        from litellm.proxy import proxy_server

        if self.until is None:
            self.until = time.monotonic() + PATIENCE_SECONDS
        while proxy_server.use_background_health_checks and not proxy_server.health_check_results:
            if time.monotonic() >= self.until:
                verbose_proxy_logger.warning("first check: not over after %s s, requests go on without it", PATIENCE_SECONDS)
                break
            await asyncio.sleep(LOOK_SECONDS)
        self.over = True


instance = FirstCheck()
