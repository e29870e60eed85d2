import type { PolicyResource, ResourceValidationPolicy, StackValidationArgs } from "@pulumi/policy";
import { at, snapshot, UNKNOWN, type Value } from "./values";
import { kubernetesType, type KubernetesType } from "./workloads";

/** A Kubernetes object of the stack, as its inputs describe it. */
export interface StackObject {
  readonly urn: string;
  /** Name in the program. */
  readonly programName: string;
  readonly type: string;
  readonly kubernetes: KubernetesType;
  readonly props: Value;
  /** The provider: objects of the same name on two clusters are two objects. */
  readonly provider: string;
  readonly ignoreChanges: readonly string[];
  /** URNs that each property depends on, known even where its value is not. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/**
 * The inputs of every Kubernetes object. In the first preview of a cluster that the same stack creates, stack policies see
 * empty properties; resource policies see the inputs, and run before in the same process.
 */
export class Inventory {
  private readonly inputs = new Map<string, Value>();

  /** Resource policy that records and never reports. */
  public readonly recorder: ResourceValidationPolicy = {
    name: "kubernetes-inventory",
    description: "Records the Kubernetes objects that the other rules join; reports nothing.",
    enforcementLevel: "advisory",
    validateResource: (args) => {
      if (kubernetesType(args.type) !== undefined) {
        this.inputs.set(args.urn, snapshot(args.props));
      }
    },
  };

  /** The Kubernetes objects of the stack. */
  public objects(args: StackValidationArgs): StackObject[] {
    return args.resources.flatMap((resource) => {
      const kubernetes = kubernetesType(resource.type);
      return kubernetes === undefined
        ? []
        : [
            {
              urn: resource.urn,
              programName: resource.name,
              type: resource.type,
              kubernetes,
              props: this.inputs.get(resource.urn) ?? snapshot(resource.props),
              provider: resource.provider?.urn ?? "default",
              ignoreChanges: resource.opts.ignoreChanges,
              propertyDependencies: dependenciesOf(resource),
            },
          ];
    });
  }
}

/** `metadata.namespace`, which Kubernetes defaults. */
export function namespaceOf(object: StackObject): Value {
  const namespace = at(object.props, "metadata", "namespace");
  return namespace === undefined ? "default" : namespace;
}

/** Whether two values are the same, as far as known; UNKNOWN when that cannot be told. */
export function same(left: Value, right: Value): boolean | typeof UNKNOWN {
  return left === UNKNOWN || right === UNKNOWN ? UNKNOWN : left === right;
}

function dependenciesOf(resource: PolicyResource): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(resource.propertyDependencies).map(([property, resources]) => [
      property,
      resources.map(({ urn }) => urn),
    ]),
  );
}
