import { RESERVED, RESERVED_VALUES, type Reserved } from "../../domain/reserved";
import type { Overrides } from "../../domain/settings/overrides";
import type { ConfigProblem } from "./problems";
import type { Rule } from "./rule";
import { isMap } from "../../domain/map";

/** Overrides add to pods; what the platform selects, mounts and derives from other settings stays as it is. */
export const overridesKeepThePlatform: Rule = ({ gateway, models }) => [
  ...reservedOf(["gateway"], gateway, RESERVED.gateway),
  ...(["database", "redis"] as const).flatMap((store) => {
    const settings = gateway[store];
    return settings.kind === "inCluster"
      ? reservedOf(["gateway", store], settings, RESERVED[store])
      : [];
  }),
  ...Object.entries(models).flatMap(([name, model]) =>
    (["serving", "compilation"] as const).flatMap((role) =>
      reservedOf(["models", name, role], model[role], RESERVED[role]),
    ),
  ),
];

/** Chart values add to ours; those that roles, tags and discovery depend on stay as they are. */
export const chartValuesKeepThePlatform: Rule = ({ cluster }) => {
  if (cluster.kind !== "eks") {
    return [];
  }
  const { chartValues } = cluster;
  return (["clusterAutoscaler", "loadBalancerController", "keda"] as const).flatMap((chart) =>
    RESERVED_VALUES[chart].flatMap((reserved): ConfigProblem[] => {
      const keys = reserved.split(".");
      // A parent that is no map would replace everything below it.
      return keys.flatMap((_key, index) => {
        const path = keys.slice(0, index + 1);
        const value = at(chartValues[chart], path);
        const last = index === keys.length - 1;
        return value === undefined || (!last && isMap(value))
          ? []
          : [
              {
                path: ["cluster", "chartValues", chart, ...path],
                value,
                message: `is the platform's: ${reserved} must stay as it is; leave it out`,
              },
            ];
      });
    }),
  );
};

function reservedOf(
  path: readonly string[],
  { podOverrides, containerOverrides }: Overrides,
  reserved: Reserved,
): ConfigProblem[] {
  const pod = [...path, "podOverrides"];
  const container = [...path, "containerOverrides"];
  const args = "args" in containerOverrides ? (containerOverrides.args ?? []) : [];
  const found = (
    at: readonly string[],
    values: readonly string[],
    isReserved: (value: string) => boolean,
    message: string,
  ): ConfigProblem[] => values.filter(isReserved).map((value) => ({ path: at, value, message }));
  return [
    ...found(
      [...pod, "labels"],
      Object.keys(podOverrides.labels ?? {}),
      (key) => key.startsWith("app.kubernetes.io/"),
      "selects the pods; use another label",
    ),
    ...found(
      [...pod, "annotations"],
      Object.keys(podOverrides.annotations ?? {}),
      (key) => key.startsWith("llm-gateway/"),
      "rolls the pods when a file of theirs changes; use another annotation",
    ),
    ...found(
      [...pod, "volumes"],
      (podOverrides.volumes ?? []).map(({ name }) => name),
      (name) => reserved.volumes.includes(name),
      "is a volume of the platform; use another name",
    ),
    ...found(
      [...container, "volumeMounts"],
      (containerOverrides.volumeMounts ?? []).map(({ mountPath }) => mountPath),
      (folder) => reserved.mounts.includes(folder.replace(/\/+$/, "")),
      "is a folder of the platform; mount it elsewhere",
    ),
    ...found(
      [...container, "env"],
      (containerOverrides.env ?? []).map(({ name }) => name),
      (name) => reserved.env.includes(name),
      "follows from other settings; change those",
    ),
    ...found(
      [...container, "args"],
      args,
      (arg) => reserved.flags.includes(arg.split("=")[0] ?? ""),
      "follows from other settings; change those",
    ),
  ];
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((current, key) => (isMap(current) ? current[key] : undefined), value);
}
