/** Who may reach whom in what the stacks declare, whatever else changes. */
import { beforeAll, describe, expect, test } from "vitest";
import type { DeclaredResource } from "../../../local/render/resource";
import { declared, named, ofType, specOf, type Rule } from "../../support/declared";

let local: readonly DeclaredResource[];
let prod: readonly DeclaredResource[];
beforeAll(async () => {
  local = await declared("local");
  prod = await declared("prod");
});

describe("the network", () => {
  const rulesOf = (policy: DeclaredResource, direction: "ingress" | "egress") =>
    (specOf(policy)[direction] ?? []) as readonly Rule[];

  test.each(["gateway", "models"])(
    "lets nothing in or out of the namespace of the %s by default",
    (role) => {
      expect(specOf(named(prod, `NetworkPolicy workspace-${role}-deny`))).toEqual({
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
      });
    },
  );

  test("is enforced on EKS", () => {
    expect(named(prod, "eks.Cluster platform").inputs).toMatchObject({
      vpcCniOptions: { enableNetworkPolicy: true },
    });
  });

  test("opens ports, each to named peers; only artifact Jobs reach the internet, over HTTPS", () => {
    const open = ofType(local, "NetworkPolicy").flatMap((policy) =>
      rulesOf(policy, "egress")
        .filter(({ to }) => to === undefined || to.length === 0)
        .map(({ ports }) => [policy.name, ports?.map(({ port }) => port)]),
    );
    expect(open).toEqual([["models-builders", [443]]]);
    for (const policy of ofType(local, "NetworkPolicy")) {
      for (const direction of ["egress", "ingress"] as const) {
        expect(rulesOf(policy, direction).every(({ ports = [] }) => ports.length > 0)).toBe(true);
      }
    }
  });

  test("lets everyone in to the gateway's port alone", () => {
    const open = ofType(local, "NetworkPolicy").filter((policy) =>
      rulesOf(policy, "ingress").some(({ from = [] }) => from.length === 0),
    );
    expect(open.map(({ name }) => name)).toEqual(["gateway-traffic"]);
  });

  test("has a NAT gateway in each zone of prod, so that no zone depends on another", () => {
    expect(ofType(prod, "NatGateway")).toHaveLength(3);
    const ways = ofType(prod, "Route").map(({ inputs }) => inputs.natGatewayId);
    expect(new Set(ways.filter((way) => way !== undefined)).size).toBe(3);
  });

  test("gives no address of the internet to a node, and no store's port to anyone but nodes", () => {
    for (const { inputs } of ofType(prod, "Subnet")) {
      expect(inputs.mapPublicIpOnLaunch).toBe(false);
    }
    for (const { inputs, name } of ofType(prod, "SecurityGroup")) {
      expect(inputs.ingress, name).toEqual([
        expect.not.objectContaining({ cidrBlocks: expect.anything() as unknown }),
      ]);
    }
    expect(named(prod, "aws.rds.Instance platform-database").inputs.publiclyAccessible).toBe(false);
  });
});

describe("clients of the gateway", () => {
  const annotationsOf = (resources: readonly DeclaredResource[]) => {
    const { metadata } = named(resources, "Service gateway-service").inputs;
    const { annotations } = metadata as { annotations: Record<string, string> };
    const prefix = "service.beta.kubernetes.io/aws-load-balancer-";
    return (key: string) => annotations[`${prefix}${key}`];
  };

  test("come from inside, unless the configuration opens the load balancer", async () => {
    expect(annotationsOf(prod)("scheme")).toBe("internal");
    const open = await declared("dev", { gateway: { service: { internal: false } } });
    expect(annotationsOf(open)("scheme")).toBe("internet-facing");
  });

  test("are limited to the ranges that the configuration names", async () => {
    const allowedSourceRanges = ["10.0.0.0/8"];
    const limited = await declared("dev", { gateway: { service: { allowedSourceRanges } } });
    expect(specOf(named(limited, "Service gateway-service"))).toMatchObject({
      loadBalancerSourceRanges: allowedSourceRanges,
    });
  });

  test("speak TLS 1.2 or later where there is a certificate, and have no other port", async () => {
    const certificateArn = "arn:aws:acm:us-west-2:123456789012:certificate/example";
    const tls = { certificateArn, hostName: "llm.example.com" };
    const secure = await declared("dev", { gateway: { service: { tls } } });
    expect(annotationsOf(secure)("ssl-cert")).toBe(certificateArn);
    expect(annotationsOf(secure)("ssl-ports")).toBe("443");
    expect(annotationsOf(secure)("ssl-negotiation-policy")).toMatch(/TLS13-1-2/);
    expect(specOf(named(secure, "Service gateway-service")).ports).toEqual([
      { name: "https", port: 443, targetPort: "http" },
    ]);
  });
});
