import { expect } from "vitest";
import { record } from "../../local/render/recorder";
import { labelOf, type DeclaredResource } from "../../local/render/resource";
import { stackSettings } from "../../local/render/stackFile";

/** An object of the declaration, its values not yet looked at. */
export type Tree = Readonly<Record<string, unknown>>;

interface Probe {
  readonly httpGet?: { readonly path: string };
}

/** What the tests look at in a pod. */
export interface Pod {
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext?: Tree;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly {
    readonly name: string;
    readonly securityContext?: Tree;
    readonly env?: readonly { readonly name: string; readonly value?: string }[];
    readonly startupProbe?: Probe;
    readonly readinessProbe?: Probe;
    readonly livenessProbe?: Probe;
    readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
    readonly volumeMounts: readonly { readonly name: string; readonly readOnly?: boolean }[];
  }[];
}

/** One rule of a network policy. */
export interface Rule {
  readonly ports?: readonly { readonly port: number }[];
  readonly to?: readonly unknown[];
  readonly from?: readonly unknown[];
}

/** What a stack of the repository declares, with `changes` in place of its top-level settings. */
export async function declared(
  stack: string,
  changes: Tree = {},
): Promise<readonly DeclaredResource[]> {
  const settings = { ...stackSettings(stack), ...changes };
  return (await record({ stack, settings })).resources;
}

/** Every resource of a type; there is at least one, for a test over nothing would pass. */
export function ofType(resources: readonly DeclaredResource[], type: string): DeclaredResource[] {
  const found = resources.filter(
    (resource) => resource.type.endsWith(`:${type}`) && !resource.component,
  );
  expect(found, type).not.toEqual([]);
  return found;
}

/** The resource that a reader knows as `label`. */
export function named(resources: readonly DeclaredResource[], label: string): DeclaredResource {
  const found = resources.find((resource) => labelOf(resource) === label);
  if (found === undefined) {
    throw new Error(`there is no ${label}`);
  }
  return found;
}

/** The pod of a workload. */
export function podOf({ inputs }: DeclaredResource): Pod {
  return (inputs as { spec: { template: { spec: Pod } } }).spec.template.spec;
}

/** The `spec` of an object. */
export function specOf(resource: DeclaredResource): Tree {
  return resource.inputs.spec as Tree;
}
