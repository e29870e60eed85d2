/** Pods that read a Secret once, at their start, start anew when it changes. */
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { secretChecksum } from "../../../components/kubernetes/checksum";
import { Credentials } from "../../../components/litellm/credentials";
import type { StoreEndpoint } from "../../../components/stores/shared/storeEndpoint";
import { declared, named, type Tree } from "../../support/declared";

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    // A password by the name of its resource: `<credentials>-<role>`.
    newResource: ({ name, inputs }) => ({
      id: name,
      state: { ...(inputs as object), result: pulumi.secret(`generated-${name}`) },
    }),
    call: () => ({}),
  });
});

const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });

const ENDPOINT: StoreEndpoint = {
  kind: "single",
  host: "litellm-postgresql",
  port: 5432,
  tls: false,
  peers: [],
};

describe("the checksum of the gateway's credentials", () => {
  const checksumOf = (
    name: string,
    { redis = {}, ...database }: Partial<StoreEndpoint> & { redis?: Partial<StoreEndpoint> } = {},
  ) =>
    new Credentials(name, { masterKeyGeneration: 1 }, {}).gatewayChecksum({
      database: { ...ENDPOINT, ...database },
      redis: { ...ENDPOINT, ...redis },
    });

  test.each([
    ["another database", "a", { host: "llm-gateway.rds.example" }],
    ["another port", "a", { port: 5433 }],
    ["a database with TLS", "a", { tls: true }],
    ["another Redis", "a", { redis: { host: "cache.example" } }],
    ["a Redis with TLS", "a", { redis: { tls: true } }],
    ["other passwords and keys", "b", {}],
  ])("changes with %s", async (_what, credentials, changes) => {
    const before = await valueOf(checksumOf("a"));
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    expect(await valueOf(checksumOf("a"))).toBe(before);
    expect(await valueOf(checksumOf(credentials, changes))).not.toBe(before);
  });

  test("is no secret, unlike what it is made from", async () => {
    const password = pulumi.secret("p".repeat(40));
    expect(await pulumi.isSecret(password)).toBe(true);
    expect(await pulumi.isSecret(secretChecksum({ password }))).toBe(false);
  });
});

describe("in a stack, an annotation of the pods follows", () => {
  const annotations = (resources: Awaited<ReturnType<typeof declared>>, label: string) =>
    (
      named(resources, label).inputs as {
        spec: { template: { metadata: { annotations: Tree } } };
      }
    ).spec.template.metadata.annotations;

  test.each(["database", "redis"])("where the gateway's %s runs", async (store) => {
    const dev = annotations(await declared("dev"), "Deployment gateway");
    const other = await declared("dev", { gateway: { [store]: { kind: "managed" } } });
    expect(JSON.stringify(annotations(other, "Deployment gateway"))).not.toBe(JSON.stringify(dev));
  });

  test.each([
    ["the gateway's environment", "Deployment gateway", "checksum/credentials"],
    ["the cache's password", "StatefulSet gateway-redis", "checksum/password"],
    ["the key of the model servers", "StatefulSet qwen3-8b-fp8-neuron", "checksum/api-key"],
  ])("%s", async (_what, workload, annotation) => {
    const found = annotations(await declared("dev"), workload)[annotation];
    expect(found).toMatch(/^[0-9a-f]{16}$/);
  });
});
