import type {
  Policies,
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
  /** URN of its provider; all share one when absent. */
  readonly provider?: string;
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
  for (const policy of pack) {
    const settings = options.config?.[policy.name] ?? {};
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the SDK's own signature
    const getConfig = <T extends object>() => settings as T;
    if ("validateResource" in policy) {
      for (const resource of resources) {
        await call(
          policy.validateResource,
          resourceArgs(resource, getConfig),
          reporter(policy.name),
        );
      }
    }
    if ("validateStack" in policy) {
      await policy.validateStack(
        stackArgs(resources, options.unconfiguredProvider === true, getConfig),
        reporter(policy.name),
      );
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

function resourceArgs(
  resource: TestResource,
  getConfig: ResourceValidationArgs["getConfig"],
): ResourceValidationArgs {
  return {
    type: resource.type,
    name: resource.name ?? metadataName(resource),
    urn: urnOf(resource),
    props: unknownCheckingProxy(resource.props),
    opts: { ...OPTS, protect: resource.protect ?? false },
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
      provider: {
        type: "pulumi:providers:kubernetes",
        props: {},
        name: "cluster",
        urn: resource.provider ?? "urn:provider",
      },
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
