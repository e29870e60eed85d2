import * as pulumi from "@pulumi/pulumi";
import { isMap } from "../../domain/map";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

/** A resource under construction, as a transformation sees it. */
export type ResourceArgs = pulumi.ResourceTransformationArgs;

/** How resources are called by whom they are referred to. */
export interface Labels {
  readonly ofResource: (resource: pulumi.Resource) => string;
  readonly ofUrn: (urn: string) => string;
}

/**
 * The options that a resource was declared with, without those that are not set. What a parent passes on (`protect`,
 * `provider`) is part of it; what the SDK adds to every resource of a type (its former type tokens, its version) is not.
 */
export function declaredOptions(
  { opts }: ResourceArgs,
  request: RegisterResourceRequest,
  labels: Labels,
): Record<string, unknown> {
  const provider = (reference: string) =>
    // A reference is the URN of the provider, and its id.
    labels.ofUrn(reference.slice(0, reference.lastIndexOf("::")));
  const custom: pulumi.CustomResourceOptions = opts;
  const options: Record<string, unknown> = {
    parent: opts.parent === undefined ? "" : labels.ofResource(opts.parent),
    provider: request.getProvider() === "" ? "" : provider(request.getProvider()),
    providers: request
      .getProvidersMap()
      .getEntryList()
      .map(([, reference]) => provider(reference))
      .sort(),
    dependsOn: dependencies(opts.dependsOn).map(labels.ofResource).sort(),
    protect: request.getProtect(),
    retainOnDelete: request.getRetainondelete(),
    deleteBeforeReplace: custom.deleteBeforeReplace,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    deletedWith: request.getDeletedwith() === "" ? "" : labels.ofUrn(request.getDeletedwith()),
    import: request.getImportid(),
    aliases: ownAliases(opts.aliases, labels),
    customTimeouts: timeouts(request),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => isSet(value)));
}

function isSet(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length > 0
    : value !== undefined && value !== "" && value !== false;
}

function dependencies(dependsOn: pulumi.ResourceOptions["dependsOn"]): pulumi.Resource[] {
  const items: unknown[] = Array.isArray(dependsOn) ? dependsOn : [dependsOn];
  return items
    .filter((item) => item !== undefined)
    .map((item) => {
      if (!pulumi.Resource.isInstance(item)) {
        throw new Error("dependsOn holds an output or a promise, which is not shown yet");
      }
      return item;
    });
}

/** The aliases that the program gives; SDKs add those of a type's former tokens, which hold a type alone. */
function ownAliases(aliases: pulumi.ResourceOptions["aliases"], labels: Labels): unknown[] {
  const items: unknown[] = Array.isArray(aliases) ? aliases : [];
  return items
    .filter((alias) => !isMap(alias) || Object.keys(alias).some((key) => key !== "type"))
    .map((alias) =>
      isMap(alias) && pulumi.Resource.isInstance(alias.parent)
        ? { ...alias, parent: labels.ofResource(alias.parent) }
        : alias,
    );
}

function timeouts(request: RegisterResourceRequest): Record<string, string> | undefined {
  const custom = request.getCustomtimeouts();
  // The message's own object calls one of them `pb_delete`.
  const all = Object.entries({
    create: custom?.getCreate() ?? "",
    update: custom?.getUpdate() ?? "",
    delete: custom?.getDelete() ?? "",
  });
  const set = all.filter(([, value]) => value !== "");
  return set.length === 0 ? undefined : Object.fromEntries(set);
}
