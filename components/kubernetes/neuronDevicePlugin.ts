import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels, selector } from "../../domain/labels";
import { DEVICE_PLUGIN_REQUESTS } from "../../domain/neuron/daemonSets";
import type { NeuronNodeGroup } from "../../domain/settings/neuron";
import { NEURON_TOLERATION, onInstanceTypes } from "./placement";

/** Inputs of {@link NeuronDevicePlugin}. */
export interface NeuronDevicePluginArgs {
  /** Image of the plugin, pinned. */
  readonly image: string;
  /** The Neuron groups of the cluster, by name: nodes of their instance types run the plugin. */
  readonly nodeGroups: Readonly<Record<string, Pick<NeuronNodeGroup, "instanceType">>>;
}

const NAME = "neuron-device-plugin";
const NAMESPACE = "kube-system";

/**
 * The Neuron device plugin: it advertises the devices of a node as `aws.amazon.com/neuron`. Typed resources rather than
 * the chart, whose scheduler extension and problem detector nodes with whole-node pods do not need. Volumes, tolerations
 * and permissions follow the chart's values.
 */
export class NeuronDevicePlugin extends pulumi.ComponentResource {
  public constructor(
    name: string,
    args: NeuronDevicePluginArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("llm-gateway:addons:NeuronDevicePlugin", name, {}, opts);
    const child = { parent: this };
    const metadata = { name: NAME, labels: labels(NAME, "device-plugin") };
    const namespaced = { ...metadata, namespace: NAMESPACE };

    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata: namespaced },
      child,
    );
    const role = new k8s.rbac.v1.ClusterRole(
      `${name}-role`,
      {
        metadata,
        rules: [
          { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
          { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
          {
            apiGroups: [""],
            resources: ["pods"],
            verbs: ["get", "list", "watch", "patch", "update"],
          },
          { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch", "update"] },
        ],
      },
      child,
    );
    const binding = new k8s.rbac.v1.ClusterRoleBinding(
      `${name}-binding`,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: NAME },
        subjects: [{ kind: "ServiceAccount", name: NAME, namespace: NAMESPACE }],
      },
      { ...child, dependsOn: [role] },
    );
    new k8s.apps.v1.DaemonSet(
      name,
      {
        metadata: namespaced,
        spec: {
          selector: { matchLabels: selector(NAME) },
          updateStrategy: { type: "RollingUpdate" },
          template: {
            metadata: { labels: labels(NAME, "device-plugin") },
            spec: podSpec(args),
          },
        },
      },
      { ...child, dependsOn: [account, binding] },
    );
    this.registerOutputs();
  }
}

function podSpec(args: NeuronDevicePluginArgs): k8s.types.input.core.v1.PodSpec {
  const hostPaths = [
    { name: "device-plugin", path: "/var/lib/kubelet/device-plugins", readOnly: false },
    { name: "infa-map", path: "/run", readOnly: false },
    { name: "neuron-tools", path: "/opt/aws", readOnly: true },
  ];
  const types = Object.values(args.nodeGroups).map(({ instanceType }) => instanceType);
  return {
    serviceAccountName: NAME,
    priorityClassName: "system-node-critical",
    tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }, NEURON_TOLERATION],
    affinity: onInstanceTypes([...new Set(types)]),
    containers: [
      {
        name: NAME,
        image: args.image,
        env: [
          { name: "KUBECONFIG", value: "/etc/kubernetes/kubelet.conf" },
          { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
        ],
        resources: {
          requests: DEVICE_PLUGIN_REQUESTS,
          limits: { cpu: "200m", memory: "128Mi" },
        },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        volumeMounts: hostPaths.map(({ name, path, readOnly }) => ({
          name,
          mountPath: path,
          readOnly,
        })),
      },
    ],
    volumes: hostPaths.map(({ name, path }) => ({ name, hostPath: { path } })),
  };
}
