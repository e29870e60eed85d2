/** Which load balancers are public, by what each controller reads of a Service, an Ingress, a Gateway. */
import { describe, expect, test } from "vitest";
import { aws } from "./corpus/builders/aws";
import { ingress, SCHEME, service } from "./corpus/builders/workloads";
import { object } from "./corpus/case";
import { LATER, violations, type TestResource } from "./support";

const RULE = "load-balancers-internal";
const judge = async (resource: TestResource, config: object = {}) =>
  (await violations([resource], { only: [RULE], config: { [RULE]: config } }))[RULE] ?? [];

const INTERNAL = "service.beta.kubernetes.io/aws-load-balancer-internal";
const TYPE = "service.beta.kubernetes.io/aws-load-balancer-type";
const CONTROLLED = { loadBalancerClass: "service.k8s.aws/nlb" };

describe("annotations of a cloud's own load balancers:", () => {
  const PREFIX = "service.beta.kubernetes.io";
  test.each([
    [INTERNAL, "true"],
    [INTERNAL, "0.0.0.0/0"],
    [`${PREFIX}/azure-load-balancer-internal`, "true"],
    [`${PREFIX}/openstack-internal-load-balancer`, "true"],
    [`${PREFIX}/oci-load-balancer-internal`, "true"],
    ["oci-network-load-balancer.oraclecloud.com/internal", "true"],
    ["service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", "private"],
    [`${PREFIX}/alibaba-cloud-loadbalancer-address-type`, "intranet"],
    ["service.kubernetes.io/qcloud-loadbalancer-internal-subnetid", "subnet-1"],
    [`${PREFIX}/cce-load-balancer-internal-vpc`, "true"],
    ["metallb.universe.tf/address-pool", "lan"],
    ["metallb.io/address-pool", "lan"],
    ["cloud.google.com/load-balancer-type", "Internal"],
  ])("%s: %s is internal", async (key, value) => {
    expect(await judge(service({}, { [key]: value }))).toEqual([]);
    expect(await judge(service({}, { [key]: LATER }))).toEqual([]);
  });

  test.each([
    [INTERNAL, "false"],
    [`${PREFIX}/openstack-internal-load-balancer`, "false"],
    [`${PREFIX}/oci-load-balancer-internal`, "false"],
    ["service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", "public"],
    [`${PREFIX}/alibaba-cloud-loadbalancer-address-type`, "internet"],
    ["service.kubernetes.io/qcloud-loadbalancer-internal-subnetid", ""],
  ])("%s: %j is public", async (key, value) => {
    expect(await judge(service({}, { [key]: value }))).toHaveLength(1);
  });
});

describe("the AWS controller reads the scheme, the cloud's own provider does not:", () => {
  test.each([
    [{}, { [SCHEME]: "internal" }, 1],
    [{}, { [SCHEME]: "internal", [TYPE]: "nlb" }, 1],
    [{}, { [SCHEME]: "internal", [INTERNAL]: "true" }, 0],
    [{}, { [SCHEME]: "internal", [TYPE]: LATER }, 0],
    [{}, { [SCHEME]: LATER }, 0],
    [{}, { [SCHEME]: "internal", [TYPE]: "external" }, 0],
    [{}, { [SCHEME]: "internal", [TYPE]: "nlb-ip" }, 0],
    [CONTROLLED, { [SCHEME]: "internal" }, 0],
    [{ loadBalancerClass: "eks.amazonaws.com/nlb" }, {}, 0],
    [{ loadBalancerClass: LATER }, { [SCHEME]: "internal" }, 0],
    [CONTROLLED, {}, 0],
    [CONTROLLED, { [SCHEME]: "internet-facing" }, 1],
    [CONTROLLED, { [INTERNAL]: "false" }, 1],
    [CONTROLLED, { [INTERNAL]: "true" }, 0],
    [CONTROLLED, { [INTERNAL]: "false", [SCHEME]: "internal" }, 0],
    [CONTROLLED, { [INTERNAL]: "false", [SCHEME]: LATER }, 0],
    [{}, { [TYPE]: "external", [INTERNAL]: "false" }, 1],
  ])("%j with %j: %i reports", async (spec, annotations, reports) => {
    expect(await judge(service(spec, annotations))).toHaveLength(reports);
  });

  test("the message says what is missing beside the scheme", async () => {
    expect(await judge(service({}, { [SCHEME]: "internal" }))).toEqual([
      expect.stringContaining("write loadBalancerClass: service.k8s.aws/nlb beside it"),
    ]);
  });
});

describe("an Ingress of GKE", () => {
  const CLASS = "kubernetes.io/ingress.class";
  test.each([
    [{ [CLASS]: "gce" }, {}, 1],
    [{ [CLASS]: "gce-internal" }, {}, 0],
    [{ [CLASS]: "gce-internal" }, { ingressClassName: "gce" }, 0],
    [{ [CLASS]: "nginx" }, {}, 0],
    [{ [CLASS]: LATER }, { ingressClassName: "gce" }, 0],
    [{}, { ingressClassName: "gce" }, 1],
    [{}, { ingressClassName: "nginx" }, 0],
    [{}, {}, 0],
  ])("with %j and %j: %i reports", async (annotations, spec, reports) => {
    const resource = ingress(annotations);
    expect(await judge({ ...resource, props: { ...resource.props, spec } })).toHaveLength(reports);
  });
});

describe("an EnvoyProxy's Service", () => {
  const envoy = (envoyService: unknown) =>
    object("gateway.envoyproxy.io/v1alpha1:EnvoyProxy", "web", {
      spec: { provider: { type: "Kubernetes", kubernetes: { envoyService } } },
    });
  test.each([
    [{ annotations: { [SCHEME]: "internet-facing" } }, 1],
    [{ type: "LoadBalancer" }, 1],
    [{ type: "LoadBalancer", annotations: { [SCHEME]: "internal" }, ...CONTROLLED }, 0],
    [{ type: "LoadBalancer", annotations: { [INTERNAL]: "true" } }, 0],
    [{ type: "ClusterIP", annotations: { [SCHEME]: "internet-facing" } }, 0],
    [{ annotations: { team: "shop" } }, 0],
    [{ type: LATER }, 0],
    [LATER, 0],
    [undefined, 0],
  ])("%j: %i reports", async (envoyService, reports) => {
    expect(await judge(envoy(envoyService))).toHaveLength(reports);
  });
});

describe("a load balancer of AWS", () => {
  test.each([
    ["lb/loadBalancer:LoadBalancer", { internal: false }, 1],
    ["lb/loadBalancer:LoadBalancer", {}, 1],
    ["alb/loadBalancer:LoadBalancer", { internal: false }, 1],
    ["elb/loadBalancer:LoadBalancer", { internal: false }, 1],
    ["lb/loadBalancer:LoadBalancer", { internal: true }, 0],
    ["lb/loadBalancer:LoadBalancer", { internal: LATER }, 0],
    ["lb/loadBalancer:LoadBalancer", { loadBalancerType: "gateway" }, 0],
    ["lb/targetGroup:TargetGroup", {}, 0],
  ])("%s %j: %i reports", async (type, props, reports) => {
    expect(await judge(aws(type, props))).toHaveLength(reports);
  });

  test("may be named as public", async () => {
    const balancer = aws("lb/loadBalancer:LoadBalancer", { internal: false });
    const allowPublic = ['lb/loadBalancer "it"'];
    expect(await judge(balancer, { allowPublic })).toEqual([]);
    expect(await judge(balancer)).toEqual([expect.stringContaining("'lb/loadBalancer \"it\"'")]);
  });
});
