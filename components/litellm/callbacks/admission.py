"""Late binding for the LiteLLM proxy: a request waits here until a replica of its model has a free place in its batch.

vLLM on Neuron decodes a fixed number of sequences at once. What is sent to a replica beyond that waits inside of it, where it
cannot move to another one, runs into its time-out, and makes a busy replica look like a broken one. So the pods of the gateway
share the places of all replicas through Redis: a request takes one before it is sent, and its place is free again when its
answer has ended, in whatever way. What finds neither a place nor room in the bounded queue is refused at once, with 429 and
Retry-After, unless a fallback has a place. Who waits is sent to no replica that this pod knows to cool down by then, and to
the fallback once all of them do.

LiteLLM loads this module as a callback (`callbacks: ["admission.handler"]`) from the folder of its configuration, with its
settings in `admission.json` beside it. Without Redis requests go where LiteLLM's own strategy sends them.
"""

import asyncio
import json
import os
import random
import time
import uuid
from contextvars import ContextVar
from pathlib import Path

import litellm
import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from litellm._logging import verbose_proxy_logger
from litellm.integrations.custom_logger import CustomLogger
from prometheus_client import Gauge

WAITING = Gauge("llm_gateway_requests_waiting", "Requests of this pod that wait for a place", ["model"])

# How long a place stays taken, and a request in the queue, when its pod no longer says so, seconds.
LEASE_SECONDS = 15
RENEW_SECONDS = 5
# A waiting request asks again after this long even if nobody said that a place is free, seconds.
POLL_SECONDS = 1
# How long Redis is left alone after it did not answer, seconds.
PAUSE_SECONDS = 10
PREFIX = "llm-gateway.places"

# One round for all requests of one pod that wait for one model. Places go to the tenant that holds the fewest, and among its
# requests to the first; a queue that is full loses the last request of the tenant that has the most in it.
#   KEYS  1 queue by arrival, 2 queue by the time until which its pod vouches for it, 3... places of each replica
#   ARGV  1 places of a replica, 2 longest queue, 3 milliseconds that a pod vouches for, 4 random start, 5... request, replica to avoid
#   returns for each request the number of its replica, 0 to wait, -1 refused
ROUND = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local places, longest, vouched, start = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local replicas = #KEYS - 2
local function tenant(member) return string.match(member, '^(.-)\\n') end

local held, taken, free = {}, {}, 0
for index = 1, replicas do
  redis.call('ZREMRANGEBYSCORE', KEYS[index + 2], '-inf', now)
  local members = redis.call('ZRANGE', KEYS[index + 2], 0, -1)
  taken[index] = #members
  free = free + math.max(0, places - #members)
  for _, member in ipairs(members) do
    local name = tenant(member)
    held[name] = (held[name] or 0) + 1
  end
end

for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  redis.call('ZREM', KEYS[1], member)
  redis.call('ZREM', KEYS[2], member)
end
local mine, avoid, known = {}, {}, {}
for position = 5, #ARGV, 3 do
  local member = ARGV[position]
  local isNew = ARGV[position + 2] == '1'
  if isNew then
    redis.call('ZADD', KEYS[1], now, member)
  end
  if isNew or redis.call('ZSCORE', KEYS[1], member) then
    redis.call('ZADD', KEYS[2], now + vouched, member)
    known[member] = true
  end
  mine[#mine + 1] = member
  avoid[member] = tonumber(ARGV[position + 1])
end

local queue = redis.call('ZRANGE', KEYS[1], 0, -1)
local granted, left = {}, {}
for position, member in ipairs(queue) do left[position] = member end
while free > 0 and #left > 0 do
  local best = 1
  for position = 2, #left do
    if (held[tenant(left[position])] or 0) < (held[tenant(left[best])] or 0) then best = position end
  end
  local member = table.remove(left, best)
  local name = tenant(member)
  held[name] = (held[name] or 0) + 1
  free = free - 1
  if known[member] then
    -- The emptiest one; the one to avoid only when no other has a place.
    local chosen
    for step = 1, replicas do
      local index = (start + step) % replicas + 1
      if taken[index] < places then
        local load = taken[index] + (avoid[member] == index and places or 0)
        if chosen == nil or load < chosen.load then chosen = { index = index, load = load } end
      end
    end
    chosen = chosen and chosen.index
    if chosen ~= nil then
      taken[chosen] = taken[chosen] + 1
      granted[member] = chosen
      redis.call('ZADD', KEYS[chosen + 2], now + vouched, member)
      redis.call('ZREM', KEYS[1], member)
      redis.call('ZREM', KEYS[2], member)
    end
  end
end

local waiting = {}
for _, member in ipairs(left) do
  local name = tenant(member)
  waiting[name] = (waiting[name] or 0) + 1
end
for surplus = 1, #left - longest do
  local most
  for name, count in pairs(waiting) do
    if most == nil or count > waiting[most] or (count == waiting[most] and name > most) then most = name end
  end
  for position = #left, 1, -1 do
    if left[position] and tenant(left[position]) == most then
      redis.call('ZREM', KEYS[1], left[position])
      redis.call('ZREM', KEYS[2], left[position])
      known[left[position]] = nil
      left[position] = false
      waiting[most] = waiting[most] - 1
      break
    end
  end
end

local answer = {}
for index, member in ipairs(mine) do
  if granted[member] then answer[index] = granted[member]
  elseif known[member] then answer[index] = 0
  else answer[index] = -1 end
end
return answer
"""


class Overloaded(litellm.RateLimitError):
    """No place, and no room in the queue. LiteLLM tries the fallbacks of the model, and the model itself no second time."""

    def __init__(self, model: str, seconds: int) -> None:
        super().__init__(
            message=f"{model} is at its capacity: every place is taken and the queue is full. Try again in {seconds} s.",
            llm_provider="vllm",
            model=model,
        )
        self.num_retries = 0
        self.headers = {"retry-after": str(seconds)}


class Failing:
    """The answer to who waits for a place when every replica of the model has come to cool down."""


class _Request:
    """One request of a client, over all its attempts."""

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant.replace("\n", " ")
        self.deadline = None
        self.place = None
        # Replicas that it has failed on, the last one last.
        self.failed = []


class _Waiter:
    def __init__(self, request: _Request) -> None:
        self.member = f"{request.tenant}\n{uuid.uuid4().hex}"
        self.avoid = request.failed[-1] if request.failed else None
        self.is_new = True
        self.answer = asyncio.get_running_loop().create_future()


class _Model:
    """What one pod knows of one model."""

    def __init__(self) -> None:
        self.replicas = []
        self.waiters = {}
        self.wake = asyncio.Event()
        self.pump = None


_current: ContextVar = ContextVar("llm-gateway-request", default=None)


class Admission(CustomLogger):
    """The places of every model in `settings`, shared with the other pods."""

    def __init__(self, settings: dict) -> None:
        super().__init__()
        self.places = settings["places"]
        self.queue = settings["queuePerPlace"]
        self.patience = settings["queueSeconds"]
        self.client = None
        self.script = None
        self.models = {}
        self.held = {}
        self.paused_until = 0.0
        self.background = []
        self.tasks = set()
        for model in self.places:
            # There from the start: an autoscaler takes a missing value for a failed one.
            WAITING.labels(model)

    # What LiteLLM calls.

    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        """Remembers whose request it is, and the task that ends with it: after the last part of a stream, or with its client."""
        if _current.get() is None:
            request = _Request(user_api_key_dict.team_id or user_api_key_dict.token or "administrator")
            _current.set(request)
            task = asyncio.current_task()
            if task is not None:
                task.add_done_callback(lambda _: self._ended(request))
        return data

    async def async_filter_deployments(
        self, model, healthy_deployments, messages, request_kwargs=None, parent_otel_span=None
    ):
        """Leaves the one replica of which the request has got a place."""
        request = _current.get()
        places = self.places.get(model)
        if request is None or places is None or len(healthy_deployments) == 0:
            return healthy_deployments
        if request.place is not None:
            request.failed.append(request.place[1])
            await self._give_back(request)
        ids = [deployment["model_info"]["id"] for deployment in healthy_deployments]
        paused = time.monotonic() < self.paused_until
        replica = None if paused else await self._place(request, model, ids)
        if replica is None:
            return self._elsewhere(request, healthy_deployments, request_kwargs)
        if replica is Failing:
            # LiteLLM answers as to whoever comes now: by a fallback, or that no replica is there to try.
            return []
        chosen = [deployment for deployment in healthy_deployments if deployment["model_info"]["id"] == replica]
        return chosen or healthy_deployments

    @staticmethod
    def _elsewhere(request: _Request, deployments: list, request_kwargs) -> list:
        """Without places: the replicas that the request has not failed on, if there are any."""
        # LiteLLM leaves the replica of an attempt in the metadata that the next one gets (LiteLLM 1.106.2, router.py,
        # _update_kwargs_with_deployment).
        for metadata in ("metadata", "litellm_metadata"):
            # A client may write metadata of its own, of any shape.
            match (request_kwargs or {}).get(metadata):
                case {"model_info": {"id": str(replica)}}:
                    request.failed.append(replica)
        left = [deployment for deployment in deployments if deployment["model_info"]["id"] not in request.failed]
        return left or deployments

    # The queue.

    async def _place(self, request: _Request, model: str, ids: list):
        """The replica that has a place for the request; None while Redis does not answer, or Failing. Raises Overloaded."""
        if request.deadline is None:
            request.deadline = time.monotonic() + self.patience
        state = self.models.setdefault(model, _Model())
        state.replicas = sorted(ids)
        waiter = _Waiter(request)
        state.waiters[waiter.member] = waiter
        WAITING.labels(model).inc()
        state.wake.set()
        if state.pump is None or state.pump.done():
            state.pump = asyncio.create_task(self._pump(model, state))
        try:
            replica = await asyncio.wait_for(waiter.answer, max(0.05, request.deadline - time.monotonic()))
        except asyncio.TimeoutError:
            raise Overloaded(model, self._retry_after()) from None
        finally:
            state.waiters.pop(waiter.member, None)
            WAITING.labels(model).dec()
            if waiter.answer.cancelled() or not waiter.answer.done():
                self._spawn(self._forget(model, waiter.member))
        if replica is None or replica is Failing:
            return replica
        if replica is Overloaded:
            raise Overloaded(model, self._retry_after())
        request.place = (model, replica, waiter.member)
        self.held[waiter.member] = (model, replica)
        return replica

    async def _pump(self, model: str, state: _Model) -> None:
        """Asks Redis for all waiting requests of this pod at once, whenever one has come or a place may be free."""
        while state.waiters:
            state.wake.clear()
            waiters = [waiter for waiter in state.waiters.values() if not waiter.answer.done()]
            if waiters:
                await self._round(model, state, waiters)
            try:
                await asyncio.wait_for(state.wake.wait(), POLL_SECONDS)
            except asyncio.TimeoutError:
                pass

    async def _round(self, model: str, state: _Model, waiters: list) -> None:
        replicas = state.replicas
        if time.monotonic() >= self.paused_until and any(not waiter.is_new for waiter in waiters):
            # Who came just now has been told; who waits would take the place that a failure left, and fail by it as well.
            replicas = await self._without_cooling(replicas)
            waiters = [waiter for waiter in waiters if not waiter.answer.done()]
        if not replicas:
            # One that is well since the last request came is not among them; LiteLLM, which looks at all, tries it then.
            self._spawn(self._forget(model, *(waiter.member for waiter in waiters if not waiter.is_new)))
            for waiter in waiters:
                waiter.answer.set_result(Failing)
            return
        arguments = [
            self.places[model],
            max(1, round(self.queue * self.places[model] * len(replicas))),
            LEASE_SECONDS * 1000,
            random.randrange(len(replicas)),
        ]
        for waiter in waiters:
            avoid = replicas.index(waiter.avoid) + 1 if waiter.avoid in replicas else 0
            arguments += [waiter.member, avoid, 1 if waiter.is_new else 0]
            waiter.is_new = False
        try:
            # Whoever came while a round went unanswered does not wait for another one.
            paused = time.monotonic() < self.paused_until
            answers = (
                [None] * len(waiters)
                if paused
                else await self._redis()(keys=self._keys(model, replicas), args=arguments)
            )
        except (redis.RedisError, OSError, asyncio.TimeoutError) as error:
            self._pause(error)
            answers = [None] * len(waiters)
        for waiter, answer in zip(waiters, answers):
            if answer == 0:
                continue
            outcome = None if answer is None else Overloaded if answer < 0 else replicas[answer - 1]
            if not waiter.answer.done():
                waiter.answer.set_result(outcome)
            elif answer is not None and answer > 0:
                # Its client left in this moment.
                self._spawn(self._free(model, replicas[answer - 1], waiter.member))

    @staticmethod
    async def _without_cooling(replicas: list) -> list:
        """
        Those of the replicas that do not cool down, as this pod knows it: from its memory, and once a second from Redis (LiteLLM
        1.106.2, router_utils/cooldown_cache.py).
        """
        # The proxy imports this module, and has no router before it is ready.
        from litellm.proxy.proxy_server import llm_router

        try:
            known = await llm_router.cooldown_cache.async_get_active_cooldowns(replicas, None)
        except Exception as error:
            # Whatever another LiteLLM answers here, who waits must not be forgotten by it.
            verbose_proxy_logger.warning("admission: cool-downs are not known: %s", error)
            return replicas
        cooling = {replica for replica, _ in known}
        return [replica for replica in replicas if replica not in cooling]

    # Places.

    def _ended(self, request: _Request) -> None:
        if request.place is not None:
            self._spawn(self._give_back(request))

    async def _give_back(self, request: _Request) -> None:
        model, replica, member = request.place
        request.place = None
        self.held.pop(member, None)
        await self._free(model, replica, member)

    async def _free(self, model: str, replica: str, member: str) -> None:
        try:
            self._redis()
            async with self.client.pipeline(transaction=False) as pipeline:
                pipeline.zrem(self._key(model, replica), member)
                pipeline.publish(f"{PREFIX}.free", model)
                await pipeline.execute()
        except (redis.RedisError, OSError, asyncio.TimeoutError) as error:
            # It is free when nobody vouches for it any more.
            self._pause(error)

    async def _forget(self, model: str, *members: str) -> None:
        if not members:
            return
        try:
            self._redis()
            async with self.client.pipeline(transaction=False) as pipeline:
                for key in self._keys(model, []):
                    pipeline.zrem(key, *members)
                await pipeline.execute()
        except (redis.RedisError, OSError, asyncio.TimeoutError) as error:
            self._pause(error)

    async def _keep(self) -> None:
        """Vouches for what this pod holds."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            if not self.held or time.monotonic() < self.paused_until:
                continue
            try:
                # The clock of Redis, by which the places end, and not that of this pod.
                seconds, _ = await self.client.time()
                until = (seconds + LEASE_SECONDS) * 1000
                async with self.client.pipeline(transaction=False) as pipeline:
                    for member, (model, replica) in list(self.held.items()):
                        pipeline.zadd(self._key(model, replica), {member: until}, xx=True)
                    await pipeline.execute()
            except (redis.RedisError, OSError, asyncio.TimeoutError) as error:
                self._pause(error)

    async def _listen(self) -> None:
        """Wakes the queues of this pod when a place of any pod is free."""
        while True:
            try:
                async with self.client.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(f"{PREFIX}.free")
                    while True:
                        message = await channel.get_message(timeout=None)
                        if message is None:
                            continue
                        model = message["data"]
                        state = self.models.get(model.decode() if isinstance(model, bytes) else model)
                        if state is not None:
                            state.wake.set()
            except (redis.RedisError, OSError, asyncio.TimeoutError) as error:
                verbose_proxy_logger.warning("admission: no news of free places: %s", error)
                await asyncio.sleep(POLL_SECONDS)

    # Redis.

    def _redis(self):
        if self.script is None:
            self.client = redis.Redis.from_url(
                os.environ["REDIS_URL"],
                socket_timeout=0.5,
                socket_connect_timeout=0.5,
                # A connection that was closed is made anew at once. Silence is not waited for again.
                retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
            )
            self.script = self.client.register_script(ROUND)
            self.background = [asyncio.create_task(self._keep()), asyncio.create_task(self._listen())]
        return self.script

    def _pause(self, error: Exception) -> None:
        verbose_proxy_logger.warning("admission: Redis does not answer, requests go on without it: %s", error)
        self.paused_until = time.monotonic() + PAUSE_SECONDS

    def _retry_after(self) -> int:
        """A second or two later the queue has room again; not the same for all, or they would all come back at once."""
        return random.randint(1, 3)

    @staticmethod
    def _key(model: str, replica: str) -> str:
        return f"{PREFIX}:{{{model}}}:{replica}"

    @classmethod
    def _keys(cls, model: str, replicas: list) -> list:
        return [
            f"{PREFIX}:{{{model}}}.queue",
            f"{PREFIX}:{{{model}}}.vouched",
            *[cls._key(model, replica) for replica in replicas],
        ]

    def _spawn(self, work) -> None:
        task = asyncio.get_running_loop().create_task(work)
        # The loop itself keeps no task alive.
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


handler = Admission(
    json.loads((Path(__file__).parent / "admission.json").read_text(encoding="utf-8"))
)
