import { strings } from "../factory/parameters";
import { rule } from "../factory/rule";
import { at, isGiven, isTree, type Value } from "../resources/values";
import { allContainersOf } from "../resources/workloads";

/** How a probe asks; the API server refuses one without. */
const HANDLERS = ["httpGet", "tcpSocket", "exec", "grpc"];
const PROBES = ["readinessProbe", "livenessProbe"];

/** Without probes a hung container stays in its Service and is never restarted. */
export const probesPresent = rule({
  name: "probes-present",
  description: "Every container of a long-running workload has a readiness and a liveness probe.",
  severity: "medium",
  tags: ["kubernetes", "availability"],
  remediationSteps: "Add probes that ask the server itself.",
  url: "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
  parameters: {
    kinds: strings("Kinds whose containers need probes.", ["Deployment", "StatefulSet"]),
  },
  resource: (resource, { kinds }, report) => {
    for (const object of resource.objects) {
      // A patch completes a workload that has its probes already.
      if (!kinds.includes(object.kubernetes.kind) || object.kubernetes.patch) {
        continue;
      }
      for (const { label, spec, init } of allContainersOf(object)) {
        for (const probe of PROBES) {
          const found = at(spec, probe);
          if (!init && !isGiven(found)) {
            report(`${object.name}: ${label} has no ${probe}; add one that asks the server itself`);
          } else if (!init && asksNothing(found)) {
            report(
              `${object.name}: the ${probe} of ${label} asks nothing; write one of ${HANDLERS.join(", ")}`,
            );
          }
        }
      }
    }
  },
});

function asksNothing(probe: Value): boolean {
  return isTree(probe) && HANDLERS.every((handler) => !isGiven(at(probe, handler)));
}
