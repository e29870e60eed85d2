import type { Objects } from "../resources/objects";
import { quantity } from "../resources/quantities";
import type { KubernetesObject } from "../resources/resource";
import { at, entries, isTree, UNKNOWN, type Value } from "../resources/values";
import { containersOf, type Container } from "../resources/workloads";
import { defaultRequest } from "./limitRanges";
import type { Autoscaler } from "./autoscaler";
import type { Need, Request } from "./metrics";
import { podsOf } from "./pods";

/** One request that a metric needs and that is missing, of zero, or that a preview cannot tell. */
export interface Gap {
  readonly state: "missing" | "undecided";
  readonly message: string;
}

/** How requests are judged. */
export interface RequestOptions {
  /** Whether a limit without a request counts as missing. */
  readonly explicitRequests: boolean;
  /** Whether the cluster's autoscalers read requests of the pod as a whole, as they do from Kubernetes 1.34 on. */
  readonly podRequests: boolean;
}

/** What the metrics of an autoscaler need against what the pods of its target request, as the controller adds it up. */
export function requestGaps(
  autoscaler: Autoscaler,
  target: KubernetesObject,
  partial: boolean,
  objects: Objects,
  options: RequestOptions,
): Gap[] {
  const pods = podsOf(target, objects);
  if (pods.state === "unjudged") {
    return autoscaler.needs.length === 0 ? [] : [{ state: "undecided", message: pods.reason }];
  }
  const judge = new Judge(target, pods.spec, partial, objects, options);
  return autoscaler.needs.flatMap((need) => judge.gapsOf(need));
}

class Judge {
  private readonly running: readonly Container[];
  private readonly unknownLists: readonly string[];
  /** What stands where the API server wants containers. */
  private readonly malformed: readonly Gap[];

  public constructor(
    private readonly target: KubernetesObject,
    private readonly pod: Value,
    private readonly partial: boolean,
    private readonly objects: Objects,
    private readonly options: RequestOptions,
  ) {
    const { known, unknown, malformed } = containersOf(pod);
    this.running = known.filter(({ init, sidecar }) => !init || sidecar !== false);
    this.unknownLists = pod === UNKNOWN ? ["pod template"] : unknown;
    const empty = this.unknownLists.length === 0 && known.every(({ init }) => init);
    const fields = new Set([...malformed, ...(empty && !partial ? ["containers"] : [])]);
    this.malformed = [...fields].map((field) => ({
      state: "missing",
      message: `the ${field} of ${target.name} are no list of containers; write one`,
    }));
  }

  public gapsOf(need: Need): Gap[] {
    if (need.state === "request") {
      return this.requestGaps(need.request);
    }
    if (need.request === undefined) {
      return [undecided(`${need.what} is unknown until the update`)];
    }
    // Whether it is a share is unknown: that matters only where the request is not there.
    return this.requestGaps(need.request).length === 0
      ? []
      : [undecided(`${need.what}: its target is unknown until the update`)];
  }

  private requestGaps(request: Request): Gap[] {
    const gaps: readonly Gap[] =
      this.malformed.length > 0
        ? this.malformed
        : request.container === undefined
          ? (this.podGaps(request.resource) ?? this.containerGaps(request.resource, this.running))
          : this.oneContainer(request.resource, request.container);
    return this.partial
      ? gaps.map(({ message }) =>
          undecided(
            `${this.target.name} is patched, and the rest of it is not known here: ${message}`,
          ),
        )
      : [...gaps];
  }

  private oneContainer(resource: string, container: string): Gap[] {
    const named = this.running.filter(({ name }) => name === container);
    if (named.length > 0) {
      return this.containerGaps(resource, named);
    }
    if (this.unknownLists.length > 0 || this.running.some(({ name }) => name === UNKNOWN)) {
      return [undecided(`container names of ${this.target.name} are unknown until the update`)];
    }
    const labels = this.running.map(({ label }) => label).join(", ");
    return [
      {
        state: "missing",
        message: `measures container "${container}", which ${this.target.name} does not have; name one of ${labels}`,
      },
    ];
  }

  /** By the requests of the pod as a whole, which replace the sum over containers; undefined where there are none. */
  private podGaps(resource: string): Gap[] | undefined {
    const resources = at(this.pod, "resources");
    if (this.pod === UNKNOWN || !this.options.podRequests) {
      return undefined;
    }
    if (resources === UNKNOWN) {
      const gaps = this.containerGaps(resource, this.running);
      return gaps.length === 0
        ? []
        : [
            undecided(
              `the pod-level resources of ${this.target.name} are unknown until the update`,
            ),
          ];
    }
    const given = ["requests", "limits"].flatMap((field) => entries(at(resources, field)));
    const unknown = at(resources, "requests") === UNKNOWN || at(resources, "limits") === UNKNOWN;
    if (given.length === 0 && !unknown) {
      return undefined;
    }
    const own = at(resources, "requests", resource);
    // The API server completes it: from the containers where any has the resource, else from the limit.
    const amounts = this.running.map(({ spec }) => this.amountOf(spec, resource));
    const known = amounts.filter((value) => value !== undefined && value !== UNKNOWN);
    const amount = own ?? known[0] ?? amounts.find(isUnknown) ?? at(resources, "limits", resource);
    if (amount === UNKNOWN) {
      return [
        undecided(`the ${resource} request of ${this.target.name} is unknown until the update`),
      ];
    }
    if ((amount === undefined || amount === null) && this.unknownLists.length > 0) {
      return this.containerGaps(resource, []);
    }
    if (amount === undefined || amount === null) {
      return [
        this.missing(
          resource,
          `neither the pod nor a container of ${this.target.name} requests any; write resources.requests.${resource} for the pod (counted from Kubernetes 1.34 on) or for each container`,
        ),
      ];
    }
    if (isWrong(amount)) {
      return [this.wrong(resource, "the pod")];
    }
    const zero = quantity(amount) === 0 && (own !== undefined || amounts.every(isZero));
    return zero ? [this.zero(resource, "the pod")] : [];
  }

  private containerGaps(resource: string, judged: readonly Container[]): Gap[] {
    const lists = this.unknownLists.map((list) =>
      undecided(`the ${list} of ${this.target.name} are unknown until the update`),
    );
    const gaps = judged.flatMap(({ label, spec, sidecar }): Gap[] => {
      const amount = this.amountOf(spec, resource);
      if (isWrong(amount)) {
        return [this.wrong(resource, label)];
      }
      if (amount === UNKNOWN || (amount === undefined && sidecar === UNKNOWN)) {
        return [
          undecided(
            `${label} of ${this.target.name}: the ${resource} request is unknown until the update`,
          ),
        ];
      }
      return amount === undefined
        ? [
            this.missing(
              resource,
              `${label} of ${this.target.name} requests none; write resources.requests.${resource}`,
            ),
          ]
        : [];
    });
    const amounts = judged.map(({ spec }) => this.amountOf(spec, resource));
    if (gaps.length + lists.length === 0 && amounts.length > 0 && amounts.every(isZero)) {
      return [this.zero(resource, judged.map(({ label }) => label).join(" and "))];
    }
    return [...gaps, ...lists];
  }

  /** What the API server makes of a container's request: a limit stands for it, then a LimitRange's default. */
  private amountOf(container: Value, resource: string): Value {
    if (["requests", "limits"].some((field) => isNoMap(at(container, "resources", field)))) {
      return MALFORMED;
    }
    const amount = at(container, "resources", "requests", resource) ?? undefined;
    const limit = at(container, "resources", "limits", resource) ?? undefined;
    if (amount !== undefined) {
      // A request that may not be there is no obstacle where a limit stands for it.
      return amount === UNKNOWN && limit !== undefined && !this.options.explicitRequests
        ? limit
        : amount;
    }
    const fallback = this.options.explicitRequests ? undefined : limit;
    return fallback ?? defaultRequest(this.target, resource, this.objects);
  }

  private missing(resource: string, message: string): Gap {
    return { state: "missing", message: `scales on ${resource}, but ${message}` };
  }

  private wrong(resource: string, who: string): Gap {
    return this.missing(
      resource,
      `what ${who} of ${this.target.name} requests is no quantity of at least 0; write one, such as 500m or 1Gi, in resources.requests.${resource}`,
    );
  }

  private zero(resource: string, who: string): Gap {
    return this.missing(
      resource,
      `${who} of ${this.target.name} requests 0, of which there is no share; write what a pod uses in resources.requests.${resource}`,
    );
  }
}

function isZero(amount: Value): boolean {
  return amount !== undefined && amount !== UNKNOWN && quantity(amount) === 0;
}

/** Stands for an amount where the API server wants a map of them and there is something else. */
const MALFORMED = "no map";

function isNoMap(value: Value): boolean {
  return value !== undefined && value !== null && value !== UNKNOWN && !isTree(value);
}

/** Whether the API server refuses an amount. */
function isWrong(amount: Value): boolean {
  const number = quantity(amount);
  return amount !== undefined && amount !== UNKNOWN && !(number !== undefined && number >= 0);
}

function isUnknown(amount: Value): boolean {
  return amount === UNKNOWN;
}

function undecided(message: string): Gap {
  return { state: "undecided", message };
}

/** Whether a pod has requests as a whole, which autoscalers before Kubernetes 1.34 do not read. */
export function hasPodRequests(podSpec: Value): boolean {
  const requests = at(podSpec, "resources", "requests");
  return isTree(requests) && Object.keys(requests).length > 0;
}
