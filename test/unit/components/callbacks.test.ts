import { describe, expect, test } from "vitest";
import type { CacheSettings } from "../../../domain/settings/routing";
import { requestScaling } from "../../../domain/settings/requestScaling";
import { parsed } from "../../support/config";
import { LLAMA, QWEN, testModel } from "../../support/models";
import { GATEWAY_SIGNALS, SIGNALS_PORT } from "../../../domain/gatewaySignals";
import { callbackFiles, callbacks, type CallbackArgs } from "../../../components/litellm/callbacks";

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
      "first_check.handler",
    ];
    expect(callbacks(args(cache))).toEqual(["prometheus", ...own]);
    const files = callbackFiles(args(cache));
    expect(Object.keys(files).sort()).toEqual(
      [
        "admission.json",
        "first_check.json",
        ...own.map((callback) => callback.replace(/\..*/, ".py")),
      ].sort(),
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

  test("of the first check say how long it may take: another pod's, and then this one's", () => {
    const patience = (healthCheckIntervalSeconds: number) => {
      const given = args(cached);
      const routing = { ...given.routing, healthCheckIntervalSeconds };
      return JSON.parse(callbackFiles({ ...given, routing })["first_check.json"] ?? "") as unknown;
    };
    expect(patience(5)).toEqual({ patienceSeconds: 10 + 5 + 5 });
    expect(patience(30)).toEqual({ patienceSeconds: 20 + 15 + 5 });
    expect(patience(3600)).toEqual({ patienceSeconds: 20 + 15 + 5 });
  });

  test("have none of the admission where it is off", () => {
    const off = args(cached, { ...admitted, enabled: false });
    expect(Object.keys(callbackFiles(off))).toEqual([
      "cache_scope.py",
      "fallback_context.py",
      "first_check.py",
      "first_check.json",
    ]);
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

    test("serve what the others count, and only that, once all are there that count", () => {
      expect(callbacks(scaled).slice(-4)).toEqual([
        "sleeping.handler",
        "admission.handler",
        "signals.handler",
        "first_check.handler",
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
