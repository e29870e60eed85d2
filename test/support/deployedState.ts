import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { z } from "zod";
import { AWS_RESOURCES } from "../../local/plugins/aws/resources";

/** One resource in a file of `test/engine/deployed`, by the end of its URN: types from the outermost parent to its own, and name. */
const recorded = z.strictObject({
  /** Name of the parent, where its types alone do not say which one it is. */
  parent: z.string().optional(),
  /** What the provider knows it by; components and providers have none. */
  id: z.string().optional(),
  /** Inputs whose change would replace it. */
  inputs: z.record(z.string(), z.unknown()).default({}),
});

type Recorded = z.output<typeof recorded>;

const recordedStack = z.record(z.string(), recorded);

/** What the state knows of one resource. */
interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDERS = "pulumi:providers:";

/**
 * The state of a stack as it was deployed before, from the record in `test/engine/deployed`. Inputs that can change in place
 * are not in it: the engine takes each of them for an update.
 *
 * @throws Error for a record that is no whole state: a parent or a provider is missing
 */
export function deployedState(stack: string, project: string): Deployment {
  const file = join(__dirname, "..", "engine", "deployed", `${stack}.yaml`);
  const resources = recordedStack.parse(parse(readFileSync(file, "utf8")));
  const urnOf = (tail: string) => `urn:pulumi:${stack}::${project}::${tail}`;
  const root = urnOf(`${STACK_TYPE}::${project}-${stack}`);
  const ids = new Map<string, string>();
  const states = Object.entries(resources).map(([tail, entry]): ResourceState => {
    const { type, parent } = placeOf(tail, entry, Object.keys(resources));
    const urn = urnOf(tail);
    const base = { urn, type, parent: parent === undefined ? root : urnOf(parent) };
    const isProvider = type.startsWith(PROVIDERS);
    const id = entry.id ?? (isProvider ? randomUUID() : undefined);
    if (id === undefined) {
      return { ...base, custom: false };
    }
    if (isProvider) {
      ids.set(type.slice(PROVIDERS.length), `${urn}::${id}`);
    }
    const inputs = { ...identityOf(type, id), ...entry.inputs };
    return {
      ...base,
      custom: true,
      id,
      inputs,
      outputs: { ...inputs, ...outputsOf(type, inputs, id) },
    };
  });
  // The engine makes a default provider where the program names none.
  const random = { urn: urnOf(`${PROVIDERS}random::default_4_21_2`), id: randomUUID() };
  ids.set("random", `${random.urn}::${random.id}`);
  const withProviders = states.map((state) =>
    state.custom && !state.type.startsWith(PROVIDERS)
      ? { ...state, provider: providerOf(state.type, ids) }
      : state,
  );
  return {
    version: 3,
    deployment: {
      manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
      resources: [
        { urn: root, custom: false, type: STACK_TYPE },
        { ...random, custom: true, type: `${PROVIDERS}random` },
        ...[...withProviders].sort((left, right) => rank(left) - rank(right)),
      ],
    },
  };
}

/** The engine reads a state from its start: parents and providers come before what names them. */
function rank({ urn, type, custom }: ResourceState): number {
  const depth = urn.split("$").length;
  return !custom ? depth : type.startsWith(PROVIDERS) ? 100 : 101;
}

function placeOf(
  tail: string,
  { parent }: Recorded,
  all: readonly string[],
): { readonly type: string; readonly parent: string | undefined } {
  const types = (tail.split("::")[0] ?? "").split("$");
  const type = types.at(-1) ?? "";
  if (types.length === 1) {
    return { type, parent: undefined };
  }
  const above = `${types.slice(0, -1).join("$")}::`;
  const parents =
    parent === undefined ? all.filter((other) => other.startsWith(above)) : [`${above}${parent}`];
  const [only] = parents;
  if (only === undefined || parents.length > 1 || !all.includes(only)) {
    throw new Error(`${tail} has no recorded parent, or several: ${parents.join(", ")}`);
  }
  return { type, parent: only };
}

/** What a Kubernetes object is, from the type and id that name it. */
function identityOf(type: string, id: string): Record<string, unknown> {
  const [provider, apiVersion = "", kind] = type.split(":");
  if (provider !== "kubernetes" || kind === "Release") {
    return {};
  }
  const [name, namespace] = id.split("/").reverse();
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return { apiVersion: apiVersion.replace("core/", ""), kind, metadata };
}

function outputsOf(
  type: string,
  inputs: Readonly<Record<string, unknown>>,
  id: string,
): Readonly<Record<string, unknown>> {
  const known = AWS_RESOURCES[type];
  return known !== undefined
    ? known.outputs(inputs, id)
    : type.startsWith("random:")
      ? { result: "generated" }
      : {};
}

function providerOf(type: string, ids: ReadonlyMap<string, string>): string {
  const provider = ids.get(type.split(":")[0] ?? "");
  if (provider === undefined) {
    throw new Error(`no provider of ${type} is recorded`);
  }
  return provider;
}
