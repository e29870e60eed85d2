import type { KubernetesObject } from "./resource";
import type { KubernetesType } from "./kubernetes";
import { at, isGiven, isList, isTree, items, UNKNOWN, type Tree, type Value } from "./values";

/** What tells one kind from another: other groups have kinds of the same name. */
export type Kind = Pick<KubernetesType, "group" | "kind">;

const POD_TEMPLATE = [["spec", "template"]];

/**
 * Where a kind keeps the templates of its pods, by API group and kind; the first is that of the pods that an autoscaler
 * measures. What is not here is not judged.
 */
const TEMPLATES: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ["core/Pod", [[]]],
  ["core/PodTemplate", [["template"]]],
  ["core/ReplicationController", POD_TEMPLATE],
  ["apps/Deployment", POD_TEMPLATE],
  ["apps/StatefulSet", POD_TEMPLATE],
  ["apps/DaemonSet", POD_TEMPLATE],
  ["apps/ReplicaSet", POD_TEMPLATE],
  ["extensions/Deployment", POD_TEMPLATE],
  ["extensions/DaemonSet", POD_TEMPLATE],
  ["extensions/ReplicaSet", POD_TEMPLATE],
  ["batch/Job", POD_TEMPLATE],
  ["batch/CronJob", [["spec", "jobTemplate", "spec", "template"]]],
  ["apps.openshift.io/DeploymentConfig", POD_TEMPLATE],
  ["argoproj.io/Rollout", POD_TEMPLATE],
  ["keda.sh/ScaledJob", [["spec", "jobTargetRef", "template"]]],
  ["serving.knative.dev/Service", POD_TEMPLATE],
  ["serving.knative.dev/Configuration", POD_TEMPLATE],
  ["serving.knative.dev/Revision", [[]]],
  ["apps.kruise.io/CloneSet", POD_TEMPLATE],
  ["apps.kruise.io/StatefulSet", POD_TEMPLATE],
  // Its scale subresource selects the leaders, which run the workers' template where they have none of their own.
  [
    "leaderworkerset.x-k8s.io/LeaderWorkerSet",
    [
      ["spec", "leaderWorkerTemplate", "leaderTemplate"],
      ["spec", "leaderWorkerTemplate", "workerTemplate"],
    ],
  ],
]);

/** Where Argo's kinds keep their templates, each of which is a pod in a shape of its own. */
const WORKFLOWS: ReadonlyMap<string, readonly string[]> = new Map([
  ["argoproj.io/Workflow", ["spec"]],
  ["argoproj.io/WorkflowTemplate", ["spec"]],
  ["argoproj.io/ClusterWorkflowTemplate", ["spec"]],
  ["argoproj.io/CronWorkflow", ["spec", "workflowSpec"]],
]);

/** The templates of an Argo workflow as templates of pods: argo-workflows.readthedocs.io/en/latest/fields, "Template". */
function workflowPods({ kubernetes, props }: KubernetesObject): readonly Value[] {
  const path = WORKFLOWS.get(`${kubernetes.group}/${kubernetes.kind}`);
  const spec = path === undefined ? undefined : at(props, ...path);
  const templates: readonly Value[] = items(at(spec, "templates"));
  const defaults: readonly Value[] = [at(spec, "templateDefaults")];
  return templates.concat(defaults).filter(isTree).map(workflowPod);
}

function workflowPod(template: Tree): Tree {
  const own: readonly Value[] = [at(template, "container"), at(template, "script")];
  const containers = own
    .filter(isGiven)
    .concat(items(at(template, "containerSet", "containers")), items(at(template, "sidecars")));
  return {
    metadata: at(template, "metadata"),
    spec: { ...template, containers, initContainers: at(template, "initContainers") },
  };
}

/** Whether the pack knows where the kind keeps its pods. */
export function hasPods({ group, kind }: Kind): boolean {
  return TEMPLATES.has(`${group}/${kind}`);
}

/** Whether a kind is the given one of the given group. */
export function isKind(type: Kind, group: string, kind: string): boolean {
  return type.kind === kind && type.group === group;
}

/** Where in its properties a kind keeps the templates of its pods. */
export function templatePaths({ group, kind }: Kind): readonly (readonly string[])[] {
  return TEMPLATES.get(`${group}/${kind}`) ?? [];
}

/** The templates of all pods that an object runs; unknown ones are among them. */
export function templatesOf(object: KubernetesObject): readonly Value[] {
  const { kubernetes, props } = object;
  const templates = templatePaths(kubernetes).map((path): Value => at(props, ...path));
  return templates.filter(isGiven).concat(workflowPods(object));
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
  /** Names of fields that hold something else than a list. */
  readonly malformed: readonly string[];
}

const LISTS = [
  ["containers", false],
  ["initContainers", true],
] as const;

export function containersOf(podSpec: Value): Containers {
  const known: Container[] = [];
  const unknown: string[] = [];
  const malformed: string[] = [];
  for (const [field, init] of LISTS) {
    const list = at(podSpec, field);
    if (list === UNKNOWN) {
      unknown.push(field);
    } else if (isList(list)) {
      list.forEach((spec, index) => known.push(container(spec, field, index, init)));
    } else if (list !== undefined && list !== null) {
      malformed.push(field);
    }
  }
  return { known, unknown, malformed };
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
