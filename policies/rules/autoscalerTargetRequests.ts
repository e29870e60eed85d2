import { autoscalersIn, isAutoscaler, readAutoscaler, targetName } from "../autoscaling/autoscaler";
import type { Autoscaler } from "../autoscaling/autoscaler";
import { writeRequests } from "../autoscaling/explicitRequests";
import { requestGaps, type Gap } from "../autoscaling/requests";
import { findTarget } from "../autoscaling/target";
import { boolean, strings, type Settings } from "../factory/parameters";
import { requestParameters } from "../factory/requestParameters";
import { rule, type ReportOne } from "../factory/rule";
import { groupOf } from "../resources/kubernetes";
import type { Objects } from "../resources/objects";
import type { KubernetesObject } from "../resources/resource";
import { at, same, UNKNOWN } from "../resources/values";
import { hasPods } from "../resources/workloads";

const parameters = {
  allowExternalTargets: strings(
    "Targets that the stack does not manage, each as `Kind namespace/name`.",
    [],
  ),
  ...requestParameters,
  judgeAtRegistration: boolean(
    "Whether an update stops when the second of an autoscaler and its target is registered and lacks a request; false where a LimitRange or patch that is registered later completes it.",
    true,
  ),
  failOnUnknown: boolean("Whether what a preview cannot tell counts as missing.", false),
};

/** What to do where the requests are only completed later: what an autoscaler depends on is registered before it. */
const WAY_OUT =
  "or, where a LimitRange or a patch of this stack adds them, let the autoscaler depend on it";

/** The main rule: without requests on every container an autoscaler reports errors and never scales. */
export const autoscalerTargetRequests = rule({
  name: "autoscaler-target-requests",
  description:
    "Every autoscaler has its target in the stack, and every container of the target has the requests that the autoscaler's metrics need.",
  severity: "high",
  tags: ["kubernetes", "autoscaling", "keda"],
  remediationSteps:
    "Write resources.requests for each resource that the autoscaler scales on, on every container of its target, sidecars included.",
  url: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#how-does-a-horizontalpodautoscaler-work",
  parameters,
  resource: (resource, settings, report, { objects, updating }) => {
    for (const object of resource.objects.filter(isAutoscaler)) {
      if (!object.kubernetes.patch) {
        judgeReference(readAutoscaler(object), objects, report);
      }
    }
    for (const object of updating && settings.judgeAtRegistration ? resource.objects : []) {
      for (const autoscaler of concerned(object, objects)) {
        const gaps = gapsOf(autoscaler, objects, settings);
        for (const { message } of gaps.filter(({ state }) => state === "missing")) {
          report(`${autoscaler.object.name}: ${message}`, WAY_OUT);
        }
      }
    }
  },
  remediate: (resource, properties) =>
    resource.objects
      .filter(({ kubernetes, path }) => !kubernetes.patch && path.length === 0)
      .map((object) => writeRequests(object, properties))
      .includes(true),
  stack: ({ objects }, settings, report) => {
    for (const autoscaler of autoscalersIn(objects)) {
      const { object } = autoscaler;
      const target = targetName(autoscaler, objects);
      const search = findTarget(autoscaler, objects);
      const external = settings.allowExternalTargets.includes(target);
      if (search.state === "missing" && !external) {
        const hint = search.hint === undefined ? "" : ` (${search.hint})`;
        report(
          `${object.name}: its target ${target} is not in this stack${hint}; mend scaleTargetRef, or name "${target}" in allowExternalTargets`,
          object.urn,
        );
      } else if (search.state === "found") {
        const gaps = gapsOf(autoscaler, objects, settings);
        const wrong = gaps.filter(({ state }) => state === "missing" || settings.failOnUnknown);
        for (const { message } of wrong) {
          report(`${object.name}: ${message}`, object.urn);
        }
      } else if (search.state === "undecided" && settings.failOnUnknown && !external) {
        report(`${object.name}: ${search.reason}`, object.urn);
      }
    }
  },
});

/** The autoscaler that an object is, or those registered before it that name it. */
function concerned(object: KubernetesObject, objects: Objects): readonly Autoscaler[] {
  if (object.kubernetes.patch || (!isAutoscaler(object) && !hasPods(object.kubernetes))) {
    return [];
  }
  const name = at(object.props, "metadata", "name");
  return isAutoscaler(object)
    ? [readAutoscaler(object)]
    : autoscalersIn(objects).filter(({ target }) => same(target.name, name) === true);
}

/** What the reference alone shows. */
function judgeReference(autoscaler: Autoscaler, objects: Objects, report: ReportOne): void {
  const { object, target } = autoscaler;
  const search = findTarget(autoscaler, objects);
  if (search.state === "unscalable") {
    report(`${object.name}: ${search.reason}`);
    return;
  }
  const reference = at(object.props, "spec", "scaleTargetRef");
  if (reference === UNKNOWN) {
    return;
  }
  if (search.state === "unnamed") {
    report(`${object.name}: scaleTargetRef names no target; write its apiVersion, kind and name`);
    return;
  }
  const group = groupOf(target.apiVersion);
  if ((group === undefined || group === "core") && target.kind !== "ReplicationController") {
    report(
      `${object.name}: scaleTargetRef has no API group, which the API server refuses; write apiVersion, such as apps/v1 for a Deployment`,
    );
  }
}

function gapsOf(
  autoscaler: Autoscaler,
  objects: Objects,
  settings: Settings<typeof parameters>,
): readonly Gap[] {
  const search = findTarget(autoscaler, objects);
  return search.state === "found"
    ? requestGaps(autoscaler, search.target, search.partial, objects, settings)
    : [];
}
