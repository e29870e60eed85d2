import type { EngineEvent } from "@pulumi/pulumi/automation";
import { z } from "zod";

const state = z.object({
  resources: z.array(
    z.object({
      urn: z.string(),
      parent: z.string().optional(),
      provider: z.string().optional(),
      dependencies: z.array(z.string()).default([]),
      propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).default({}),
    }),
  ),
});

interface Node {
  readonly parent: string | undefined;
  readonly dependencies: readonly string[];
}

/** `aws:ec2/eip:Eip platform-network-nat-0`, as the tests name a resource. */
function labelOf(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").at(-1) ?? ""} ${name}`;
}

/** The engine's graph of a stack: what each resource was made after, and is removed before. */
export class DependencyGraph {
  private readonly nodes: ReadonlyMap<string, Node>;

  /** @param deployment the exported state */
  public constructor(deployment: unknown) {
    this.nodes = new Map(
      state.parse(deployment).resources.map((resource) => [
        labelOf(resource.urn),
        {
          parent: resource.parent === undefined ? undefined : labelOf(resource.parent),
          dependencies: [
            ...resource.dependencies,
            ...Object.values(resource.propertyDependencies).flatMap((urns) => urns ?? []),
            ...(resource.provider === undefined
              ? []
              : // A reference is the URN of the provider, and its id.
                [resource.provider.slice(0, resource.provider.lastIndexOf("::"))]),
          ].map(labelOf),
        },
      ]),
    );
  }

  /** Whether `later` waits for `earlier`, by however many steps. @throws Error for a resource that is not there */
  public waitsFor(later: string, earlier: string): boolean {
    for (const label of [later, earlier]) {
      if (!this.nodes.has(label)) {
        throw new Error(`the stack has no ${label}; it has ${[...this.nodes.keys()].join(", ")}`);
      }
    }
    return this.allBefore(later).has(earlier);
  }

  private allBefore(label: string): ReadonlySet<string> {
    const before = new Set<string>();
    const visit = (name: string): void => {
      if (before.has(name)) {
        return;
      }
      before.add(name);
      this.directly(name).forEach(visit);
      // Whoever waits for a component waits for its parts.
      for (const [part, { parent }] of this.nodes) {
        if (parent === name) {
          visit(part);
        }
      }
    };
    this.directly(label).forEach(visit);
    return before;
  }

  /** What a resource names itself, or its parents for it. */
  private directly(label: string): string[] {
    const { parent, dependencies = [] } = this.nodes.get(label) ?? {};
    return [...dependencies, ...(parent === undefined ? [] : this.directly(parent))];
  }
}

/** The order in which an engine run removed things. */
export class RemovalTrace {
  private readonly began = new Map<string, number>();
  private readonly ended = new Map<string, number>();

  public constructor(events: readonly EngineEvent[]) {
    events.forEach(({ resourcePreEvent: pre, resOutputsEvent: outputs }, position) => {
      if (pre?.metadata.op === "delete") {
        this.began.set(labelOf(pre.metadata.urn), position);
      }
      if (outputs?.metadata.op === "delete") {
        this.ended.set(labelOf(outputs.metadata.urn), position);
      }
    });
  }

  /** Whether the one was gone before the removal of the other began. @throws Error for what was not removed */
  public goneBefore(first: string, second: string): boolean {
    const [gone, begun] = [this.ended.get(first), this.began.get(second)];
    if (gone === undefined || begun === undefined) {
      throw new Error(`${gone === undefined ? first : second} was not removed`);
    }
    return gone < begun;
  }
}
