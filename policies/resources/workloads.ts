import type { KubernetesObject } from "./resource";
import { at, isList, UNKNOWN, type Value } from "./values";

/** Where a kind keeps the templates of its pods; the first is that of the pods that an autoscaler measures. */
const TEMPLATES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Pod: [[]],
  PodTemplate: [["template"]],
  Deployment: [["spec", "template"]],
  StatefulSet: [["spec", "template"]],
  DaemonSet: [["spec", "template"]],
  ReplicaSet: [["spec", "template"]],
  ReplicationController: [["spec", "template"]],
  Job: [["spec", "template"]],
  CronJob: [["spec", "jobTemplate", "spec", "template"]],
  // OpenShift, Argo Rollouts, OpenKruise.
  DeploymentConfig: [["spec", "template"]],
  Rollout: [["spec", "template"]],
  CloneSet: [["spec", "template"]],
  // Its scale subresource selects the leaders, which run the workers' template where they have none of their own.
  LeaderWorkerSet: [
    ["spec", "leaderWorkerTemplate", "leaderTemplate"],
    ["spec", "leaderWorkerTemplate", "workerTemplate"],
  ],
};

/** Whether the pack knows where the kind keeps its pods. */
export function hasPods(kind: string): boolean {
  return Object.hasOwn(TEMPLATES, kind);
}

/** Where in its properties a kind keeps the templates of its pods. */
export function templatePaths(kind: string): readonly (readonly string[])[] {
  return hasPods(kind) ? (TEMPLATES[kind] ?? []) : [];
}

/** The templates of all pods that an object runs; unknown ones are among them. */
export function templatesOf({ kubernetes, props }: KubernetesObject): readonly Value[] {
  return templatePaths(kubernetes.kind)
    .map((path) => at(props, ...path))
    .filter((template) => template !== undefined && template !== null);
}

/** The specs of all pods that an object runs; unknown ones are among them. */
export function podSpecsOf(object: KubernetesObject): readonly Value[] {
  return templatesOf(object).map((template) => at(template, "spec"));
}

/** A container by its place in the pod spec. */
export interface Container {
  /** `containers["web"]` or, while the name is unknown, `containers[0]`. */
  readonly label: string;
  readonly name: string | typeof UNKNOWN | undefined;
  readonly init: boolean;
  /** An init container that keeps running beside the others. */
  readonly sidecar: boolean | typeof UNKNOWN;
  readonly spec: Value;
}

/** The containers of a pod spec that are known, and the names of the lists that are not. */
export interface Containers {
  readonly known: readonly Container[];
  readonly unknown: readonly string[];
}

const LISTS = [
  ["containers", false],
  ["initContainers", true],
] as const;

export function containersOf(podSpec: Value): Containers {
  const known: Container[] = [];
  const unknown: string[] = [];
  for (const [field, init] of LISTS) {
    const list = at(podSpec, field);
    if (list === UNKNOWN) {
      unknown.push(field);
    } else if (isList(list)) {
      list.forEach((spec, index) => known.push(container(spec, field, index, init)));
    }
  }
  return { known, unknown };
}

/** The known containers of all pods that an object runs. */
export function allContainersOf(object: KubernetesObject): readonly Container[] {
  return podSpecsOf(object).flatMap((spec) => containersOf(spec).known);
}

function container(spec: Value, field: string, index: number, init: boolean): Container {
  const name = at(spec, "name");
  const restartPolicy = init ? at(spec, "restartPolicy") : undefined;
  return {
    label: typeof name === "string" ? `${field}["${name}"]` : `${field}[${index}]`,
    name: typeof name === "string" || name === UNKNOWN ? name : undefined,
    init,
    sidecar: restartPolicy === UNKNOWN ? UNKNOWN : restartPolicy === "Always",
    spec,
  };
}
