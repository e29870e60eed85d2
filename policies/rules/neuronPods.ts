import { pattern, strings } from "../factory/parameters";
import { rule, type Report } from "../factory/rule";
import { quantity } from "../resources/quantities";
import { at, entries, isList, items, UNKNOWN, type Value } from "../resources/values";
import { containersOf, podSpecsOf, type Container } from "../resources/workloads";

const PREFIX = "aws.amazon.com/neuron";

/** A Neuron pod without a device request shares chips by accident; one without the toleration never starts. */
export const neuronPods = rule({
  name: "neuron-pods",
  description:
    "Pods for Neuron request a device, with equal limits, and tolerate the Neuron taint.",
  severity: "high",
  tags: ["kubernetes", "neuron"],
  remediationSteps: `Write resources.limits["${PREFIX}"] and a toleration of the key ${PREFIX}.`,
  url: "https://awsdocs-neuron.readthedocs-hosted.com/en/latest/containers/kubernetes-getting-started.html",
  parameters: {
    imagePattern: pattern(
      "Images that need a Neuron device, as a regular expression.",
      "neuronx|optimum-neuron",
    ),
    exempt: strings("Workloads that need no device, each as `Kind namespace/name`.", []),
  },
  resource: (resource, { imagePattern, exempt }, report) => {
    const image = new RegExp(imagePattern);
    for (const object of resource.objects) {
      if (!exempt.includes(object.name)) {
        for (const pod of podSpecsOf(object)) {
          judge(object.name, pod, image, report);
        }
      }
    }
  },
});

function judge(name: string, pod: Value, image: RegExp, report: Report): void {
  const containers = containersOf(pod).known;
  const neuron = containers.filter(({ init, spec }) => {
    const own = at(spec, "image");
    return !init && typeof own === "string" && image.test(own);
  });
  for (const container of neuron) {
    if (isWithoutDevice(container)) {
      report(
        `${name}: ${container.label} runs a Neuron image without a device; write resources.limits["${PREFIX}"]: "1"`,
      );
    }
  }
  for (const { label, spec } of containers) {
    for (const resource of devices(spec).filter((device) => !isEven(spec, device))) {
      report(`${name}: ${label} must have the same request and limit for ${resource}`);
    }
  }
  // A claim of dynamic resource allocation brings its own tolerations, or none are needed.
  const scheduled = [
    ...neuron.filter(({ spec }) => !hasClaim(spec)),
    ...containers.filter(({ spec }) => devices(spec).length > 0),
  ];
  if (scheduled.length > 0 && tolerated(pod) === false) {
    report(
      `${name}: its pods do not tolerate the Neuron taint; add a toleration {key: "${PREFIX}", operator: "Exists", effect: "NoSchedule"}`,
    );
  }
}

function isWithoutDevice({ spec }: Container): boolean {
  const resources = at(spec, "resources");
  const unknown = [resources, at(resources, "limits"), at(resources, "requests")].includes(UNKNOWN);
  return devices(spec).length === 0 && !hasClaim(spec) && !unknown;
}

/** Whether devices come by a claim of dynamic resource allocation. */
function hasClaim(container: Value): boolean {
  const claims = at(container, "resources", "claims");
  return claims === UNKNOWN || (isList(claims) && claims.length > 0);
}

/** Whether request and limit are the same amount, however written; a limit alone stands for both. */
function isEven(container: Value, resource: string): boolean {
  const request = at(container, "resources", "requests", resource);
  const limit = at(container, "resources", "limits", resource);
  if (request === undefined || request === null || request === UNKNOWN || limit === UNKNOWN) {
    return true;
  }
  return limit !== undefined && quantity(request) === quantity(limit);
}

function devices(container: Value): string[] {
  const names = [
    ...entries(at(container, "resources", "requests")),
    ...entries(at(container, "resources", "limits")),
  ]
    .filter(([name, amount]) => name.startsWith(PREFIX) && quantity(amount) !== 0)
    .map(([name]) => name);
  return [...new Set(names)];
}

function tolerated(pod: Value): boolean | typeof UNKNOWN {
  const tolerations = at(pod, "tolerations");
  if (tolerations === UNKNOWN) {
    return UNKNOWN;
  }
  const checks = items(tolerations).map((toleration) => {
    const key = at(toleration, "key");
    const effect = at(toleration, "effect");
    const operator = at(toleration, "operator");
    if (
      [toleration, key, effect].includes(UNKNOWN) ||
      (key === undefined && operator === UNKNOWN)
    ) {
      return UNKNOWN;
    }
    const everything = (key === undefined || key === null || key === "") && operator === "Exists";
    return (
      (key === PREFIX || everything) &&
      (effect === undefined || effect === null || effect === "" || effect === "NoSchedule")
    );
  });
  return checks.includes(true) ? true : checks.includes(UNKNOWN) ? UNKNOWN : false;
}
