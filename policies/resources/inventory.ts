import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { isComponent } from "./kubernetes";
import { Objects } from "./objects";
import { describe, type Resource } from "./resource";

/**
 * The resources of one preview or update. In the first preview of a cluster that the same stack creates, stack policies see
 * empty properties; resource policies see the inputs, and run before in the same process. So every rule records what it sees:
 * which of them are switched on makes no difference.
 */
export class Inventory {
  private recorded = new Map<string, { readonly resource: Resource; readonly by: Set<string> }>();
  private reported = new Set<string>();
  private objects = new Objects();
  /** The stack that the rules of this round look at, and which of them have. */
  private current:
    { readonly stack: Stack; readonly urns: string; readonly by: Set<string> } | undefined;

  /** Records for the rule of the given name. */
  public recorder(rule: string): { readonly record: (args: ResourceValidationArgs) => Resource } {
    return { record: (args) => this.record(rule, args) };
  }

  /** What was registered up to now. */
  public get registered(): Objects {
    return this.objects;
  }

  /** Describes a resource without recording it. */
  public peek(args: ResourceValidationArgs): Resource {
    return describe(args, true);
  }

  /** Whether the violation was not reported in this round yet. */
  public isNews(rule: string, urn: string, message: string): boolean {
    const key = JSON.stringify([rule, urn, message]);
    const news = !this.reported.has(key);
    this.reported.add(key);
    return news;
  }

  /** The whole stack as the rule of the given name looks at it: the recorded inputs, and what else the engine knows. */
  public stack(rule: string, args: StackValidationArgs): Stack {
    const urns = args.resources.map(({ urn }) => urn).join("\n");
    if (this.current?.urns !== urns || this.current.by.has(rule)) {
      this.current = { stack: this.build(args.resources), urns, by: new Set() };
    }
    this.current.by.add(rule);
    return this.current.stack;
  }

  private record(rule: string, args: ResourceValidationArgs): Resource {
    if (this.current !== undefined) {
      // A stack was judged: what comes now belongs to another preview or update.
      this.recorded = new Map();
      this.reported = new Set();
      this.objects = new Objects();
      this.current = undefined;
    }
    const present = this.recorded.get(args.urn);
    if (present !== undefined && !present.by.has(rule)) {
      present.by.add(rule);
      return present.resource;
    }
    const resource = describe(args, true);
    this.recorded.set(args.urn, { resource, by: new Set([rule]) });
    this.objects.add(resource);
    return resource;
  }

  private build(resources: readonly PolicyResource[]): Stack {
    const objects = new Objects();
    const all = resources.map((resource) => {
      const recorded = this.recorded.get(resource.urn)?.resource;
      // Without any recorded input, as when a state file is judged, outputs are all there is.
      const described =
        recorded === undefined
          ? describe(resource, this.recorded.size === 0)
          : describe(resource, true, recorded.props);
      objects.add(described);
      return described;
    });
    const parents = new Set(resources.map(({ parent }) => parent?.urn));
    for (const resource of all) {
      // What it renders is unknown yet.
      if (isComponent(resource.type) && !parents.has(resource.urn)) {
        objects.addOpaque(resource);
      }
    }
    return { resources: all, objects };
  }
}

/** A stack at the end of a preview or update. */
export interface Stack {
  readonly resources: readonly Resource[];
  readonly objects: Objects;
}
