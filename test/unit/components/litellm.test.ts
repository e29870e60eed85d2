import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  allowedFails,
  proxyConfig,
  renderProxyConfig,
  type ProxyConfigArgs,
} from "../../../components/litellm/proxyConfig";
import { baseUrl, serviceSpec } from "../../../components/litellm/service";
import { requestScaling } from "../../../domain/settings/requestScaling";
import { parsed, parsedGateway } from "../../support/config";
import { LLAMA, QWEN, testModel } from "../../support/models";

const { autoscaling, cache, database, keys, routing } = parsedGateway();
const args: ProxyConfigArgs = {
  models: [testModel(LLAMA), testModel(QWEN)],
  modelNamespace: "vllm",
  requestScaling: requestScaling(parsed()),
  routing: { ...routing, fallbacks: { [LLAMA]: [QWEN] } },
  cache,
  keys,
  database,
  autoscaling,
};

describe("the proxy's configuration", () => {
  const config = proxyConfig(args);

  test("has one entry per replica that may ever exist, at the replica's own address", () => {
    expect(config.model_list.map(({ litellm_params }) => litellm_params.api_base)).toEqual([
      "http://llama-3-1-8b-int8-neuron-0.llama-3-1-8b-int8-neuron-replicas.vllm.svc:8000/v1",
      "http://llama-3-1-8b-int8-neuron-1.llama-3-1-8b-int8-neuron-replicas.vllm.svc:8000/v1",
      "http://qwen3-8b-fp8-neuron-0.qwen3-8b-fp8-neuron-replicas.vllm.svc:8000/v1",
      "http://qwen3-8b-fp8-neuron-1.qwen3-8b-fp8-neuron-replicas.vllm.svc:8000/v1",
    ]);
    expect(new Set(config.model_list.map(({ model_info }) => model_info.id)).size).toBe(4);
  });

  test("keeps the routing intent in the section that LiteLLM reads", () => {
    expect(config.router_settings).toMatchObject({
      routing_strategy: "simple-shuffle",
      num_retries: 2,
      timeout: 120,
      cooldown_time: 60,
      allowed_fails: 2,
      fallbacks: [{ "vllm/llama-3-1-8b-int8-neuron": ["vllm/qwen3-8b-fp8-neuron"] }],
    });
    expect(config.general_settings).toMatchObject({
      background_health_checks: true,
      health_check_interval: 30,
      enable_health_check_routing: true,
    });
    expect(config.litellm_settings.cache_params).toMatchObject({ type: "redis", ttl: 3600 });
  });

  test("closes the known traps", () => {
    expect(config.litellm_settings.disable_hf_tokenizer_download).toBe(true);
    expect(config.litellm_settings.cache_params?.max_messages).toBeNull();
    expect(config.litellm_settings.cache_params?.socket_timeout).toBeLessThan(1);
    // Shown to whoever may ask /cache/ping.
    expect(Object.keys(config.litellm_settings.cache_params ?? {})).not.toContain("url");
  });

  test("leads limits and shared health checks to Redis by themselves, though the response cache is off", () => {
    const { general_settings } = proxyConfig({ ...args, cache: { ...cache, enabled: false } });
    expect(general_settings.coordination_redis).toEqual({
      url: "os.environ/REDIS_URL",
      socket_timeout: 0.3,
      socket_connect_timeout: 0.5,
    });
  });

  test("frees the place of a client that leaves", () => {
    expect(config.general_settings.cancel_on_disconnect).toBe(true);
  });

  test("knows keys for five minutes, and keeps the log of requests for a week, unless told otherwise", () => {
    expect(config.general_settings).toMatchObject({
      user_api_key_cache_ttl: 300,
      maximum_spend_logs_retention_period: "7d",
    });
    const { general_settings } = proxyConfig({
      ...args,
      keys: { cacheSeconds: 60, spendLogDays: 30 },
    });
    expect(general_settings).toMatchObject({
      user_api_key_cache_ttl: 60,
      maximum_spend_logs_retention_period: "30d",
    });
  });

  test("has the price of each model's tokens, which YAML 1.1 reads as numbers", () => {
    const price = { ...testModel(QWEN).price, inputUsdPerMillionTokens: 0.5 };
    const models = [testModel(LLAMA), testModel(QWEN, { price })];
    const prices = proxyConfig({ ...args, models }).model_list.map(({ model_info }) => [
      model_info.input_cost_per_token,
      model_info.output_cost_per_token,
    ]);
    const llama = [0.00000131631944444, 0.00000526527777778];
    expect(prices).toEqual([llama, llama, [5e-7, llama[1]], [5e-7, llama[1]]]);
    const text = renderProxyConfig({ ...args, models });
    expect(text).toContain("output_cost_per_token: 0.00000526527777778\n");
    expect(text).toContain("input_cost_per_token: 5.0e-7\n");
  });

  test("gives each pod as many connections to the database as fit", () => {
    const poolOf = (changes: Partial<ProxyConfigArgs>) =>
      proxyConfig({ ...args, ...changes }).general_settings.database_connection_pool_limit;
    expect(poolOf({})).toBe(7);
    expect(poolOf({ autoscaling: { maxReplicas: 20 } })).toBe(4);
    expect(poolOf({ database: { kind: "managed", instanceClass: "db.m7g.large" } })).toBe(10);
  });

  test("is not written for a model without a price", () => {
    const serving = { ...testModel(LLAMA).serving, instanceType: "trn2.3xlarge" as const };
    expect(() => proxyConfig({ ...args, models: [testModel(LLAMA, { serving })] })).toThrow(
      /llama.* has no price; write price\.instanceHourUsd/,
    );
  });

  test("carries no credential, only names of variables", () => {
    const text = renderProxyConfig(args);
    const credentials = [...text.matchAll(/(?:password|_key|database_url): (.*)/g)];
    expect(credentials.length).toBeGreaterThan(5);
    for (const [, value] of credentials) {
      expect(value).toMatch(/^os\.environ\/[A-Z_]+$/);
    }
  });

  test("survives the way through YAML", () => {
    expect(parse(renderProxyConfig(args))).toEqual(JSON.parse(JSON.stringify(config)));
  });

  test("has no cache parameters when the cache is off", () => {
    const off = proxyConfig({ ...args, cache: { ...cache, enabled: false } });
    expect(off.litellm_settings).toMatchObject({ cache: false });
    expect(off.litellm_settings.cache_params).toBeUndefined();
  });
});

test.each([
  [1, 0],
  [3, 2],
  [5, 4],
])("a cool-down at failure %d is allowed_fails %d", (failures, allowed) => {
  expect(allowedFails(failures)).toBe(allowed);
});

test("a cool-down at the fourth failure cannot be written", () => {
  expect(() => allowedFails(4)).toThrow(/write 3 or 5/);
});

describe("the gateway's Service", () => {
  const gateway = parsedGateway();
  const settings = gateway.service;
  const serviceOf = (changes: Partial<typeof settings> = {}, certificateArn?: string) =>
    serviceSpec({
      ...gateway,
      service: { ...settings, ...changes },
      times: { drainSeconds: 15, longestAnswerSeconds: 448 },
      certificateArn,
    });

  test("is an internal load balancer on port 4000", () => {
    const { metadata, spec } = serviceOf();
    expect(spec).toMatchObject({ type: "LoadBalancer", ports: [{ port: 4000 }] });
    expect(metadata.annotations).toMatchObject({
      "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
    });
    expect(spec.loadBalancerSourceRanges).toBeUndefined();
  });

  test("opens only when asked, and limits its sources when told", () => {
    const open = serviceOf({ internal: false, allowedSourceRanges: ["10.0.0.0/8"] });
    expect(open.metadata.annotations).toMatchObject({
      "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing",
    });
    expect(open.spec.loadBalancerSourceRanges).toEqual(["10.0.0.0/8"]);
  });

  test("lets the user's annotations win", () => {
    const scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme";
    const { metadata } = serviceOf({ annotations: { [scheme]: "mine" } });
    expect(metadata.annotations[scheme]).toBe("mine");
  });

  test("shows a certificate on port 443 when it has one", () => {
    const certificateArn = "arn:aws:acm:us-west-2:123456789012:certificate/1";
    const tls = { certificateArn, hostName: "llm.example.com" };
    const { metadata, spec } = serviceOf({ tls }, certificateArn);
    expect(spec.ports).toEqual([{ name: "https", port: 443, targetPort: "http" }]);
    expect(metadata.annotations).toMatchObject({
      "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": certificateArn,
      "service.beta.kubernetes.io/aws-load-balancer-ssl-ports": "443",
    });
    expect(baseUrl({ ...settings, tls }, "lb.example")).toBe("https://llm.example.com/v1");
    expect(baseUrl(settings, "lb.example")).toBe("http://lb.example:4000/v1");
  });
});
