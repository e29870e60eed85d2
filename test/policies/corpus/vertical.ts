import { autoscaler, container, deployment, utilization } from "../fixtures";
import { LATER } from "../support";
import { containerMetric } from "./builders/requests";
import { CONFLICTS, cpu, kept, workload } from "./builders/targets";
import { bad, good, type Case } from "./case";

const sidecar = container({ name: "proxy" });
const two = deployment({ containers: [container(), sidecar] });
const vertical = (spec: Record<string, unknown>) =>
  workload("autoscaling.k8s.io/v1:VerticalPodAutoscaler", "web", {
    targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    ...spec,
  });
const policies = (...containerPolicies: object[]) =>
  vertical({ resourcePolicy: { containerPolicies } });
const of = (containerName: string, more: object = {}) => ({ containerName, ...more });
const off = { mode: "Off" };
const memoryOnly = { controlledResources: ["memory"] };

/** VerticalPodAutoscalers beside an autoscaler. */
export const VERTICAL: readonly Case[] = [
  bad(
    CONFLICTS,
    "Initial",
    "pods that the autoscaler adds get other requests",
    two,
    autoscaler(cpu),
    vertical({ updatePolicy: { updateMode: "Initial" } }),
    kept,
  ),
  bad(
    CONFLICTS,
    "in place",
    "it changes the requests of running pods",
    two,
    autoscaler(cpu),
    vertical({ updatePolicy: { updateMode: "InPlaceOrRecreate" } }),
    kept,
  ),
  good(
    "all containers off",
    "it changes nothing",
    two,
    autoscaler(cpu),
    policies(of("*", off)),
    kept,
  ),
  good(
    "each container off",
    "it changes nothing",
    two,
    autoscaler(cpu),
    policies(of("web", off), of("proxy", off)),
    kept,
  ),
  bad(
    CONFLICTS,
    "one container off",
    "the other one is measured too",
    two,
    autoscaler(cpu),
    policies(of("web", off)),
    kept,
  ),
  bad(
    CONFLICTS,
    "one container on, the rest off",
    "its own policy counts before the one for all",
    two,
    autoscaler(cpu),
    policies(of("*", off), of("proxy", { mode: "Auto" })),
    kept,
  ),
  good(
    "off for the measured container",
    "the metric is of that one alone",
    two,
    containerMetric("web"),
    policies(of("web", off)),
    kept,
  ),
  bad(
    CONFLICTS,
    "on for the measured container",
    "the metric is of that one",
    two,
    containerMetric("web"),
    policies(of("proxy", off)),
    kept,
  ),
  bad(
    CONFLICTS,
    "memory of one container, all of another",
    "the other one's CPU changes",
    two,
    autoscaler(cpu),
    policies(of("web", memoryOnly)),
    kept,
  ),
  good(
    "memory of every container",
    "shares of CPU stay",
    two,
    autoscaler(cpu),
    policies(of("web", memoryOnly), of("*", memoryOnly)),
    kept,
  ),
  bad(
    CONFLICTS,
    "memory of every container, and shares of memory",
    "they move",
    two,
    autoscaler({ metrics: [utilization("memory")] }),
    policies(of("*", memoryOnly)),
    kept,
  ),
  good(
    "no resource at all",
    "an empty list controls none",
    two,
    autoscaler(cpu),
    policies(of("*", { controlledResources: [] })),
    kept,
  ),
  bad(
    CONFLICTS,
    "requests without limits",
    "shares are of requests",
    two,
    autoscaler(cpu),
    policies(of("*", { controlledValues: "RequestsOnly" })),
    kept,
  ),
  good(
    "another workload",
    "it changes that one's requests",
    two,
    autoscaler(cpu),
    vertical({ targetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: "web" } }),
    kept,
  ),
  good(
    "an average value",
    "it is no share",
    two,
    autoscaler({
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "AverageValue", averageValue: "1" } },
        },
      ],
    }),
    vertical({}),
    kept,
  ),
  good(
    "an unknown mode",
    "it may be Off",
    two,
    autoscaler(cpu),
    vertical({ updatePolicy: { updateMode: LATER } }),
    kept,
  ),
  good(
    "an unknown policy of a container",
    "it may be off",
    two,
    autoscaler(cpu),
    policies(of("*", { mode: LATER })),
    kept,
  ),
  bad(
    CONFLICTS,
    "unknown containers without any policy",
    "every container is controlled",
    deployment({ containers: LATER }),
    autoscaler(cpu),
    vertical({}),
    kept,
  ),
];
