import { parseQuery, type Node } from "./promqlParser";

/**
 * How many series a PromQL query returns: one at most, one for each thing that a metric is measured of, or what its text does
 * not tell: `perhaps` more than one. `unread` is a text that this reader does not follow, such as a template.
 */
export type Series = "one" | "many" | "perhaps" | "unread";

export function seriesOf(query: string): Series {
  if (/\{\{|\$\{|\$__|\$\w/.test(query)) {
    return "unread";
  }
  const node = parseQuery(query);
  return node === undefined ? "unread" : countOf(node);
}

type Count = "one" | "many" | "perhaps";

/** Labels that name a workload or where it runs: its pods all have them. */
const SHARED: ReadonlySet<string> = new Set([
  "app",
  "app_kubernetes_io_name",
  "namespace",
  "cluster",
  "container",
]);
/** Functions whose result is one value whatever they are given. */
const SINGLE: ReadonlySet<string> = new Set([
  ...["scalar", "vector", "time", "pi", "absent", "absent_over_time"],
]);

function countOf(node: Node): Count {
  switch (node.kind) {
    case "number":
      return "one";
    case "selector":
      return selectorCount(node);
    case "aggregation":
      return aggregationCount(node);
    case "call":
      return callCount(node);
    case "binary":
      return binaryCount(node);
  }
}

/** A metric of each pod, unless a label names one of them or a rule recorded it, perhaps as a sum. */
function selectorCount({ name, equal }: Node & { readonly kind: "selector" }): Count {
  if (name.startsWith("vllm:")) {
    return equal.some((label) => label === "pod" || label === "instance") ? "perhaps" : "many";
  }
  const pinned = equal.some((label) => !SHARED.has(label));
  return name === "" || name.includes(":") || pinned ? "perhaps" : "many";
}

function aggregationCount(node: Node & { readonly kind: "aggregation" }): Count {
  const { operator, by, without, args } = node;
  const subject = args.at(-1);
  if (subject === undefined) {
    return "perhaps";
  }
  if (operator === "count_values") {
    return "perhaps";
  }
  if (operator === "topk" || operator === "bottomk" || operator === "limitk") {
    const [limit] = args;
    const single = limit?.kind === "number" && limit.text === "1";
    const inner = countOf(subject);
    return single && (by ?? []).length === 0 && without === undefined
      ? "one"
      : inner === "many" && limit?.kind === "number" && !single
        ? "many"
        : inner === "one"
          ? "one"
          : "perhaps";
  }
  if (operator === "limit_ratio" || without !== undefined) {
    return countOf(subject) === "one" ? "one" : "perhaps";
  }
  return groupCount(by ?? [], subject);
}

/** A group for each value of the labels: one where all selectors beneath give each label one value. */
function groupCount(labels: readonly string[], subject: Node): Count {
  if (labels.length === 0 || countOf(subject) === "one") {
    return "one";
  }
  const selectors = selectorsIn(subject);
  const open = labels.filter(
    (label) => selectors.length === 0 || selectors.some(({ equal }) => !equal.includes(label)),
  );
  return open.length === 0 ? "one" : open.some((label) => SHARED.has(label)) ? "perhaps" : "many";
}

function selectorsIn(node: Node): (Node & { readonly kind: "selector" })[] {
  switch (node.kind) {
    case "number":
      return [];
    case "selector":
      return [node];
    case "aggregation":
    case "call":
      return node.args.flatMap(selectorsIn);
    case "binary":
      return [...selectorsIn(node.left), ...selectorsIn(node.right)];
  }
}

function callCount({ name, args }: Node & { readonly kind: "call" }): Count {
  if (SINGLE.has(name) || args.length === 0) {
    return "one";
  }
  if (name === "histogram_quantile" || name === "histogram_fraction") {
    return histogramCount(args.at(-1));
  }
  return worst(args.map(countOf));
}

/** Of the buckets of one histogram it makes one value: the label `le` goes. */
function histogramCount(node: Node | undefined): Count {
  if (node?.kind === "aggregation" && node.by !== undefined) {
    const [subject] = node.args.slice(-1);
    const labels = node.by.filter((label) => label !== "le");
    return subject === undefined ? "perhaps" : groupCount(labels, subject);
  }
  return node === undefined ? "perhaps" : countOf(node);
}

function binaryCount({ operator, left, right }: Node & { readonly kind: "binary" }): Count {
  const [one, other] = [countOf(left), countOf(right)];
  switch (operator) {
    case "and":
    case "unless":
      return one;
    case "or":
      // The right side adds what has no match on the left; two values without labels match.
      return one === "one" && other === "one" && hasNoLabels(left) && hasNoLabels(right)
        ? "one"
        : one === "many" || other === "many"
          ? "many"
          : "perhaps";
    default:
      // Vectors match one to one; a number or a single value without labels leaves the other side's series.
      return one === "one" && other === "one" ? "one" : mixed(left, right, one, other);
  }
}

function mixed(left: Node, right: Node, one: Count, other: Count): Count {
  if (isScalar(left) || isScalar(right)) {
    return worst([one, other]);
  }
  return one === "many" && other === "many" ? "many" : "perhaps";
}

function isScalar(node: Node): boolean {
  return (
    node.kind === "number" ||
    (node.kind === "call" && ["scalar", "time", "pi"].includes(node.name)) ||
    (node.kind === "binary" && isScalar(node.left) && isScalar(node.right))
  );
}

/** Whether a single value comes without labels, as from an aggregation over all. */
function hasNoLabels(node: Node): boolean {
  switch (node.kind) {
    case "number":
      return true;
    case "selector":
      return false;
    case "aggregation":
      return (
        (node.by ?? []).length === 0 &&
        node.without === undefined &&
        !["topk", "bottomk", "limitk"].includes(node.operator)
      );
    case "call":
      return (
        ["scalar", "vector", "time", "pi"].includes(node.name) ||
        (node.args.length > 0 && node.args.every(hasNoLabels))
      );
    case "binary":
      return hasNoLabels(node.left) && hasNoLabels(node.right);
  }
}

function worst(counts: readonly Count[]): Count {
  return counts.includes("many") ? "many" : counts.includes("perhaps") ? "perhaps" : "one";
}
