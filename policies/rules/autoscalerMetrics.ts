import { isAutoscaler } from "../autoscaling/autoscaler";
import { metricProblems } from "../autoscaling/metricShape";
import { triggerProblems } from "../autoscaling/triggerShape";
import { rule } from "../factory/rule";
import { at } from "../resources/values";

/** Metrics that the API server or KEDA refuses, or that nothing ever reports. */
export const autoscalerMetrics = rule({
  name: "autoscaler-metrics",
  description: "The metrics of an autoscaler are ones that Kubernetes and KEDA can read.",
  severity: "high",
  tags: ["kubernetes", "autoscaling", "keda"],
  remediationSteps: "Mend the metric or trigger that the message names.",
  url: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/",
  resource: (resource, _settings, report) => {
    for (const object of resource.objects.filter(isAutoscaler)) {
      const spec = at(object.props, "spec");
      const problems =
        object.kubernetes.kind === "ScaledObject"
          ? triggerProblems(spec, object.kubernetes.patch)
          : object.kubernetes.patch
            ? []
            : metricProblems(spec, object.kubernetes.version);
      for (const problem of problems) {
        report(`${object.name}: ${problem}`);
      }
    }
  },
});
