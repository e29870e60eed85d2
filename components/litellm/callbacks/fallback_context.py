"""A prompt that has no room in any model that stands in for one out of order is told so, with 503.

LiteLLM answers with the first model's failure, whatever the fallbacks failed by: a 500, or a 429 while it cools down. It calls
`log_failure_fallback_event` while it handles a fallback's failure, with the failure that it will answer with (LiteLLM 1.106.2,
router_utils/fallback_event_handlers.py, run_async_fallback); that is marked here, and told when it comes out.
"""

import sys

from fastapi import HTTPException
from litellm.exceptions import BadRequestError, ContextWindowExceededError
from litellm.integrations.custom_logger import CustomLogger

MARK = "llm_gateway_fallbacks_without_room"


class FallbackContext(CustomLogger):
    async def log_failure_fallback_event(self, original_model_group, kwargs, original_exception):
        # Every fallback must have failed by it: what failed by anything else may have room when it is sent again.
        without_room = isinstance(sys.exc_info()[1], ContextWindowExceededError)
        setattr(original_exception, MARK, without_room and getattr(original_exception, MARK, True))

    async def async_post_call_failure_hook(
        self, request_data, original_exception, user_api_key_dict, traceback_str=None
    ):
        # A prompt that the first model itself has no room for is the client's mistake, and stays one.
        if isinstance(original_exception, BadRequestError) or not getattr(original_exception, MARK, False):
            return None
        return HTTPException(
            status_code=503,
            detail=(
                f"{request_data.get('model')} is out of order, and the prompt exceeds the context of the models that stand in for it; "
                "send it again later, or a shorter one"
            ),
        )


instance = FallbackContext()
