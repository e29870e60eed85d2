import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { Gateway, type GatewayArgs } from "../../../components/litellm/gateway";
import { inClusterEndpoints } from "../../../components/stores/shared/storeEndpoint";
import { ModelServing, type ModelServingArgs } from "../../../components/vllm/modelServing";
import { parsed } from "../../support/config";
import { LLAMA, QWEN, testModel } from "../../support/models";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push({
        type: args.type,
        name: args.name,
        inputs: args.inputs as Record<string, unknown>,
      });
      const status = { loadBalancer: { ingress: [{ hostname: "lb.example" }] } };
      return { id: args.name, state: { ...(args.inputs as object), status, result: "generated" } };
    },
    call: () => ({}),
  });
});

const config = parsed();
const gatewayArgs: GatewayArgs = {
  ...config.gateway,
  routing: { ...config.gateway.routing, fallbacks: { [LLAMA]: [QWEN] } },
  endpoints: inClusterEndpoints(config.gateway.namespace),
  storageClass: "block",
  models: [testModel(LLAMA)],
  modelNamespace: "vllm",
};
const servingArgs: ModelServingArgs = {
  models: [testModel(LLAMA), testModel(QWEN)],
  namespace: "vllm",
  image: config.neuron.image,
  apiKey: "key",
  artifacts: { storageClass: "shared", size: "100Gi" },
  clients: { namespace: "litellm", labels: { "app.kubernetes.io/name": "litellm" } },
  requestTimeoutSeconds: 120,
};

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

async function gateway(name: string, changes: Partial<GatewayArgs> = {}): Promise<Gateway> {
  const component = new Gateway(name, { ...gatewayArgs, ...changes }, {});
  await valueOf(component.address);
  await valueOf(component.resource.urn);
  return component;
}

const of = (type: string, prefix: string) =>
  registered.filter((entry) => entry.type === type && entry.name.startsWith(prefix));

describe("the gateway", () => {
  test("offers itself as a target that the autoscaler accepts, without fixed replicas", async () => {
    const component = await gateway("a");
    expect(component).toMatchObject({ kind: "Deployment", name: "litellm", namespace: "litellm" });
    const [deployment] = of("kubernetes:apps/v1:Deployment", "a");
    expect(deployment?.inputs.spec).not.toHaveProperty("replicas");
  });

  test("takes what a stack adds to its pods, beside its own", async () => {
    await gateway("o", {
      podOverrides: { labels: { team: "a" }, nodeSelector: { pool: "gateway" } },
      containerOverrides: { env: [{ name: "TEAM", value: "a" }] },
    });
    const [deployment] = of("kubernetes:apps/v1:Deployment", "o");
    expect(deployment?.inputs.spec).toMatchObject({
      selector: { matchLabels: { "app.kubernetes.io/name": "litellm" } },
      template: {
        metadata: { labels: { "app.kubernetes.io/name": "litellm", team: "a" } },
        spec: {
          nodeSelector: { pool: "gateway" },
          containers: [
            {
              name: "litellm",
              resources: { requests: { cpu: "500m", memory: "1Gi" } },
              env: expect.arrayContaining([{ name: "TEAM", value: "a" }]) as unknown,
            },
          ],
        },
      },
    });
  });

  test("knows its address from the load balancer", async () => {
    expect(await valueOf((await gateway("b")).address)).toBe("lb.example");
  });

  test("is refused with an autoscaler that could never work", async () => {
    await expect(
      gateway("c", {
        autoscaling: {
          ...config.gateway.autoscaling,
          cpuUtilization: undefined,
          memoryUtilization: undefined,
        },
      }),
    ).rejects.toThrow(/autoscaler litellm-hpa cannot work: settings has no metric/);
  });

  test("rolls its pods when the routing changes, and only then", async () => {
    await gateway("d1");
    await gateway("d2");
    await gateway("d3", { routing: { ...gatewayArgs.routing, cooldownSeconds: 5 } });
    const annotations = ["d1", "d2", "d3"].map((name) =>
      JSON.stringify(
        (
          of("kubernetes:apps/v1:Deployment", name)[0]?.inputs.spec as {
            template: { metadata: { annotations: unknown } };
          }
        ).template.metadata.annotations,
      ),
    );
    expect(annotations[0]).toBe(annotations[1]);
    expect(annotations[2]).not.toBe(annotations[0]);
  });
});

describe("the gateway's stores", () => {
  const endpoints = inClusterEndpoints("litellm");
  const cache = {
    host: pulumi.output("cache.example"),
    port: 6379,
    tls: true,
    peers: [{ ipBlock: { cidr: "10.0.0.0/19" } }],
  };

  test("run beside it by default", async () => {
    await gateway("e");
    const stores = of("kubernetes:apps/v1:StatefulSet", "e-").map(({ name }) => name);
    expect(stores.sort()).toEqual(["e-postgresql", "e-redis"]);
  });

  test("are left out where they are managed, and reached at the managed address alone", async () => {
    await gateway("f", {
      redis: { kind: "managed", nodeType: "cache.t4g.small", engineVersion: "8.0", replicas: 1 },
      endpoints: { ...endpoints, redis: cache },
    });
    expect(of("kubernetes:apps/v1:StatefulSet", "f-").map(({ name }) => name)).toEqual([
      "f-postgresql",
    ]);
    const pod = JSON.stringify(of("kubernetes:apps/v1:Deployment", "f")[0]?.inputs);
    expect(pod).toContain('{"name":"REDIS_HOST","value":"cache.example"}');
    const [rule] = of("kubernetes:networking.k8s.io/v1:NetworkPolicy", "f-traffic");
    const { egress } = rule?.inputs.spec as { readonly egress: readonly unknown[] };
    expect(egress).toContainEqual({
      to: [{ ipBlock: { cidr: "10.0.0.0/19" } }],
      ports: [{ protocol: "TCP", port: 6379 }],
    });
    expect(JSON.stringify(egress)).not.toContain("litellm-redis-master");
  });
});

describe("model serving", () => {
  test("makes one StatefulSet, Job and autoscaler per model, and one artifact volume", async () => {
    const serving = new ModelServing("models", servingArgs, {});
    await Promise.all(serving.servers.map((server) => valueOf(server.resource.urn)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(
      of("kubernetes:apps/v1:StatefulSet", "").filter(({ name }) => [LLAMA, QWEN].includes(name)),
    ).toHaveLength(2);
    expect(
      of("kubernetes:batch/v1:Job", "")
        .map(({ name }) => name)
        .sort(),
    ).toEqual([`${LLAMA}-artifact`, `${QWEN}-artifact`]);
    expect(of("kubernetes:core/v1:PersistentVolumeClaim", "models")).toHaveLength(1);
  });

  test("makes no token Secret when there is no token", () => {
    expect(of("kubernetes:core/v1:Secret", "models").map(({ name }) => name)).toEqual([
      "models-api-key",
    ]);
  });
});
