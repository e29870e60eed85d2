import type { ResourceValidationPolicy } from "@pulumi/policy";
import { at, entries, isList, snapshot, UNKNOWN, type Value } from "../resources/values";
import { containersOf, displayName, kubernetesType, podSpecOf } from "../resources/workloads";

interface Settings {
  readonly allow?: readonly string[];
}

/** Names whose value is a credential. */
const SECRET_NAME =
  /(^|[_.-])(password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|master[_-]?key|access[_-]?key|salt[_-]?key|credentials?)$/i;

/** Values that are credentials whatever their name: provider keys, private keys, URLs with a password. */
const SECRET_VALUE =
  /\b(AKIA[0-9A-Z]{16}|hf_[A-Za-z0-9]{20,}|sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{30,})\b|-----BEGIN [A-Z ]*PRIVATE KEY-----|:\/\/[^\s:/@]+:[^\s@/$]+@/;

/** Values that only point to a credential, call a function for one, or that no credential looks like. */
const HARMLESS =
  /^(|null|true|false|\d+(\.\d+)?|[\w.]+\(.*\)|os\.environ\/\w+|\$\(\w+\)|\$\{\w+\}|"?\$\w+"?|\/[\w./-]+)$/i;

/** ConfigMaps and plain variables are readable by everyone who may read pods, and end up in logs. */
export const noPlainSecrets: ResourceValidationPolicy = {
  name: "no-plain-secrets",
  description: "No ConfigMap and no plain environment variable holds a credential.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      allow: {
        type: "array",
        items: { type: "string" },
        description: "Keys and variables that only look like credentials.",
        default: [],
      },
    },
  },
  validateResource: (args, report) => {
    const props = snapshot(args.props);
    const { allow = [] } = args.getConfig<Settings>();
    const name = displayName(args.type, props, args.name);
    if (kubernetesType(args.type)?.kind === "ConfigMap") {
      for (const [key, value] of entries(at(props, "data"))) {
        for (const suspect of suspectsIn(key, value, allow)) {
          report(
            `${name}: ${suspect} looks like a credential; keep it in a Secret and refer to it`,
          );
        }
      }
      return;
    }
    const containers = containersOf(podSpecOf(args.type, props));
    if (containers === UNKNOWN) {
      return;
    }
    for (const { label, spec } of containers) {
      const variables = at(spec, "env");
      for (const variable of isList(variables) ? variables : []) {
        const key = at(variable, "name");
        const value = at(variable, "value");
        if (typeof key === "string" && !allow.includes(key) && isCredential(key, value)) {
          report(
            `${name}: variable ${key} of ${label} holds a credential in clear text; take it from a Secret with valueFrom.secretKeyRef`,
          );
        }
      }
    }
  },
};

/** The names, never the values, of what looks like a credential under a key of a ConfigMap. */
function suspectsIn(key: string, value: Value, allow: readonly string[]): string[] {
  if (typeof value !== "string" || allow.includes(key)) {
    return [];
  }
  if (!value.includes("\n")) {
    return isCredential(key, value) ? [`key ${key}`] : [];
  }
  return value.split("\n").flatMap((line, index) => {
    const setting =
      /^\s*(?:-\s+)?(?:export\s+)?["']?([\w.-]+)["']?\s*[:=]\s*["']?(.*?)["']?,?\s*$/.exec(line);
    const [, name = "", written = line] = setting ?? [];
    return !allow.includes(name) && isCredential(name, written)
      ? [`line ${index + 1} of key ${key}`]
      : [];
  });
}

function isCredential(name: string, value: Value): boolean {
  if (typeof value !== "string" || HARMLESS.test(value.trim())) {
    return false;
  }
  return SECRET_NAME.test(name) || SECRET_VALUE.test(value);
}
