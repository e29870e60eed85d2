import type { StackValidationPolicy } from "@pulumi/policy";
import {
  findTarget,
  isAutoscaler,
  nameOf,
  requestGaps,
  targetName,
} from "../resources/autoscalers";
import type { Inventory } from "../resources/inventory";

interface Settings {
  /** Targets outside the stack, as `Kind namespace/name`. */
  readonly allowExternalTargets?: readonly string[];
  readonly explicitRequests?: boolean;
  readonly failOnUnknown?: boolean;
}

/** The main rule: without requests on every container an autoscaler reports errors and never scales. */
export function autoscalerTargetRequests(inventory: Inventory): StackValidationPolicy {
  return {
    name: "autoscaler-target-requests",
    description:
      "Every HorizontalPodAutoscaler has its target in the stack, and every container of the target has the requests that the autoscaler's metrics need.",
    enforcementLevel: "mandatory",
    configSchema: {
      properties: {
        allowExternalTargets: {
          type: "array",
          items: { type: "string" },
          description: "Targets that the stack does not manage, each as `Kind namespace/name`.",
          default: [],
        },
        explicitRequests: {
          type: "boolean",
          description: "Whether a limit without a request counts as missing.",
          default: false,
        },
        failOnUnknown: {
          type: "boolean",
          description: "Whether what a preview cannot tell counts as missing.",
          default: false,
        },
      },
    },
    validateStack: (args, report) => {
      const {
        allowExternalTargets = [],
        explicitRequests = false,
        failOnUnknown = false,
      } = args.getConfig<Settings>();
      const objects = inventory.objects(args);
      for (const autoscaler of objects.filter(isAutoscaler)) {
        const search = findTarget(autoscaler, objects);
        if (search.state === "missing") {
          const target = targetName(autoscaler);
          if (!allowExternalTargets.includes(target)) {
            report(
              `${nameOf(autoscaler)}: its target ${target} is not in this stack; mend scaleTargetRef, or name "${target}" in allowExternalTargets`,
              autoscaler.urn,
            );
          }
        } else if (search.state === "found") {
          for (const gap of requestGaps(autoscaler, search.target, explicitRequests)) {
            if (gap.state === "missing" || failOnUnknown) {
              report(`${nameOf(autoscaler)}: ${gap.message}`, autoscaler.urn);
            }
          }
        } else if (failOnUnknown) {
          report(`${nameOf(autoscaler)}: ${search.reason}`, autoscaler.urn);
        }
      }
    },
  };
}

/** Says what the main rule could not judge, so that nobody takes silence for a check. */
export function autoscalerUndecided(inventory: Inventory): StackValidationPolicy {
  return {
    name: "autoscaler-undecided",
    description: "Lists the autoscalers that a preview cannot judge because values are unknown.",
    enforcementLevel: "advisory",
    validateStack: (args, report) => {
      const objects = inventory.objects(args);
      for (const autoscaler of objects.filter(isAutoscaler)) {
        const search = findTarget(autoscaler, objects);
        const reasons =
          search.state === "undecided"
            ? [search.reason]
            : search.state === "found"
              ? requestGaps(autoscaler, search.target, false)
                  .filter(({ state }) => state === "undecided")
                  .map(({ message }) => message)
              : [];
        for (const reason of reasons) {
          report(`${nameOf(autoscaler)} is not judged in this preview: ${reason}`, autoscaler.urn);
        }
      }
    },
  };
}
