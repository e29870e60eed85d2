"""Who shares an answer of the response cache: one key, or one team.

LiteLLM keys an answer by the request alone, so that the same prompt of two tenants shares one. What a request carries in `cache.namespace`
stands before that key (LiteLLM 1.106.2, caching/caching.py, _add_namespace_to_cache_key); here it is set from whoever asks, whatever the
request says. A route that LiteLLM translates (/v1/messages) hands it on to the completion that is cached.
"""

import hashlib

from litellm.integrations.custom_logger import CustomLogger

# A request may name the very key under which an answer is looked up and stored, at its root or where LiteLLM keeps a key once computed.
OWN_KEYS = ("cache_key", "preset_cache_key")


class CacheScope(CustomLogger):
    """Keeps answers apart by the owners that `owner_of` tells apart."""

    def __init__(self, owner_of):
        super().__init__()
        self.owner_of = owner_of

    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        for place in (data, data.get("litellm_params")):
            if isinstance(place, dict):
                for key in OWN_KEYS:
                    place.pop(key, None)
        owner = self.owner_of(user_api_key_dict)
        asked = data.get("cache")
        controls = dict(asked) if isinstance(asked, dict) else {}
        if owner is None:
            # Nobody to keep it for: neither looked up nor stored.
            controls.update({"no-cache": True, "no-store": True})
        else:
            controls["namespace"] = hashlib.sha256(owner.encode()).hexdigest()[:32]
        data["cache"] = controls
        return data


def key_of(user):
    """The key, or the user where somebody comes without one, by a token of an identity provider."""
    if user.api_key:
        return f"key {user.api_key}"
    return f"user {user.user_id}" if user.user_id else None


def team_of(user):
    """The team; a key without one is alone."""
    return f"team {user.team_id}" if user.team_id else key_of(user)


key = CacheScope(key_of)
team = CacheScope(team_of)
