import { strings } from "../factory/parameters";
import { rule, type Report } from "../factory/rule";
import type { KubernetesObject } from "../resources/resource";
import { at, entries, items, UNKNOWN, type Value } from "../resources/values";
import { allContainersOf, type Container } from "../resources/workloads";
import { nameKind } from "../secrets/names";
import { isCredentialValue } from "../secrets/values";

/** ConfigMaps, plain variables and arguments are readable by everyone who may read pods, and end up in logs. */
export const noPlainSecrets = rule({
  name: "no-plain-secrets",
  description: "No ConfigMap, plain environment variable or argument holds a credential.",
  severity: "critical",
  tags: ["kubernetes", "secrets"],
  remediationSteps:
    "Keep the credential in a Secret, and take it from there with valueFrom.secretKeyRef or a mounted file.",
  url: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
  parameters: {
    allow: strings("Keys, variables and flags that only look like credentials.", []),
  },
  resource: (resource, { allow }, report) => {
    for (const object of resource.objects) {
      if (object.kubernetes.group === "core" && object.kubernetes.kind === "ConfigMap") {
        judgeConfigMap(object, allow, report);
      }
      for (const container of allContainersOf(object)) {
        judgeContainer(object, container, allow, report);
      }
    }
  },
});

function judgeConfigMap(
  { name, props }: KubernetesObject,
  allow: readonly string[],
  report: Report,
) {
  for (const [key, value] of entries(at(props, "data"))) {
    for (const suspect of suspectsIn(key, value, allow)) {
      report(`${name}: ${suspect} looks like a credential; keep it in a Secret and refer to it`);
    }
  }
}

function judgeContainer(
  { name }: KubernetesObject,
  { label, spec }: Container,
  allow: readonly string[],
  report: Report,
): void {
  const variables = at(spec, "env");
  for (const variable of items(variables)) {
    const key = at(variable, "name");
    const value = at(variable, "value");
    if (typeof key === "string" && !allow.includes(key) && isCredential(key, value)) {
      report(
        `${name}: variable ${key} of ${label} holds a credential in clear text; take it from a Secret with valueFrom.secretKeyRef`,
      );
    }
  }
  const words = items(at(spec, "command")).concat(items(at(spec, "args")));
  for (const flag of new Set(flagsIn(words))) {
    if (!allow.includes(flag)) {
      report(
        `${name}: argument ${flag} of ${label} holds a credential in clear text; take it from a Secret, through a variable $(NAME) or a file`,
      );
    }
  }
}

/** The names, never the values, of what looks like a credential under a key of a ConfigMap. */
function suspectsIn(key: string, value: Value, allow: readonly string[]): string[] {
  if (typeof value !== "string" || allow.includes(key)) {
    return [];
  }
  if (!value.includes("\n") && !/^\s*[{[]/.test(value)) {
    return isCredential(key, value) ? [`key ${key}`] : [];
  }
  return value.split("\n").flatMap((line, index) => {
    const settings = settingsIn(line).filter(([name]) => !allow.includes(name));
    const suspicious =
      settings.some(([name, written]) => isCredential(name, written)) ||
      (settings.length === 0 && isCredential("", line));
    return suspicious ? [`line ${index + 1} of key ${key}`] : [];
  });
}

/** The settings on a line of YAML, JSON, dotenv or INI. */
function settingsIn(line: string): [string, string][] {
  if (/^\s*(?:#|\/\/|;)/.test(line)) {
    return [];
  }
  const pairs = [...line.matchAll(/"([\w.-]+)"\s*:\s*("(?:[^"\\]|\\.)*"|[\w.+-]+)/g)];
  if (pairs.length > 0) {
    return pairs.map(([, name = "", value = ""]) => [name, value]);
  }
  const redis = /^\s*(?:requirepass|masterauth)\s+(\S+)/.exec(line);
  if (redis !== null) {
    return [["password", redis[1] ?? ""]];
  }
  const single =
    /^\s*(?:-\s+)?(?:export\s+|set\s+)?["']?([\w.-]+)["']?\s*(?:[:=]\s*)(.*?),?\s*$/.exec(line);
  return single === null ? [] : [[single[1] ?? "", (single[2] ?? "").replace(/\s+#.*$/, "")]];
}

/** The flags and variables of a command whose value is a credential. */
function flagsIn(words: readonly Value[]): string[] {
  return words.flatMap((word, index) => {
    if (typeof word !== "string") {
      return [];
    }
    const next = words[index + 1];
    const alone = /^--?[\w.-]+$/.test(word);
    const values = [
      ...word.matchAll(/(--?[A-Za-z][\w.-]*|\b[A-Za-z_]\w*)(?:=|\s+)("[^"]*"|'[^']*'|[^\s"']+)/g),
    ];
    const inside = values.filter(
      ([, name = "", value = ""]) =>
        (name.startsWith("-") || value.length > 0) &&
        isAssignment(word, name) &&
        isCredential(name, value),
    );
    const found = inside.map(([, name = ""]) => name);
    if (alone && next !== UNKNOWN && typeof next === "string" && !next.startsWith("-")) {
      return isCredential(word, next) ? [...found, word] : found;
    }
    return found.length === 0 && isCredential("", word) ? [`number ${index + 1}`] : found;
  });
}

/** A name followed by a space is a flag; without dashes it is a word of a sentence. */
function isAssignment(word: string, name: string): boolean {
  return name.startsWith("-") || word.includes(`${name}=`);
}

function isCredential(name: string, value: Value): boolean {
  if (typeof value !== "string" && typeof value !== "number") {
    return false;
  }
  return isCredentialValue(String(value), nameKind(name));
}
