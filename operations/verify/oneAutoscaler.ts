import { AppsV1Api, AutoscalingV2Api } from "@kubernetes/client-node";
import { PROJECT, PROJECT_LABEL, projectSelector } from "../../domain/labels";
import { verdict } from "../stack/checklist";
import type { ScaledObjectState } from "../stack/scaledObjects";
import type { Check, Subject } from "./check";
import { scaledObjectsOf } from "./sleepers";

/** What the stack scales: the gateway, and the replicas of a model. */
interface Workload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A HorizontalPodAutoscaler or a ScaledObject, and what it scales. */
interface Scaler {
  readonly target: Workload;
  readonly name: string;
  readonly resource: "hpa" | "scaledobject";
  /** Whether it may be the stack's: a HorizontalPodAutoscaler by its labels, a ScaledObject in any case. */
  readonly ours: boolean;
}

interface Trouble {
  readonly seen: string;
  readonly remedy: string;
}

/** Whether each workload is scaled, and by one alone: two undo each other's work. */
export const oneAutoscaler: Check = {
  name: "Each workload has one autoscaler",
  run: async (subject) => {
    const [scaled, objects] = await Promise.all([workloadsOf(subject), scaledObjectsOf(subject)]);
    const scalers = [...objects.map(scalerOf), ...(await ownAutoscalers(subject, objects))];
    const troubles = scaled.flatMap((workload) =>
      troublesOf(
        workload,
        scalers.filter(({ target }) => isSame(target, workload)),
      ),
    );
    return verdict(
      troubles.map(({ seen }) => seen),
      `${scaled.length} workloads`,
      [...new Set(troubles.map(({ remedy }) => remedy))].join("; "),
    );
  },
};

function troublesOf(workload: Workload, scalers: readonly Scaler[]): Trouble[] {
  const { namespace, name } = workload;
  const where = `${namespace}/${name}`;
  const [owner, ...others] = scalers;
  if (owner === undefined) {
    return [
      {
        seen: `nothing scales ${where}: its autoscaler is gone`,
        remedy: "pulumi refresh and pulumi up make it anew",
      },
    ];
  }
  return others.map((other) => ({
    seen: `${where} is scaled by ${textOf(owner)} and by ${textOf(other)}: they undo each other's work`,
    remedy:
      other.resource === "hpa" && !other.ours
        ? `kubectl -n ${namespace} delete hpa ${other.name}`
        : `kubectl -n ${namespace} delete ${other.resource}, of the one that pulumi stack does not list`,
  }));
}

function textOf({ resource, name }: Scaler): string {
  return `${resource === "hpa" ? "the HorizontalPodAutoscaler" : "the ScaledObject"} ${name}`;
}

function isSame(one: Workload, other: Workload): boolean {
  return one.kind === other.kind && one.namespace === other.namespace && one.name === other.name;
}

async function workloadsOf({ config, namespace, modelNamespace }: Subject): Promise<Workload[]> {
  const apps = config.makeApiClient(AppsV1Api);
  const [gateways, models] = await Promise.all([
    apps.listNamespacedDeployment({ namespace, labelSelector: projectSelector("gateway") }),
    apps.listNamespacedStatefulSet({
      namespace: modelNamespace,
      labelSelector: projectSelector("server"),
    }),
  ]);
  return [
    ...gateways.items.map(({ metadata }) => ({
      kind: "Deployment",
      namespace,
      name: metadata?.name ?? "",
    })),
    ...models.items.map(({ metadata }) => ({
      kind: "StatefulSet",
      namespace: modelNamespace,
      name: metadata?.name ?? "",
    })),
  ];
}

function scalerOf({ name, namespace, target }: ScaledObjectState): Scaler {
  return { name, target: { ...target, namespace }, resource: "scaledobject", ours: true };
}

/** The autoscalers that KEDA has not made of a ScaledObject. */
async function ownAutoscalers(
  { config, namespace, modelNamespace }: Subject,
  objects: readonly ScaledObjectState[],
): Promise<Scaler[]> {
  const autoscaling = config.makeApiClient(AutoscalingV2Api);
  const lists = await Promise.all(
    [...new Set([namespace, modelNamespace])].map(async (each) => {
      const { items } = await autoscaling.listNamespacedHorizontalPodAutoscaler({
        namespace: each,
      });
      return items.map(({ metadata, spec }): Scaler => ({
        name: metadata?.name ?? "",
        resource: "hpa",
        ours: metadata?.labels?.[PROJECT_LABEL] === PROJECT,
        target: {
          kind: spec?.scaleTargetRef.kind ?? "",
          name: spec?.scaleTargetRef.name ?? "",
          namespace: each,
        },
      }));
    }),
  );
  return lists
    .flat()
    .filter(
      ({ name, target }) =>
        !objects.some(
          (object) => object.autoscaler === name && object.namespace === target.namespace,
        ),
    );
}
