import { stringify } from "yaml";
import { noProcessRole } from "./processRoles";

const NOW = "{{ Now | Quote }}";

/**
 * What KWOK does with pods, but for those that run as processes: they become ready at once, Jobs complete, deleted ones
 * go.
 */
export function simulatedPodStages(): string {
  const simulated = noProcessRole();
  const alive = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };
  const stage = (name: string, matchExpressions: readonly object[], next: object) =>
    stringify({
      apiVersion: "kwok.x-k8s.io/v1alpha1",
      kind: "Stage",
      metadata: { name },
      spec: {
        resourceRef: { apiGroup: "v1", kind: "Pod" },
        selector: { matchExpressions: [simulated, ...matchExpressions] },
        next,
      },
    });
  const nodeReady = stringify({
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name: "node-ready" },
    spec: {
      resourceRef: { apiGroup: "v1", kind: "Node" },
      selector: {
        matchExpressions: [
          {
            key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
            operator: "NotIn",
            values: ["True"],
          },
        ],
      },
      next: { statusTemplate: NODE_READY },
    },
  });
  return [
    // KWOK's own stages are used for no kind once stages for any are given.
    nodeReady,
    stage("pod-ready", [alive, { key: ".status.phase", operator: "In", values: ["Pending"] }], {
      statusTemplate: READY,
    }),
    stage(
      "pod-complete",
      [
        alive,
        { key: ".status.phase", operator: "In", values: ["Running"] },
        { key: ".metadata.ownerReferences.[].kind", operator: "In", values: ["Job"] },
      ],
      { statusTemplate: COMPLETED },
    ),
    stage("pod-delete", [{ key: ".metadata.deletionTimestamp", operator: "Exists" }], {
      finalizers: { empty: true },
      delete: true,
    }),
  ].join("---\n");
}

const containers = (list: string, fields: readonly string[]) => `
{{ range .spec.${list} }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  restartCount: 0
${fields.map((field) => `  ${field}`).join("\n")}
{{ end }}`;

const COMPLETED_STATE = [
  "state:",
  "  terminated:",
  "    exitCode: 0",
  "    reason: Completed",
  `    startedAt: ${NOW}`,
  `    finishedAt: ${NOW}`,
];

const NODE_READY = `phase: Running
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: ${NOW}
  lastTransitionTime: ${NOW}
{{ end }}
addresses:
- type: InternalIP
  address: {{ NodeIP | Quote }}
- type: Hostname
  address: {{ NodeName | Quote }}
daemonEndpoints:
  kubeletEndpoint:
    Port: {{ NodePort }}
`;

const READY = `phase: Running
startTime: ${NOW}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
conditions:
${["Initialized", "Ready", "ContainersReady"]
  .map((type) => `- type: ${type}\n  status: "True"\n  lastTransitionTime: ${NOW}`)
  .join("\n")}
containerStatuses:${containers("containers", ["ready: true", "started: true", "state:", "  running:", `    startedAt: ${NOW}`])}
initContainerStatuses:${containers("initContainers", ["ready: true", ...COMPLETED_STATE])}
`;

const COMPLETED = `phase: Succeeded
containerStatuses:${containers("containers", ["ready: false", "started: false", ...COMPLETED_STATE])}
`;
