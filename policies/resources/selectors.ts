import { allOf, at, entries, isList, items, same, textOf, UNKNOWN, type Value } from "./values";

/** Whether a label selector selects pods with the given labels, as far as known. */
export function selects(selector: Value, labels: Value): boolean | typeof UNKNOWN {
  if (selector === undefined || selector === null) {
    return false;
  }
  if (selector === UNKNOWN) {
    return UNKNOWN;
  }
  const matchLabels = at(selector, "matchLabels");
  const checks: (boolean | typeof UNKNOWN)[] = entries(matchLabels).map(has(labels));
  const expressions = at(selector, "matchExpressions");
  if (matchLabels === UNKNOWN || expressions === UNKNOWN) {
    checks.push(UNKNOWN);
  }
  if (isList(expressions)) {
    checks.push(...expressions.map((expression) => holds(expression, labels)));
  }
  return allOf(checks);
}

const has =
  (labels: Value) =>
  ([key, value]: [string, Value]): boolean | typeof UNKNOWN =>
    same(value, at(labels, key));

function holds(expression: Value, labels: Value): boolean | typeof UNKNOWN {
  const key = at(expression, "key");
  const operator = at(expression, "operator");
  const values = at(expression, "values");
  if (typeof key !== "string" || operator === UNKNOWN) {
    return UNKNOWN;
  }
  const label = at(labels, key);
  if (label === UNKNOWN) {
    return UNKNOWN;
  }
  switch (operator) {
    case "In":
      return isAmong(label, values);
    case "NotIn": {
      const listed = isAmong(label, values);
      return listed === UNKNOWN ? UNKNOWN : !listed;
    }
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    default:
      return UNKNOWN;
  }
}

function isAmong(label: Value, values: Value): boolean | typeof UNKNOWN {
  if (values === UNKNOWN) {
    return UNKNOWN;
  }
  const list = items(values);
  return list.includes(label) ? true : list.includes(UNKNOWN) ? UNKNOWN : false;
}

/** Label selectors by their first label, so that each set of labels is held against the few that may select it. */
export class SelectorIndex<T> {
  private readonly byLabel = new Map<string, { readonly item: T; readonly selector: Value }[]>();
  private readonly others: { readonly item: T; readonly selector: Value }[] = [];

  public add(item: T, selector: Value): void {
    const [first] = entries(at(selector, "matchLabels"));
    if (first === undefined || typeof first[1] !== "string") {
      this.others.push({ item, selector });
      return;
    }
    const key = `${first[0]}=${first[1]}`;
    const present = this.byLabel.get(key) ?? [];
    present.push({ item, selector });
    this.byLabel.set(key, present);
  }

  /** The items whose selector selects the labels, or may. */
  public selecting(labels: Value): readonly { readonly item: T; readonly certain: boolean }[] {
    const unknown = labels === UNKNOWN || entries(labels).some(([, value]) => value === UNKNOWN);
    const candidates = unknown
      ? [...this.byLabel.values()].flat()
      : entries(labels).flatMap(
          ([key, value]) => this.byLabel.get(`${key}=${textOf(value)}`) ?? [],
        );
    return [...candidates, ...this.others].flatMap(({ item, selector }) => {
      const selected = labels === UNKNOWN ? UNKNOWN : selects(selector, labels);
      return selected === false ? [] : [{ item, certain: selected === true }];
    });
  }
}
