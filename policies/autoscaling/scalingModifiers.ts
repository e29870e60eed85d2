import { at, isAbsent, textOf, UNKNOWN, type Value } from "../resources/values";
import { triggersOf } from "./triggers";

/**
 * What KEDA refuses of a formula over triggers, and what it evaluates to an error at every look. KEDA's admission webhook would say so, where it
 * runs. Source: kedacore/keda v2.20.2, apis/keda/v1alpha1/scaledobject_webhook.go.
 */
export function formulaProblems(spec: Value): string[] {
  const what = "spec.advanced.scalingModifiers";
  const modifiers = at(spec, "advanced", "scalingModifiers");
  const formula = at(modifiers, "formula");
  if (isAbsent(formula)) {
    return [];
  }
  const target = at(modifiers, "target");
  const missing =
    typeof formula === "string"
      ? unknownNames(formula, spec).map(
          (name) =>
            `${what}.formula names ${name}, and no trigger has that name; name the trigger, cpu and memory aside`,
        )
      : [];
  return [
    ...missing,
    ...(isAbsent(target)
      ? [`${what}.target is missing; KEDA demands it beside a formula: write it`]
      : target !== UNKNOWN && !(Number(textOf(target)) > 0)
        ? [`${what}.target is no number above 0; write one`]
        : []),
    ...utilizationProblems(modifiers, what),
  ];
}

/** Of a trigger or a formula that makes an external metric. */
export function utilizationProblems(metric: Value, what: string): string[] {
  return at(metric, "metricType") === "Utilization"
    ? [`${what}.metricType Utilization is for cpu and memory; write AverageValue or Value`]
    : [];
}

/** Whether a formula stands for the triggers: then they are its terms, and need no target of their own. */
export function hasFormula(spec: Value): boolean {
  return !isAbsent(at(spec, "advanced", "scalingModifiers", "formula"));
}

/** Words of the language of formulas. Source: expr-lang/expr, docs/language-definition.md. */
const WORDS = new Set(
  "and or not in contains startsWith endsWith matches nil true false let if else".split(" "),
);
/** Texts, which hold no names, then names; not what is called, a member, or a key. */
const TEXT = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g;
const NAME = /(?<![\w$.#])[A-Za-z_]\w*\b(?!\s*[(:])/g;
const LET = /\blet\s+([A-Za-z_]\w*)/g;

/** Names of a formula that no trigger has; none where one of the triggers' names is not known yet. */
function unknownNames(formula: string, spec: Value): string[] {
  const triggers = triggersOf(spec);
  const named = triggers.flatMap(({ trigger }) => {
    const type = at(trigger, "type");
    return type === "cpu" || type === "memory" ? [] : [at(trigger, "name")];
  });
  if (at(spec, "triggers") === UNKNOWN || named.includes(UNKNOWN)) {
    return [];
  }
  const plain = formula.replace(TEXT, '""');
  const own = [...plain.matchAll(LET)].map(([, name]) => name);
  const names = [...plain.matchAll(NAME)].map(([name]) => name);
  return [...new Set(names)].filter(
    (name) => !WORDS.has(name) && !own.includes(name) && !named.includes(name),
  );
}
