import { autoscalersIn, type Autoscaler } from "../autoscaling/autoscaler";
import { podsOf } from "../autoscaling/pods";
import { hasPodRequests, requestGaps, type RequestOptions } from "../autoscaling/requests";
import { findTarget } from "../autoscaling/target";
import { unsureQueries } from "../autoscaling/triggerShape";
import { requestParameters } from "../factory/requestParameters";
import { rule } from "../factory/rule";
import type { Objects } from "../resources/objects";
import type { KubernetesObject } from "../resources/resource";
import { at, UNKNOWN } from "../resources/values";

/** Says what the main rule could not judge, so that nobody takes silence for a check. */
export const autoscalerUndecided = rule({
  name: "autoscaler-undecided",
  description:
    "Lists what of the autoscalers could not be judged: values that only the update knows, targets whose kind is not known here.",
  severity: "low",
  level: "advisory",
  tags: ["kubernetes", "autoscaling", "keda"],
  remediationSteps:
    "Write metadata.name, namespace and scaleTargetRef as plain texts; look at the autoscaler after the update.",
  url: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
  parameters: requestParameters,
  stack: ({ objects }, settings, report) => {
    for (const autoscaler of autoscalersIn(objects)) {
      for (const reason of reasonsFor(autoscaler, objects, settings)) {
        const { name, urn } = autoscaler.object;
        report(`${name} is not judged in this preview: ${reason}`, urn);
      }
      if (autoscaler.source === "keda") {
        for (const doubt of unsureQueries(at(autoscaler.object.props, "spec"))) {
          report(`${autoscaler.object.name}: ${doubt}`, autoscaler.object.urn);
        }
      }
    }
  },
});

function reasonsFor(autoscaler: Autoscaler, objects: Objects, options: RequestOptions): string[] {
  const search = findTarget(autoscaler, objects);
  if (search.state === "undecided") {
    return [search.reason];
  }
  if (search.state !== "found") {
    return [];
  }
  const { target, partial } = search;
  const gaps = requestGaps(autoscaler, target, partial, objects, options);
  return [
    ...gaps.filter(({ state }) => state === "undecided").map(({ message }) => message),
    ...(autoscaler.target.apiVersion === UNKNOWN
      ? ["the API group of its scaleTargetRef is unknown until the update"]
      : []),
    ...podLevel(autoscaler, target, partial, objects, options),
    ...uncertain(target, objects),
  ];
}

/** That the judgement holds for clusters from Kubernetes 1.34 on only. */
function podLevel(
  autoscaler: Autoscaler,
  target: KubernetesObject,
  partial: boolean,
  objects: Objects,
  options: RequestOptions,
): string[] {
  const pods = podsOf(target, objects);
  if (!options.podRequests || pods.state !== "known" || !hasPodRequests(pods.spec)) {
    return [];
  }
  const older = { ...options, podRequests: false };
  const lacking = requestGaps(autoscaler, target, partial, objects, older).some(
    ({ state }) => state === "missing",
  );
  return lacking
    ? [
        `${target.name} has its requests at pod level, which autoscalers read from Kubernetes 1.34 on; in 1.33 the feature is off by default`,
      ]
    : [];
}

/** That a patch whose name or namespace is unknown may be one of the target. */
function uncertain(target: KubernetesObject, objects: Objects): string[] {
  const name = at(target.props, "metadata", "name");
  return objects
    .uncertainPatches(target.kubernetes.kind, name, target)
    .map((patch) => `${patch.name}, a patch, may change ${target.name}; give both plain names`);
}
