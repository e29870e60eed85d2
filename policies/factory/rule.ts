import type {
  EnforcementLevel,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Inventory, Stack } from "../resources/inventory";
import type { Objects } from "../resources/objects";
import type { Resource } from "../resources/resource";
import { run } from "./run";
import { configSchema, settingsOf, type Parameters, type Settings } from "./parameters";

/** Reports a violation of the resource at hand or, from a stack check, of the one with the given URN. */
export type Report = (message: string, urn?: string) => void;

/**
 * Reports a violation of the resource at hand.
 * @param wayOut what else helps where something that is registered later makes it right; no part of what is said only once
 */
export type ReportOne = (message: string, wayOut?: string) => void;

/** What else is known when a resource is registered. */
export interface Registered {
  /** What was registered up to now, the resource itself included. */
  readonly objects: Objects;
  /**
   * Whether this is an update, which must be stopped before it creates anything. A preview looks at joins once, at its end,
   * when it has seen everything.
   */
  readonly updating: boolean;
}

/** Where the page of each rule lies: under the root of the repository, and of the installed pack. */
const PAGES = "docs/policies";

/** What is said of a rule, whatever its parameters are. */
export interface RuleFacts {
  /** Kebab-case name: in configuration files, messages, and of the page under docs/policies. */
  readonly name: string;
  /** What holds when the rule is kept; one sentence. */
  readonly description: string;
  readonly severity: Severity;
  /**
   * What a violation does.
   * @default "mandatory"
   */
  readonly level?: EnforcementLevel;
  /** Subjects, for whoever filters rules. */
  readonly tags: readonly string[];
  /** What to do about a violation; one sentence. */
  readonly remediationSteps: string;
  /** Page of Kubernetes, KEDA or AWS that describes the mechanism; the rule's own page links to it. */
  readonly url: string;
  /** @default none */
  readonly parameters?: Parameters;
}

/** One rule, each fact about it once: the policy, its configuration schema and its page are made from this. */
export interface RuleDefinition<P extends Parameters> extends RuleFacts {
  readonly parameters?: P;
  /** Judges one resource as it is registered: the engine blocks before it is created. */
  readonly resource?: (
    resource: Resource,
    settings: Settings<P>,
    report: ReportOne,
    registered: Registered,
  ) => void;
  /** Judges what only the whole stack shows: that something is absent, or a join of what came in any order. */
  readonly stack?: (stack: Stack, settings: Settings<P>, report: Report) => void;
  /**
   * Mends the properties of a resource in place when the rule's level is `remediate`; returns whether it changed them.
   * @default none
   */
  readonly remediate?: (
    resource: Resource,
    properties: Record<string, unknown>,
    settings: Settings<P>,
  ) => boolean;
}

/** A rule of the pack. */
export interface Rule {
  readonly definition: RuleFacts;
  /** What it looks at, and whether it mends. */
  readonly judges: {
    readonly resource: boolean;
    readonly stack: boolean;
    readonly remediates: boolean;
  };
  /**
   * The rule as the SDK takes it. Every rule records the resources that it sees in the inventory of its pack, so that no
   * rule depends on another one being switched on.
   */
  readonly policy: (inventory: Inventory) => ResourceValidationPolicy | StackValidationPolicy;
}

export function rule<P extends Parameters = Record<string, never>>(
  definition: RuleDefinition<P>,
): Rule {
  const { name, description, severity, level = "mandatory", remediationSteps } = definition;
  const { parameters, resource, stack, remediate } = definition;
  const settings = settingsReader<P>(parameters);
  return {
    definition,
    judges: {
      resource: resource !== undefined,
      stack: stack !== undefined,
      remediates: remediate !== undefined,
    },
    policy: (inventory) => {
      const recorder = inventory.recorder(name);
      const common = {
        name,
        description,
        severity,
        enforcementLevel: level,
        tags: [...definition.tags],
        remediationSteps,
        url: `${PAGES}/${name}.md`,
        ...(parameters === undefined ? {} : { configSchema: configSchema(parameters) }),
      };
      const onResource: Pick<ResourceValidationPolicy, "validateResource"> = {
        validateResource: (args, report) => {
          const recorded = recorder.record(args);
          const once: ReportOne = (message, wayOut) => {
            if (inventory.isNews(name, args.urn, message)) {
              report(wayOut === undefined ? message : `${message}, ${wayOut}`);
            }
          };
          const registered: Registered = {
            objects: inventory.registered,
            updating: run.updating,
          };
          resource?.(recorded, settings(args), once, registered);
        },
      };
      const onRemediation: Pick<ResourceValidationPolicy, "remediateResource"> =
        remediate === undefined
          ? {}
          : {
              remediateResource: (args) => {
                const changed = remediate(inventory.peek(args), args.props, settings(args));
                return changed ? args.props : undefined;
              },
            };
      if (stack === undefined) {
        return { ...common, ...onResource, ...onRemediation };
      }
      const onStack: Pick<StackValidationPolicy, "validateStack"> = {
        validateStack: (args, report) => {
          const once: Report = (message, urn = "") => {
            if (inventory.isNews(name, urn, message)) {
              report(message, urn);
            }
          };
          stack(inventory.stack(name, args), settings(args), once);
        },
      };
      // The SDK asks each policy for either function, and finds both.
      return { ...common, ...onResource, ...onRemediation, ...onStack };
    },
  };
}

/** Reads the settings of a rule, once for each configuration that the SDK hands over. */
function settingsReader<P extends Parameters>(
  parameters: P | undefined,
): (args: Pick<ResourceValidationArgs, "getConfig">) => Settings<P> {
  let last: { readonly text: string; readonly settings: Settings<P> } | undefined;
  const defaults = settingsOf(parameters, {});
  return (args) => {
    if (parameters === undefined) {
      return defaults;
    }
    const configured = args.getConfig<Record<string, unknown>>();
    const text = JSON.stringify(configured);
    if (last?.text !== text) {
      last = { text, settings: settingsOf(parameters, configured) };
    }
    return last.settings;
  };
}
