/** The callbacks that LiteLLM loads, on stand-ins of the few names that they import. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { CacheSettings } from "../../../domain/settings/routing";
import { requestScaling } from "../../../domain/settings/requestScaling";
import { parsed } from "../../support/config";
import { LLAMA, QWEN, testModel } from "../../support/models";
import { GATEWAY_SIGNALS, SIGNALS_PORT } from "../../../domain/gatewaySignals";
import { callbackFiles, callbacks, type CallbackArgs } from "../../../components/litellm/callbacks";

const STAND_INS = {
  "litellm/__init__.py": "",
  "litellm/integrations/__init__.py": "",
  "litellm/integrations/custom_logger.py": "class CustomLogger:\n    pass\n",
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

describe("the files beside the configuration", () => {
  const admitted = { enabled: true, queuePerPlace: 2, queueSeconds: 30 };
  const args = (cache: CacheSettings, admission = admitted): CallbackArgs => ({
    cache,
    routing: { admission, healthCheckIntervalSeconds: 30 },
    models: [testModel(LLAMA)],
    modelNamespace: "vllm",
    requestScaling: requestScaling(parsed()),
  });
  const cached = { enabled: true, ttlSeconds: 1, scope: "key" } as const;

  test.each([
    [cached, "cache_scope.key"],
    [{ ...cached, scope: "team" }, "cache_scope.team"],
    [{ ...cached, scope: "all" }, undefined],
    [{ ...cached, enabled: false }, undefined],
  ] as const)("are those that %j names", (cache, scope) => {
    const own = [
      "fallback_context.instance",
      ...(scope === undefined ? [] : [scope]),
      "admission.handler",
    ];
    expect(callbacks(args(cache))).toEqual(["prometheus", ...own]);
    const files = callbackFiles(args(cache));
    expect(Object.keys(files).sort()).toEqual(
      ["admission.json", ...own.map((callback) => callback.replace(/\..*/, ".py"))].sort(),
    );
    for (const callback of own) {
      const [module, instance] = callback.split(".");
      expect(files[`${module}.py`]).toMatch(new RegExp(`^${instance} = `, "m"));
    }
  });

  test("of the admission say how many places each replica has", () => {
    const { shape } = testModel(LLAMA);
    expect(JSON.parse(callbackFiles(args(cached))["admission.json"] ?? "")).toEqual({
      places: { [`vllm/${LLAMA}`]: shape.maxSequences },
      queuePerPlace: 2,
      queueSeconds: 30,
    });
  });

  test("have none of the admission where it is off", () => {
    const off = args(cached, { ...admitted, enabled: false });
    expect(Object.keys(callbackFiles(off))).toEqual(["cache_scope.py", "fallback_context.py"]);
    expect(callbacks(off).join()).not.toContain("admission");
  });

  describe("where KEDA reads the requests", () => {
    const sleepy = testModel(LLAMA);
    const scaled: CallbackArgs = {
      ...args(cached),
      requestScaling: requestScaling(parsed({ autoscaling: { requests: "keda" } })),
      models: [
        { ...sleepy, autoscaling: { ...sleepy.autoscaling, minReplicas: 0, maxReplicas: 2 } },
        testModel(QWEN),
      ],
    };

    test("serve what the others count, and only that: the last one begins to serve", () => {
      expect(callbacks(scaled).slice(-3)).toEqual([
        "sleeping.handler",
        "admission.handler",
        "signals.handler",
      ]);
      const files = callbackFiles(scaled);
      expect(JSON.parse(files["signals.json"] ?? "")).toEqual({
        port: SIGNALS_PORT,
        metrics: Object.values(GATEWAY_SIGNALS),
      });
      const modules = Object.entries(files).filter(([file]) => file.endsWith(".py"));
      for (const name of Object.values(GATEWAY_SIGNALS)) {
        expect(modules.filter(([, text]) => text.includes(`"${name}"`))).toHaveLength(1);
      }
    });

    test("know the models that may sleep, by the Service that is empty then", () => {
      const { models } = JSON.parse(callbackFiles(scaled)["sleeping.json"] ?? "") as {
        readonly models: unknown;
      };
      expect(models).toEqual({
        [`vllm/${LLAMA}`]: {
          service: `http://${LLAMA}.vllm.svc:8000/health`,
          replicas: {
            [`${LLAMA}-0`]: `http://${LLAMA}-0.${LLAMA}-replicas.vllm.svc:8000/health`,
            [`${LLAMA}-1`]: `http://${LLAMA}-1.${LLAMA}-replicas.vllm.svc:8000/health`,
          },
        },
      });
    });

    test("have nothing of sleep where every model runs", () => {
      const awake = { ...scaled, models: [testModel(QWEN)] };
      expect(callbacks(awake).join()).not.toContain("sleeping");
      expect(Object.keys(callbackFiles(awake)).join()).not.toContain("sleeping");
    });
  });
});
