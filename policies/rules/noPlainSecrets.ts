import { strings } from "../factory/parameters";
import { rule, type Report } from "../factory/rule";
import type { KubernetesObject } from "../resources/resource";
import { at, entries, items, textOf, type Value } from "../resources/values";
import { allContainersOf, templatesOf, type Container } from "../resources/workloads";
import { credentialsIn, credentialsInScript, PROGRAM } from "../secrets/commands";
import { isTranslation, isWording } from "../secrets/labels";
import { linesOfCode } from "../secrets/programs";
import { isComment, settingsIn } from "../secrets/settings";
import { holdsCredential, holdsKey, isCredential, isNamedCredential } from "../secrets/values";

/** ConfigMaps, plain variables and arguments are readable by everyone who may read pods, and end up in logs. */
export const noPlainSecrets = rule({
  name: "no-plain-secrets",
  description:
    "No ConfigMap, plain environment variable, argument, header or annotation holds a credential.",
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
      const annotated: readonly Value[] = [object.props, ...templatesOf(object)];
      for (const owner of annotated) {
        judgeAnnotations(object.name, at(owner, "metadata", "annotations"), allow, report);
      }
      for (const container of allContainersOf(object)) {
        judgeContainer(object.name, container, allow, report);
      }
    }
  },
});

function judgeConfigMap(
  { name, props }: KubernetesObject,
  allow: readonly string[],
  report: Report,
) {
  const files = entries(at(props, "binaryData")).map(([key, value]): [string, Value] => [
    key,
    decoded(value),
  ]);
  for (const [key, value] of entries(at(props, "data")).concat(files)) {
    for (const suspect of typeof value === "string" ? suspectsIn(key, value, allow) : []) {
      report(`${name}: ${suspect} looks like a credential; keep it in a Secret and refer to it`);
    }
  }
}

/** The text in a value of `binaryData`; undefined where it is none. */
function decoded(value: Value): string | undefined {
  const text = typeof value === "string" ? Buffer.from(value, "base64").toString("utf8") : "\0";
  return text.includes("\0") || text.includes("\uFFFD") ? undefined : text;
}

/** Annotations that only sound like a credential. */
const NO_CREDENTIAL = [
  // The name of a Secret, by the convention of the Ingress controllers.
  /secrets?(?:-?name)?$/i,
  // What rolls pods when their Secret changes, by Helm's convention.
  /(?:^|[/._-])(?:checksum|hash|digest|sha256)(?:$|[/._-])/i,
];

function judgeAnnotations(
  name: string,
  annotations: Value,
  allow: readonly string[],
  report: Report,
): void {
  for (const [key, value] of entries(annotations)) {
    const own = NO_CREDENTIAL.some((pattern) => pattern.test(key)) ? "" : key.replace(/^.*\//, "");
    if (
      typeof value === "string" &&
      !allow.includes(key) &&
      (isCredential(own, value, allow) || suspectsIn("", value, allow).length > 0)
    ) {
      report(`${name}: annotation ${key} holds a credential in clear text; keep it in a Secret`);
    }
  }
}

function judgeContainer(
  name: string,
  { label, spec }: Container,
  allow: readonly string[],
  report: Report,
): void {
  const tail = `of ${label} holds a credential in clear text; take it from a Secret`;
  for (const variable of items(at(spec, "env"))) {
    const key = textOf(at(variable, "name"));
    const value = at(variable, "value");
    if (isPlain(value) && !allow.includes(key) && isVariable(key, String(value), allow)) {
      report(`${name}: variable ${key} ${tail} with valueFrom.secretKeyRef`);
    }
  }
  const own = items(at(spec, "command")).concat(items(at(spec, "args")));
  const commands = [own, ...actionsOf(spec).map((action) => items(at(action, "exec", "command")))];
  for (const flag of new Set(
    commands.flatMap((words) => credentialsIn(words.map(wordOf), allow)),
  )) {
    report(`${name}: argument ${flag} ${tail}, through a variable $(NAME) or a file`);
  }
  for (const header of actionsOf(spec).flatMap((action) =>
    items(at(action, "httpGet", "httpHeaders")),
  )) {
    const key = textOf(at(header, "name"));
    const value = at(header, "value");
    if (
      isPlain(value) &&
      !allow.includes(key) &&
      isCredential(key, String(value), allow, "literal")
    ) {
      report(
        `${name}: header ${key} of ${label} holds a credential in clear text; probe a path that needs none`,
      );
    }
  }
  for (const action of actionsOf(spec)) {
    const path = at(action, "httpGet", "path");
    if (typeof path === "string" && holdsCredential(path, allow, { place: "literal" })) {
      report(
        `${name}: the path of a probe of ${label} holds a credential in clear text; probe a path that needs none`,
      );
    }
  }
}

/** What the kubelet does to a container: its probes, and what it runs after the start and before the end. */
function actionsOf(spec: Value): readonly Value[] {
  return [
    ...["livenessProbe", "readinessProbe", "startupProbe"].map((probe) => at(spec, probe)),
    ...["postStart", "preStop"].map((hook) => at(spec, "lifecycle", hook)),
  ];
}

function isVariable(key: string, value: string, allow: readonly string[]): boolean {
  // A value with spaces may be a script, whose variables are put in later.
  const place = /\s/.test(value) ? "file" : "literal";
  return (
    isNamedCredential(key, value, "literal") ||
    holdsCredential(value, allow, { place }) ||
    (/[\s"'{]/.test(value) && suspectsIn("", value, allow).length > 0) ||
    (/(?:^|\s)-/.test(value) && credentialsInScript(value, allow).length > 0)
  );
}

/** The names, never the values, of what looks like a credential under a key. */
function suspectsIn(key: string, value: string, allow: readonly string[]): string[] {
  if (allow.includes(key)) {
    return [];
  }
  const lines = value.split("\n");
  // A key that is called as variables are gets into one by envFrom.
  const place = lines.length === 1 && /^[A-Z][A-Z0-9_]*$/.test(key) ? "literal" : "file";
  const single = lines.length === 1 && (place === "literal" || !/^\s*[{[]/.test(value));
  if (single && isNamedCredential(key, value, place)) {
    return [`key ${key}`];
  }
  const settings = settingsIn(value);
  const translated = isTranslation(
    key,
    settings.map((setting) => setting.value),
  );
  const suspicious = new Set(
    settings
      .filter(
        (setting) =>
          !allow.includes(setting.name) &&
          !(translated && isWording(setting.value)) &&
          isNamedCredential(setting.name, setting.value),
      )
      .map(({ line }) => line),
  );
  const code = linesOfCode(lines);
  lines.forEach((line, index) => {
    const script = PROGRAM.test(line) && credentialsInScript(line, allow).length > 0;
    const found =
      isComment(line) || translated
        ? holdsKey(line)
        : script || holdsCredential(line, allow, { place, code: code[index] === true });
    if (found) {
      suspicious.add(index + 1);
    }
  });
  return [...suspicious]
    .sort((one, other) => one - other)
    .map((line) => (single ? `key ${key}` : `line ${line} of key ${key}`));
}

function wordOf(value: Value): string | undefined {
  return isPlain(value) ? String(value) : undefined;
}

function isPlain(value: Value): value is string | number {
  return typeof value === "string" || typeof value === "number";
}
