import { container } from "../fixtures";
import { LATER } from "../support";
import { RULE, cpuOnly, kept, limitRange, patch, pods, requesting } from "./builders/requests";
import { bad, good, type Case } from "./case";

const init = container({ name: "setup", restartPolicy: "Always" });

/** Requests and containers of another shape than the API server takes. */
export const SHAPES: readonly Case[] = [
  ...["lots", "-1", "1 core", "1,5", " 500m", "", "1K", true, [1], { cpu: 1 }].map((cpu) =>
    bad(
      RULE,
      `a request of ${JSON.stringify(cpu)}`,
      "it is no quantity of at least 0",
      requesting({ cpu, memory: "1Gi" }),
      cpuOnly,
      kept,
    ),
  ),
  ...["1", "500m", "1e3", "0.5", ".5", "+1", 1, 0.25].map((cpu) =>
    good(
      `a request of ${JSON.stringify(cpu)}`,
      "a quantity",
      requesting({ cpu, memory: "1Gi" }),
      cpuOnly,
      kept,
    ),
  ),
  bad(RULE, "requests in words", "they are no map", requesting("plenty"), cpuOnly, kept),
  bad(RULE, "requests as a list", "they are no map", requesting([{ cpu: "1" }]), cpuOnly, kept),

  bad(
    RULE,
    "a limit in words",
    "it would stand for the request",
    requesting({}, { cpu: "lots" }),
    cpuOnly,
    kept,
  ),
  bad(
    RULE,
    "one request in words among two",
    "the other container does not help",
    pods({
      containers: [
        container(),
        container({ name: "proxy", resources: { requests: { cpu: "lots" } } }),
      ],
    }),
    cpuOnly,
    kept,
  ),

  bad(
    RULE,
    "a default request in words",
    "the containers would get it",
    requesting({}),
    limitRange({ defaultRequest: { cpu: "lots" } }),
    cpuOnly,
    kept,
  ),

  bad(
    RULE,
    "containers as an object",
    "they are no list",
    pods({ containers: { web: {} } }),
    cpuOnly,
    kept,
  ),
  bad(RULE, "containers as a text", "they are no list", pods({ containers: "web" }), cpuOnly, kept),
  bad(RULE, "no containers", "a pod has at least one", pods({ containers: [] }), cpuOnly, kept),
  bad(
    RULE,
    "containers left out",
    "a pod has at least one",
    pods({ containers: undefined }),
    cpuOnly,
    kept,
  ),
  bad(
    RULE,
    "init containers as an object",
    "they are no list",
    pods({ initContainers: { setup: init } }),
    cpuOnly,
    kept,
  ),

  good("unknown containers", "they may be a list", pods({ containers: LATER }), cpuOnly, kept),
  good(
    "a patch of a foreign workload without containers",
    "they are elsewhere",
    patch({ nodeSelector: { pool: "a" } }),
    cpuOnly,
    kept,
  ),
  good(
    "containers by a patch",
    "the two are merged",
    pods({ containers: [] }),
    patch({ containers: [container()] }),
    cpuOnly,
    kept,
  ),
];
