/** The callbacks that LiteLLM loads, on stand-ins of the few names that they import. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const STAND_INS = {
  "litellm/__init__.py": "",
  "litellm/integrations/__init__.py": "",
  "litellm/integrations/custom_logger.py": "class CustomLogger:\n    pass\n",
  "litellm/_logging.py": "import logging\nverbose_proxy_logger = logging.getLogger()\n",
  "litellm/proxy/__init__.py": "",
  "litellm/proxy/proxy_server.py":
    "use_background_health_checks = True\nhealth_check_results = {}\nllm_router = None\n",
  // Read beside the module.
  "first_check.json": '{"patienceSeconds": 600}',
  "first_check.py": readFileSync("components/litellm/callbacks/first_check.py", "utf8"),
  "litellm/exceptions.py":
    "class BadRequestError(Exception):\n    pass\nclass ContextWindowExceededError(BadRequestError):\n    pass\n",
  "fastapi.py":
    "class HTTPException(Exception):\n    def __init__(self, status_code, detail):\n        self.status_code, self.detail = status_code, detail\n",
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "callbacks-"));
  for (const [file, text] of Object.entries(STAND_INS)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What a Python program prints as JSON that gets `input` as JSON and can import the callbacks. */
async function python(program: readonly string[], input: unknown): Promise<unknown> {
  const head = ["import asyncio, json, sys", "from types import SimpleNamespace"];
  const { stdout } = await execa("python3", ["-c", [...head, ...program].join("\n")], {
    input: JSON.stringify(input),
    env: {
      PYTHONPATH: `${folder}:${resolve("components/litellm/callbacks")}`,
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  return JSON.parse(stdout);
}

describe("the scope of the response cache", () => {
  interface Request {
    readonly scope: "key" | "team";
    readonly user: { api_key?: string; team_id?: string; user_id?: string };
    readonly data?: object;
  }
  const HOOK = [
    "import cache_scope",
    "asked = json.load(sys.stdin)",
    "user = SimpleNamespace(**{'api_key': None, 'team_id': None, 'user_id': None, **asked['user']})",
    "hook = getattr(cache_scope, asked['scope'])",
    "print(json.dumps(asyncio.run(hook.async_pre_call_hook(user, None, asked.get('data', {}), 'acompletion'))))",
  ];
  const hooked = async (request: Request) =>
    z
      .looseObject({ cache: z.looseObject({ namespace: z.string().optional() }) })
      .parse(await python(HOOK, request));
  const namespace = async (request: Request) => (await hooked(request)).cache.namespace;

  const [alice, bob, carol] = [
    { api_key: "hash-a", team_id: "red" },
    { api_key: "hash-b", team_id: "red" },
    { api_key: "hash-c", team_id: "blue" },
  ];
  const loner = { api_key: "hash-d" };

  test("key tells keys apart, and knows one again", async () => {
    const [a, again, b] = await Promise.all(
      [alice, alice, bob].map((user) => namespace({ scope: "key", user })),
    );
    expect(a).toMatch(/^[0-9a-f]{32}$/);
    expect(again).toBe(a);
    expect(b).not.toBe(a);
    expect(a).not.toContain("hash-a");
  });

  test("team is one for the keys of a team; a key without one is alone", async () => {
    const [a, b, c, d] = await Promise.all(
      [alice, bob, carol, loner].map((user) => namespace({ scope: "team", user })),
    );
    expect(b).toBe(a);
    expect(new Set([a, c, d]).size).toBe(3);
    expect(d).toMatch(/^[0-9a-f]{32}$/);
  });

  test("stays whatever the request says, which keeps its other controls", async () => {
    const own = await namespace({ scope: "key", user: alice });
    const data = {
      model: "m",
      cache: { namespace: "of-bob", ttl: 5 },
      cache_key: "x",
      preset_cache_key: "x",
      litellm_params: { preset_cache_key: "x", other: 1 },
    };
    expect(await hooked({ scope: "key", user: alice, data })).toEqual({
      model: "m",
      cache: { namespace: own, ttl: 5 },
      litellm_params: { other: 1 },
    });
    const odd = { cache: "everything" };
    expect(await hooked({ scope: "key", user: alice, data: odd })).toEqual({
      cache: { namespace: own },
    });
  });

  test("is the user where there is no key, and no cache where there is neither", async () => {
    const [one, other] = await Promise.all(
      ["u1", "u2"].map((user_id) => namespace({ scope: "key", user: { user_id } })),
    );
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect(other).not.toBe(one);
    expect(await hooked({ scope: "team", user: {} })).toEqual({
      cache: { "no-cache": true, "no-store": true },
    });
  });
});

describe("a prompt that no model which stands in has room for", () => {
  // As LiteLLM's router does: each fallback's failure is reported while it is handled, and the first failure is raised in the end.
  const HOOK = [
    "import fallback_context",
    "from litellm import exceptions",
    "asked = json.load(sys.stdin)",
    "error_of = lambda name: getattr(exceptions, name, RuntimeError)()",
    "first = error_of(asked['first'])",
    "async def answer():",
    "    for name in asked['fallbacks']:",
    "        try:",
    "            raise error_of(name)",
    "        except Exception:",
    "            await fallback_context.instance.log_failure_fallback_event('vllm/a', {}, first)",
    "    return await fallback_context.instance.async_post_call_failure_hook({'model': 'vllm/a'}, first, None)",
    "told = asyncio.run(answer())",
    "print(json.dumps(None if told is None else [told.status_code, told.detail]))",
  ];
  const WITHOUT_ROOM = "ContextWindowExceededError";

  test.each([[[WITHOUT_ROOM]], [[WITHOUT_ROOM, WITHOUT_ROOM]]])(
    "is told so, with 503: %j",
    async (fallbacks) => {
      expect(await python(HOOK, { first: "Failure", fallbacks })).toEqual([
        503,
        expect.stringMatching(/^vllm\/a is out of order, and the prompt exceeds the context/),
      ]);
    },
  );

  test.each([
    ["a failure without fallbacks", { first: "Failure", fallbacks: [] }],
    ["fallbacks that fail, too", { first: "Failure", fallbacks: ["Failure"] }],
    ["one that fails before", { first: "Failure", fallbacks: ["Failure", WITHOUT_ROOM] }],
    ["one that fails after", { first: "Failure", fallbacks: [WITHOUT_ROOM, "Failure"] }],
    ["too long for the model itself", { first: WITHOUT_ROOM, fallbacks: [WITHOUT_ROOM] }],
  ])("is not %s", async (_what, asked) => {
    expect(await python(HOOK, asked)).toBeNull();
  });
});

describe("the first requests of a pod", () => {
  // What has ended, in its order: two requests, the first check, and a request after it.
  const HOOK = [
    "import first_check",
    "from litellm.proxy import proxy_server",
    "asked = json.load(sys.stdin)",
    "proxy_server.use_background_health_checks = asked['checks']",
    "first_check.handler.patience = asked['patience']",
    "class Cache:",
    "    async def async_get_cache(self, key):",
    "        return asked['told'] if key == 'states' else None",
    "if asked['told'] is not None:",
    "    states = SimpleNamespace(CACHE_KEY='states', cache=Cache())",
    "    proxy_server.llm_router = SimpleNamespace(health_state_cache=states)",
    "ended = []",
    "async def request(name):",
    "    data = {'model': name}",
    "    assert await first_check.handler.async_pre_call_hook(None, None, data, 'completion') is data",
    "    ended.append(name)",
    "async def check():",
    "    await asyncio.sleep(0)",
    "    while asked['checked'] == 'later' and 'b' not in ended:",
    "        await asyncio.sleep(0)",
    "    ended.append('check')",
    "    proxy_server.health_check_results['healthy_count'] = 0",
    "async def leaves():",
    "    first = asyncio.create_task(request('gone'))",
    "    await asyncio.sleep(0)",
    "    first.cancel()",
    "async def all_of_them():",
    "    await asyncio.gather(leaves(), request('a'), request('b'), check())",
    "    proxy_server.health_check_results.clear()",
    "    await request('c')",
    "asyncio.run(all_of_them())",
    "print(json.dumps(ended))",
  ];
  const usual = { checks: true, checked: "soon", patience: 600, told: null };

  test.each([
    ["", usual],
    [", though Redis has none of another pod", { ...usual, told: {} }],
  ])("wait for the first check of the replicas, and none after it%s", async (_where, asked) => {
    expect(await python(HOOK, asked)).toEqual(["check", "a", "b", "c"]);
  });

  test.each([
    ["that is never made", { ...usual, checks: false, checked: "later" }],
    ["that takes too long", { ...usual, patience: 0, checked: "later" }],
    ["where another pod has left its results", { ...usual, told: { a: {} }, checked: "later" }],
  ])("wait for none %s", async (_what, asked) => {
    expect(await python(HOOK, asked)).toEqual(["a", "b", "check", "c"]);
  });
});
