import { at, isList, UNKNOWN, type Value } from "./values";

/** Where a kind keeps its pod spec. */
const POD_SPEC_PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: ["spec"],
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  ReplicaSet: ["spec", "template", "spec"],
  ReplicationController: ["spec", "template", "spec"],
  Job: ["spec", "template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** API group, version and kind of a Pulumi type such as `kubernetes:apps/v1:DeploymentPatch`. */
export interface KubernetesType {
  /** API group, `core` for the unnamed one. */
  readonly group: string;
  readonly version: string;
  /** Kind without Pulumi's `Patch` suffix. */
  readonly kind: string;
}

export function kubernetesType(type: string): KubernetesType | undefined {
  const match = /^kubernetes:(?:([\w.-]+)\/)?([\w]+):(\w+?)(?:Patch)?$/.exec(type);
  if (match?.[2] === undefined || match[3] === undefined) {
    return undefined;
  }
  return { group: match[1] ?? "core", version: match[2], kind: match[3] };
}

/** The pod spec of a workload; undefined when the type has none. */
export function podSpecOf(type: string, props: Value): Value {
  const kind = kubernetesType(type)?.kind;
  const path = kind === undefined ? undefined : POD_SPEC_PATHS[kind];
  return path === undefined ? undefined : at(props, ...path);
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

/** All containers of a pod spec; UNKNOWN when a list of them is. */
export function containersOf(podSpec: Value): readonly Container[] | typeof UNKNOWN {
  const found: Container[] = [];
  for (const [field, init] of [
    ["containers", false],
    ["initContainers", true],
  ] as const) {
    const list = at(podSpec, field);
    if (list === UNKNOWN) {
      return UNKNOWN;
    }
    if (isList(list)) {
      list.forEach((spec, index) => found.push(container(spec, field, index, init)));
    }
  }
  return found;
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

/** `Deployment litellm/litellm` or, where the name is unknown, the resource's name in the program. */
export function displayName(type: string, props: Value, programName: string): string {
  const kind = kubernetesType(type)?.kind ?? type;
  const name = at(props, "metadata", "name");
  const namespace = at(props, "metadata", "namespace");
  if (typeof name !== "string") {
    return `${kind} "${programName}"`;
  }
  return typeof namespace === "string" ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}
