import type { types } from "@pulumi/kubernetes";
import { overlap, type Cidr } from "../../../domain/cidr";
import { KEDA_ADAPTER_PODS, KEDA_PODS, type SelectedPods } from "../../../domain/keda";
import { HTTPS_PORT } from "../../../domain/names";
import { DNS_EGRESS, podsOf, tcp } from "../../kubernetes/networkPolicy";
import { ADAPTER_PORT, OPERATOR_PORT } from "./chart";

type Spec = types.input.networking.v1.NetworkPolicySpec;

/** Pods with metrics, and the port that these are served on. */
export interface MetricsSource extends SelectedPods {
  /** TCP port. */
  readonly port: number;
}

/**
 * Where an API server of EKS and its Service have their addresses: blocks of private networks (RFC 1918, RFC 6598). It has no pods
 * that could be selected.
 */
const PRIVATE_BLOCKS: readonly Cidr[] = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "172.16.0.0/12",
  "192.168.0.0/16",
];

/**
 * What KEDA's pods may do, by the name of the policy: the operator reads the sources, the adapter asks the operator, the API server asks
 * the adapter; both ask the API server. The chart's own policies let both go to every pod.
 *
 * @param vpcCidr block of the VPC, where it is known
 */
export function kedaNetworkPolicies(
  sources: readonly MetricsSource[],
  vpcCidr: Cidr | undefined,
): Readonly<Record<string, Spec>> {
  const known = vpcCidr === undefined || PRIVATE_BLOCKS.some((block) => overlap(block, vpcCidr));
  const apiServer = (known ? PRIVATE_BLOCKS : [...PRIVATE_BLOCKS, vpcCidr]).map((cidr) => ({
    ipBlock: { cidr },
  }));
  const common = [DNS_EGRESS, { to: apiServer, ports: [tcp(HTTPS_PORT)] }];
  const operator = { matchLabels: { ...KEDA_PODS.matchLabels } };
  const adapter = { matchLabels: { ...KEDA_ADAPTER_PODS.matchLabels } };
  return {
    operator: {
      podSelector: operator,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: adapter }], ports: [tcp(OPERATOR_PORT)] }],
      egress: [
        ...common,
        ...sources.map((source) => ({ to: [podsOf(source)], ports: [tcp(source.port)] })),
      ],
    },
    adapter: {
      podSelector: adapter,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: apiServer, ports: [tcp(ADAPTER_PORT)] }],
      egress: [...common, { to: [{ podSelector: operator }], ports: [tcp(OPERATOR_PORT)] }],
    },
  };
}
