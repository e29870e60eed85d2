/** Where an operator's command looks: the address of a gateway, the cluster of a kubeconfig, the pods of a gateway. */
import { CoreV1Api } from "@kubernetes/client-node";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  gatewayPods,
  gatewayPort,
  kubeConfig,
  serviceUrl,
} from "../../../operations/stack/connection";
import { kubeconfigFile } from "../../support/kubeconfigFile";
import { serveKubernetes } from "../../support/kubernetesApi";
import { GATEWAY_NAMESPACE, listening, PATHS, pod, service } from "../../support/liveObjects";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("an operator reaches the gateway", () => {
  test("at the address of its load balancer", () => {
    expect(serviceUrl(service(4000, [{ hostname: "lb.aws" }]))).toBe("http://lb.aws:4000");
    expect(serviceUrl(service(4000, [{ ip: "127.0.0.1" }]))).toBe("http://127.0.0.1:4000");
  });

  test("by the name of its certificate, which the load balancer's own is not", () => {
    const named = { "llm-gateway/host-name": "llm.example.com" };
    expect(serviceUrl(service(443, [{ hostname: "lb.aws" }], named))).toBe(
      "https://llm.example.com",
    );
    expect(serviceUrl(service(443, [{ hostname: "lb.aws" }]))).toBe("https://lb.aws");
    const { metadata: _none, ...nameless } = service(443, [{ hostname: "lb.aws" }]);
    expect(serviceUrl(nameless)).toBe("https://lb.aws");
    expect(serviceUrl({ ...nameless, metadata: {} })).toBe("https://lb.aws");
    expect(serviceUrl(service(4000, [{ hostname: "lb.aws" }], named))).toBe("http://lb.aws:4000");
  });

  test.each([
    ["no load balancer", service(4000, [])],
    ["no address yet", { spec: { ports: [{ port: 4000 }] }, status: { loadBalancer: {} } }],
    ["no load balancer yet", { spec: { ports: [{ port: 4000 }] }, status: {} }],
    ["no state", { spec: { ports: [{ port: 4000 }] } }],
    ["no port", service(undefined, [{ hostname: "lb.aws" }])],
    ["no list of ports", { spec: {}, status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } }],
    ["no specification", { status: { loadBalancer: { ingress: [{ hostname: "lb.aws" }] } } }],
  ])("through the API server where its Service has %s", (_what, one) => {
    expect(serviceUrl(one)).toBeUndefined();
  });
});

const contexts = (...names: readonly string[]) =>
  JSON.stringify({
    "current-context": names[0],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
    clusters: names.map((name) => ({ name, cluster: { server: `https://${name}.example` } })),
    users: names.map((name) => ({ name, user: {} })),
  });

describe("the cluster is that", () => {
  test("of the file and the context that were named", async () => {
    const kubeconfig = await kubeconfigFile(contexts("dev", "prod"));
    expect(kubeConfig({ kubeconfig, context: "prod" }).getCurrentCluster()?.server).toBe(
      "https://prod.example",
    );
    expect(kubeConfig({ kubeconfig }).getCurrentCluster()?.server).toBe("https://dev.example");
  });

  test("of the usual look-up where no file was named", async () => {
    vi.stubEnv("KUBECONFIG", await kubeconfigFile(contexts("usual")));
    expect(kubeConfig({}).getCurrentCluster()?.server).toBe("https://usual.example");
  });

  test("that the kubeconfig has: an unknown context is answered with those that there are", async () => {
    const kubeconfig = await kubeconfigFile(contexts("dev", "prod"));
    expect(() => kubeConfig({ kubeconfig, context: "test" })).toThrow(
      "no context test: the kubeconfig has dev, prod",
    );
    const empty = await kubeconfigFile(contexts());
    expect(() => kubeConfig({ kubeconfig: empty, context: "test" })).toThrow(
      "no context test: the kubeconfig has none",
    );
  });
});

test("a pod's port is the first of its first container; a pod without one is named", () => {
  const containers = [
    { name: "litellm", ports: [{ containerPort: 4000 }, { containerPort: 9090 }] },
    { name: "other", ports: [{ containerPort: 1 }] },
  ];
  expect(gatewayPort({ spec: { containers } })).toBe(4000);
  for (const spec of [undefined, { containers: [] }, { containers: [{ name: "litellm" }] }]) {
    expect(() => gatewayPort({ metadata: { name: "litellm-1" }, ...(spec && { spec }) })).toThrow(
      "pod litellm-1 has no container port",
    );
  }
});

test("pods of the gateway are those with its labels in its namespace", async () => {
  const api = await serveKubernetes({
    [PATHS.pods(GATEWAY_NAMESPACE)]: [
      pod("redis-0", "redis"),
      listening("a"),
      listening("gone", { more: { deletionTimestamp: "2026-11-25T00:00:00Z" } }),
    ],
  });
  onTestFinished(() => api.close());
  const found = await gatewayPods(api.config.makeApiClient(CoreV1Api), GATEWAY_NAMESPACE);
  expect(found.map(({ metadata }) => metadata?.name)).toEqual(["a"]);
});
