import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels, PROJECT, selector } from "../../domain/labels";
import { NEURON_INSTANCE_TYPES } from "../../domain/neuron/instanceTypes";
import { NEURON_RESOURCE } from "../../domain/neuron/resource";
import type { NeuronNodeGroup } from "../../domain/settings/neuron";
import { NEURON_TOLERATION, onInstanceTypes } from "./placement";
import { RESTRICTED_CONTAINER, restrictedPod } from "./podSecurity";

/** Inputs of {@link Headroom}. */
export interface HeadroomArgs {
  /** Namespace of the model servers. */
  readonly namespace: string;
  /** Image of the model servers: a node that runs a placeholder has it. */
  readonly image: string;
  /** The Neuron groups, by name, with the nodes to keep ready of each. */
  readonly nodeGroups: Readonly<Record<string, Pick<NeuronNodeGroup, "headroom" | "instanceType">>>;
}

const PRIORITY_CLASS = "llm-gateway-headroom";
/**
 * Below every ordinary pod, and not below what Cluster Autoscaler makes nodes for, `expendable-pods-priority-cutoff`. Source: its FAQ,
 * "How can I configure overprovisioning with Cluster Autoscaler?".
 */
const PRIORITY = -10;
/** User of a placeholder: it does nothing that needs another. */
const NOBODY = 65534;

/** A placeholder serves nobody: it is well when its container, and with it the node's runtime, still starts a program. */
const RUNS = { exec: { command: ["true"] }, periodSeconds: 60, timeoutSeconds: 10 };

/**
 * Nodes that are ready before a replica needs them: each holds a placeholder, a pod of the lowest priority that has all of its
 * devices. A replica takes its place at once, and the placeholder asks for the next node.
 */
export class Headroom extends pulumi.ComponentResource {
  public constructor(name: string, args: HeadroomArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:kubernetes:Headroom", name, {}, opts);
    const priority = new k8s.scheduling.v1.PriorityClass(
      `${name}-priority`,
      {
        metadata: { name: PRIORITY_CLASS, labels: labels(PROJECT, "headroom") },
        value: PRIORITY,
        globalDefault: false,
        preemptionPolicy: "Never",
        description: "Placeholders that give way to model replicas",
      },
      { parent: this },
    );
    for (const [group, settings] of Object.entries(args.nodeGroups)) {
      if (settings.headroom > 0) {
        placeholders(`${name}-${group}`, headroomName(group), settings, args, {
          parent: this,
          dependsOn: [priority],
        });
      }
    }
    this.registerOutputs();
  }
}

/** Name of the Deployment that keeps nodes of a group ready. */
export function headroomName(group: string): string {
  return `headroom-${group}`;
}

function placeholders(
  name: string,
  deployment: string,
  { headroom, instanceType }: HeadroomArgs["nodeGroups"][string],
  { image, namespace }: HeadroomArgs,
  opts: pulumi.ComponentResourceOptions,
): void {
  const devices = { [NEURON_RESOURCE]: String(NEURON_INSTANCE_TYPES[instanceType].devices) };
  new k8s.apps.v1.Deployment(
    name,
    {
      metadata: {
        name: deployment,
        namespace,
        labels: labels(deployment, "headroom"),
        // At the most nodes of the group its replicas have them all, and placeholders wait: nothing is wrong with that.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        replicas: headroom,
        // A further placeholder would ask for a node of its own, and at the most nodes of the group it would wait for ever.
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        selector: { matchLabels: selector(deployment) },
        template: {
          metadata: { labels: labels(deployment, "headroom") },
          spec: {
            priorityClassName: PRIORITY_CLASS,
            terminationGracePeriodSeconds: 0,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: restrictedPod(NOBODY),
            tolerations: [NEURON_TOLERATION],
            affinity: onInstanceTypes([instanceType]),
            containers: [
              {
                name: "placeholder",
                image,
                command: ["sleep", "infinity"],
                readinessProbe: RUNS,
                livenessProbe: RUNS,
                resources: {
                  requests: { cpu: "10m", memory: "16Mi", ...devices },
                  limits: { cpu: "10m", memory: "16Mi", ...devices },
                },
                securityContext: RESTRICTED_CONTAINER,
              },
            ],
          },
        },
      },
    },
    opts,
  );
}
