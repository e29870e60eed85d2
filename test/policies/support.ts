import type {
  Policies,
  PolicyProviderResource,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  StackValidationArgs,
} from "@pulumi/policy";
import { createRequire } from "node:module";
import { policies } from "../../policies/pack";

/** What the pack's server wraps properties in; the SDK keeps it out of its types. */
interface PolicyProxy {
  readonly unknownCheckingProxy: (properties: object) => Record<string, unknown>;
  readonly unknownStringValue: string;
}
const { unknownCheckingProxy, unknownStringValue } = createRequire(__filename)(
  "@pulumi/policy/proxy",
) as PolicyProxy;

/** The engine's sentinel for a value that a preview cannot know. */
export const LATER: string = unknownStringValue;

/** One resource as the engine would hand it to the pack. */
export interface TestResource {
  readonly type: string;
  readonly name?: string;
  readonly props: Record<string, unknown>;
  /** Name of its provider; all share one when absent. */
  readonly provider?: string;
  /** What the provider is configured with. */
  readonly providerProps?: Readonly<Record<string, unknown>>;
  /** Whether the program reads it with `get`: the engine shows it to stack policies alone. */
  readonly read?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly protect?: boolean;
  /** Stack of the resource, `test` when absent. */
  readonly stack?: string;
  /** Names of resources that a property was computed from. */
  readonly dependsOn?: Readonly<Record<string, readonly string[]>>;
}

export interface StackOptions {
  /** Hand stack policies empty properties, as the engine does while the provider's configuration is unknown. */
  readonly unconfiguredProvider?: boolean;
  /** The only rules that are switched on; all when absent. */
  readonly only?: readonly string[];
  /** Hand the resources to stack policies in another order than they were registered in, as the engine does. */
  readonly shuffled?: boolean;
  /** Stop before the stack is handed over, as an update that was refused does. */
  readonly registrationsOnly?: boolean;
  /** Configuration by policy name. */
  readonly config?: Readonly<Record<string, object>>;
}

/** Runs the whole pack over a stack. @returns the messages by policy name */
export async function violations(
  resources: readonly TestResource[],
  options: StackOptions = {},
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const pack: Policies = policies();
  const reporter =
    (policy: string): ReportViolation =>
    (message) => {
      (found[policy] ??= []).push(typeof message === "string" ? message : JSON.stringify(message));
    };
  const configOf =
    (policy: string) =>
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the SDK's own signature
    <T extends object>() =>
      (options.config?.[policy] ?? {}) as T;
  const active = pack.filter(({ name }) => options.only?.includes(name) ?? true);
  // The order of the engine: every policy looks at a resource as it is registered, and at the stack at the end.
  for (const resource of resources.filter(({ read }) => read !== true)) {
    for (const policy of active) {
      if ("validateResource" in policy) {
        const args = resourceArgs(resource, configOf(policy.name));
        await call(policy.validateResource, args, reporter(policy.name));
      }
    }
  }
  const atEnd = options.shuffled === true ? [...resources].reverse() : resources;
  for (const policy of options.registrationsOnly === true ? [] : active) {
    if ("validateStack" in policy) {
      const args = stackArgs(atEnd, options.unconfiguredProvider === true, configOf(policy.name));
      await policy.validateStack(args, reporter(policy.name));
    }
  }
  return found;
}

async function call(
  validate: unknown,
  args: ResourceValidationArgs,
  report: ReportViolation,
): Promise<void> {
  if (typeof validate !== "function") {
    throw new Error("rules of this pack have one validate function each");
  }
  await (validate as (args: ResourceValidationArgs, report: ReportViolation) => unknown)(
    args,
    report,
  );
}

const urnOf = (resource: TestResource) =>
  `urn:pulumi:${resource.stack ?? "test"}::llm-gateway::${resource.type}::${resource.name ?? metadataName(resource)}`;

function metadataName(resource: TestResource): string {
  const metadata = resource.props.metadata as { name?: string } | undefined;
  return metadata?.name ?? "unnamed";
}

const OPTS = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
};

/** A provider of its own cluster, unless the test says what it is configured with. */
function providerOf(resource: TestResource): PolicyProviderResource {
  const name = resource.provider ?? "cluster";
  const type = `pulumi:providers:${resource.type.split(":")[0] ?? ""}`;
  return {
    type,
    props: unknownCheckingProxy({ ...(resource.providerProps ?? { kubeconfig: name }) }),
    name,
    urn: `urn:pulumi:test::llm-gateway::${type}::${name}`,
  };
}

function resourceArgs(
  resource: TestResource,
  getConfig: ResourceValidationArgs["getConfig"],
): ResourceValidationArgs {
  return {
    type: resource.type,
    name: resource.name ?? metadataName(resource),
    urn: urnOf(resource),
    props: unknownCheckingProxy(resource.props),
    opts: {
      ...OPTS,
      protect: resource.protect ?? false,
      ignoreChanges: [...(resource.ignoreChanges ?? [])],
    },
    provider: providerOf(resource),
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    getConfig,
    notApplicable: () => {
      throw new Error("no rule of this pack opts out");
    },
  };
}

function stackArgs(
  resources: readonly TestResource[],
  empty: boolean,
  getConfig: StackValidationArgs["getConfig"],
): StackValidationArgs {
  const built = new Map<TestResource, PolicyResource>();
  const build = (resource: TestResource): PolicyResource => {
    const present = built.get(resource);
    if (present !== undefined) {
      return present;
    }
    const policyResource: PolicyResource = {
      type: resource.type,
      name: resource.name ?? metadataName(resource),
      urn: urnOf(resource),
      props: unknownCheckingProxy(empty ? {} : resource.props),
      opts: { ...OPTS, ignoreChanges: [...(resource.ignoreChanges ?? [])] },
      provider: providerOf(resource),
      dependencies: [],
      propertyDependencies: Object.fromEntries(
        Object.entries(resource.dependsOn ?? {}).map(([property, names]) => [
          property,
          resources.filter((other) => names.includes(other.name ?? metadataName(other))).map(build),
        ]),
      ),
      isType: () => false,
      asType: () => undefined,
    };
    built.set(resource, policyResource);
    return policyResource;
  };
  return {
    resources: resources.map(build),
    stackTags: new Map(),
    getConfig,
    notApplicable: () => {
      throw new Error("no rule of this pack opts out");
    },
  };
}
