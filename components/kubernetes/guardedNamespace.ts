import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labels, PROJECT } from "../../domain/labels";
import { podSecurityLabels } from "./podSecurity";

/**
 * A namespace that enforces a Pod Security Standard and lets nothing in or out that no other rule allows.
 *
 * @param name of the Pulumi resource
 * @param more labels of the namespace
 */
export function guardedNamespace(
  name: string,
  namespace: string,
  level: "baseline" | "restricted",
  more: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Namespace {
  const resource = new k8s.core.v1.Namespace(
    name,
    {
      metadata: {
        name: namespace,
        labels: { ...labels(PROJECT, "namespace"), ...podSecurityLabels(level), ...more },
      },
    },
    opts,
  );
  new k8s.networking.v1.NetworkPolicy(
    `${name}-deny`,
    {
      metadata: { name: "deny-by-default", namespace, labels: labels(PROJECT, "network") },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
    { ...opts, dependsOn: [resource] },
  );
  return resource;
}
