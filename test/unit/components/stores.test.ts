import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test, vi } from "vitest";
import {
  createStores,
  type ManagedStores,
  type StoresArgs,
} from "../../../components/stores/createStores";
import type { StoreEndpoint } from "../../../components/stores/shared/storeEndpoint";
import { RESERVED } from "../../../domain/reserved";
import { Credentials } from "../../../components/litellm/credentials";
import { z } from "zod";
import { parsed } from "../../support/config";
import { parsedStack } from "../../support/stackFile";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs: inputs as Record<string, unknown> });
      return { id: name, state: { ...(inputs as object), result: "generated" } };
    },
    call: () => ({}),
  });
});

const MANAGED: StoreEndpoint = {
  kind: "single",
  host: "store.example",
  port: 1234,
  tls: true,
  peers: [{ ipBlock: { cidr: "10.0.0.0/19" } }],
};

const managedStores: ManagedStores = {
  database: () => ({ ...MANAGED, host: "database.example" }),
  redis: () => ({ ...MANAGED, host: "cache.example" }),
};

const MANAGED_CHOICES = parsedStack("prod").gateway;

/** Makes the default stores with `choices` in place of theirs, and gives what they declared. */
async function stores(
  name: string,
  choices: Partial<Pick<StoresArgs, "database" | "redis">> = {},
  platform: StoresArgs["platform"] = { managedStores },
) {
  const credentials = new Credentials(`${name}-credentials`, { masterKeyGeneration: 1 }, {});
  const { database, redis } = { ...parsed().gateway, ...choices };
  const made = createStores(
    name,
    { ...parsed().gateway, database, redis, storageClass: "block", credentials, platform },
    {},
  );
  await Promise.all(made.ready.map(({ urn }) => new Promise((resolve) => urn.apply(resolve))));
  const of = (type: string) =>
    registered.filter((entry) => entry.type === type && entry.name.startsWith(`${name}-`));
  return { ...made, credentials, of };
}

const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";

const named = z.object({ name: z.string() });

const statefulSet = z.object({
  template: z.object({
    spec: z.object({
      volumes: z.array(named),
      containers: z.array(
        z.object({
          env: z.array(named),
          volumeMounts: z.array(z.object({ mountPath: z.string() })),
        }),
      ),
    }),
  }),
  volumeClaimTemplates: z.array(z.object({ metadata: named })),
});

describe("stores in the cluster", () => {
  test("run beside the gateway by default, reached at their Services without TLS", async () => {
    const { endpoints, of } = await stores("a");
    expect(
      of(STATEFUL_SET)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["a-postgresql", "a-redis"]);
    const pods = (name: string) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "litellm" } },
      podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
    });
    expect(endpoints).toEqual({
      database: {
        kind: "single",
        host: "litellm-postgresql",
        port: 5432,
        tls: false,
        peers: [pods("litellm-postgresql")],
      },
      redis: {
        kind: "single",
        host: "litellm-redis-master",
        port: 6379,
        tls: false,
        peers: [pods("litellm-redis-master")],
      },
    });
  });

  test.each([
    ["512Mi", "384mb"],
    ["256Mi", "192mb"],
  ])("keep Redis's data within a limit of %s", async (memory, maxmemory) => {
    const { redis: choice } = parsed({
      gateway: {
        redis: { kind: "inCluster", resources: { requests: { memory }, limits: { memory } } },
      },
    }).gateway;
    const { of } = await stores(`b${memory}`, { redis: choice });
    const redis = of(STATEFUL_SET).find(({ name }) => name.endsWith("-redis"));
    expect(redis?.inputs).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              { command: expect.arrayContaining(["--maxmemory", maxmemory]) as unknown },
            ],
          },
        },
      },
    });
  });

  test("take what a stack adds to their pods and containers", async () => {
    const { redis: choice } = parsed({
      gateway: {
        redis: {
          kind: "inCluster",
          podOverrides: { labels: { team: "a" }, nodeSelector: { pool: "stores" } },
          containerOverrides: { env: [{ name: "TZ", value: "UTC" }] },
        },
      },
    }).gateway;
    const { of } = await stores("o", { redis: choice });
    const redis = of(STATEFUL_SET).find(({ name }) => name.endsWith("-redis"));
    expect(redis?.inputs).toMatchObject({
      spec: {
        template: {
          metadata: { labels: { team: "a", "app.kubernetes.io/name": "litellm-redis-master" } },
          spec: {
            nodeSelector: { pool: "stores" },
            containers: [{ env: [{ name: "REDIS_PASSWORD" }, { name: "TZ", value: "UTC" }] }],
          },
        },
      },
    });
  });

  test.each([
    ["postgresql", RESERVED.database],
    ["redis", RESERVED.redis],
  ])("of %s keep all that the platform gives them", async (kind, reserved) => {
    const { of } = await stores(`r-${kind}`);
    const store = of(STATEFUL_SET).find(({ name }) => name.endsWith(`-${kind}`));
    const { template, volumeClaimTemplates } = statefulSet.parse(store?.inputs.spec);
    const [container] = template.spec.containers;
    const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);
    expect(reserved.volumes).toEqual([
      ...volumeClaimTemplates.map(({ metadata }) => metadata.name),
      ...names(template.spec.volumes),
    ]);
    expect(reserved.mounts).toEqual(container?.volumeMounts.map(({ mountPath }) => mountPath));
    expect(reserved.env).toEqual(names(container?.env ?? []));
  });

  test("let the gateway alone connect, the database its migrations too, and connect to nobody", async () => {
    const { of } = await stores("c");
    const rules = () => of("kubernetes:networking.k8s.io/v1:NetworkPolicy");
    await vi.waitFor(() => {
      expect(rules()).toHaveLength(2);
    });
    for (const [kind, clients] of [
      ["postgresql", ["litellm", "litellm-migrations"]],
      ["redis", ["litellm"]],
    ] as const) {
      const rule = rules().find(({ name }) => name === `c-${kind}-clients`);
      expect(rule?.inputs.spec).toMatchObject({
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: clients.map((name) => ({
              podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
            })),
          },
        ],
        egress: [],
      });
    }
  });
});

describe("managed stores", () => {
  test("come from the platform, each by its own choice", async () => {
    const { endpoints, ready, of } = await stores("d", { redis: MANAGED_CHOICES.redis });
    expect(of(STATEFUL_SET).map(({ name }) => name)).toEqual(["d-postgresql"]);
    expect(ready).toHaveLength(1);
    expect(endpoints.database.host).toBe("litellm-postgresql");
    expect(endpoints.redis).toEqual({ ...MANAGED, host: "cache.example" });
  });

  test("get the password that the gateway shows", async () => {
    const passwords: pulumi.Output<string>[] = [];
    const store = (_settings: unknown, password: pulumi.Output<string>) => {
      passwords.push(password);
      return MANAGED;
    };
    const { credentials } = await stores("e", MANAGED_CHOICES, {
      managedStores: { database: store, redis: store },
    });
    expect(passwords).toEqual([credentials.databasePassword, credentials.redisPassword]);
  });

  test("are refused where nobody makes them", async () => {
    await expect(stores("f", { database: MANAGED_CHOICES.database }, {})).rejects.toThrow(
      /needs a cluster of kind eks/,
    );
  });
});
