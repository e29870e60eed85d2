/**
 * What each way to scale costs, and whom it lets wait, on two public traces, in a simulation: `operations/plan` replays them. The tables are those
 * of docs/scaling.md; nothing here was measured on Inf2.
 *   LLM_GATEWAY_TRACES=folder node --require llm-gateway/typescript test/bench/scaling.ts [figure.svg]
 */
import { writeFileSync } from "node:fs";
import type { Arrival } from "../../operations/load/profile";
import { compare, type Compared } from "../../operations/plan/comparison";
import { replayOf } from "../../operations/plan/figure";
import { overflow } from "../../operations/plan/plan";
import {
  fixed,
  KUBERNETES_BEHAVIOUR,
  LLM_D,
  llmDForSlots,
  onCpu,
  onQueue,
  onRequests,
  ORACLE,
  RECOMMENDED,
  type Policy,
  type Setting,
} from "../../operations/plan/policies";
import { warmed } from "../../operations/plan/search";
import { evaluation, GOAL, PRESET_BEHAVIOUR } from "../support/scaling";
import { hasTraces, publicTrace, TRACES_WANTED } from "../support/traces";
import { printTable } from "./report";

const OURS = onRequests("(running + waiting) / slots, 90 %, recommended", "", RECOMMENDED);
const named = (name: string, policy: Policy = OURS): Policy => ({ ...policy, name });

/** Policies, each with the setting that it is replayed in. */
function rows(
  setting: Setting,
  minima: readonly number[],
): readonly (readonly [Policy, Setting])[] {
  const queue = (settings: Setting["scenario"]["queue"]): Setting => ({
    ...setting,
    scenario: { ...setting.scenario, queue: settings },
  });
  return [
    [onCpu("CPU 70 %, Kubernetes' behaviour (tutorial)", KUBERNETES_BEHAVIOUR), setting],
    [onCpu("CPU 70 %, today's default", PRESET_BEHAVIOUR), setting],
    [onQueue("waiting > 5, Kubernetes' behaviour", KUBERNETES_BEHAVIOUR), setting],
    [onQueue("waiting > 5, 1 pod per 60 s up", PRESET_BEHAVIOUR), setting],
    [named("max(waiting / 1, running / 16), llm-d", LLM_D), setting],
    [named("the same with running / 4 slots", llmDForSlots(4)), setting],
    [
      onRequests("(running + waiting) / slots, 75 %, 1 pod per 60 s up", "", {
        slotUtilization: 75,
        ...PRESET_BEHAVIOUR,
      }),
      setting,
    ],
    [OURS, setting],
    [
      named("... with admission's queue, others refused"),
      queue({ perPlace: 1, seconds: 60, fallback: false }),
    ],
    [
      named("... with overflow to the fallback after 2 s"),
      queue(overflow({ ...GOAL, sharePercent: 99 })),
    ],
    [named("... with 1 node of headroom"), warmed(setting, { headroom: 1 })],
    [named("... with 2 nodes of headroom"), warmed(setting, { headroom: 2 })],
    ...minima.map((minimum): readonly [Policy, Setting] => [
      named(`... with at least ${minimum} replicas`),
      warmed(setting, { minReplicas: minimum }),
    ]),
    [fixed(24), setting],
    [ORACLE, setting],
  ];
}

function evaluate(name: string, setting: Setting, minima: readonly number[]): Compared[] {
  const compared = rows(setting, minima).map(([policy, own]) => compare(policy, own, GOAL));
  const floor = compared.at(-1)?.outcome.replicaHours ?? NaN;
  console.log(
    `${name}: ${setting.scenario.arrivals.length} requests, ${setting.initialReplicas} replicas at the beginning`,
  );
  printTable(
    [
      "Policy",
      "Replica-hours",
      "Of the oracle's",
      "Node-hours",
      "Within 3 s",
      "p95 wait s",
      "Fallback",
      "Refused",
    ],
    compared.map(({ name: policy, outcome }) => [
      policy,
      outcome.replicaHours.toFixed(1),
      (outcome.replicaHours / floor).toFixed(2),
      outcome.nodeHours.toFixed(1),
      `${outcome.withinPercent.toFixed(1)} %`,
      outcome.waitP95Seconds?.toFixed(1) ?? "-",
      `${outcome.fallbackPercent.toFixed(1)} %`,
      `${outcome.refusedPercent.toFixed(1)} %`,
    ]),
  );
  return compared;
}

/** The recommended settings on what they were not chosen for alone. */
function variants(conversation: readonly Arrival[], code: readonly Arrival[]): void {
  const end = conversation.at(-1)?.atMs ?? 0;
  const cases: readonly (readonly [string, Setting])[] = [
    ["as it is", evaluation(conversation, 13)],
    ["backwards", evaluation(backwards(conversation), 13)],
    [
      "7 s later",
      evaluation(
        conversation.map((entry) => ({ ...entry, atMs: entry.atMs + 7000 })),
        13,
      ),
    ],
    [
      "every second request",
      evaluation(
        conversation.filter((_, index) => index % 2 === 0),
        7,
      ),
    ],
    [
      "its first half",
      evaluation(
        conversation.filter(({ atMs }) => atMs < end / 2),
        13,
      ),
    ],
    [
      "its second half",
      evaluation(
        conversation
          .filter(({ atMs }) => atMs >= end / 2)
          .map((entry) => ({ ...entry, atMs: entry.atMs - end / 2 })),
        13,
      ),
    ],
    ["twice as slow", evaluation(stretched(conversation, 2), 7)],
    ["1.3 times as fast", evaluation(stretched(conversation, 1 / 1.3), 16)],
    ["6 replicas at the beginning", evaluation(conversation, 6)],
    ["a start takes 90 s", evaluation(conversation, 13, 90)],
    ["a start takes 300 s", evaluation(conversation, 13, 300)],
    ["code", evaluation(code, 2)],
    ["code, backwards", evaluation(backwards(code), 2)],
  ];
  console.log("The recommended settings on variants of the traces");
  printTable(
    ["Conversation trace, but", "Replica-hours", "Of the oracle's", "Within 3 s", "Static 24"],
    cases.map(([name, setting]) => {
      const [ours, still, best] = [OURS, fixed(24), ORACLE].map(
        (policy) => compare(policy, setting, GOAL).outcome,
      );
      const hours = ours?.replicaHours ?? NaN;
      return [
        name,
        hours.toFixed(1),
        (hours / (best?.replicaHours ?? NaN)).toFixed(2),
        `${ours?.withinPercent.toFixed(1)} %`,
        `${still?.withinPercent.toFixed(1)} %`,
      ];
    }),
  );
}

function backwards(arrivals: readonly Arrival[]): Arrival[] {
  const end = arrivals.at(-1)?.atMs ?? 0;
  return [...arrivals].reverse().map((entry) => ({ ...entry, atMs: end - entry.atMs }));
}

function stretched(arrivals: readonly Arrival[], factor: number): Arrival[] {
  return arrivals.map((entry) => ({ ...entry, atMs: entry.atMs * factor }));
}

function main(figure: string | undefined): void {
  if (!hasTraces()) {
    console.log(`skipped: ${TRACES_WANTED}`);
    return;
  }
  const conversation = publicTrace("conv");
  const code = publicTrace("code");
  const setting = evaluation(conversation, 13);
  const compared = evaluate("Conversation", setting, [14, 16]);
  evaluate("Code", evaluation(code, 2), [5, 8]);
  variants(conversation, code);
  const ours = compared.find(({ name }) => name === OURS.name);
  if (figure !== undefined && ours !== undefined) {
    const { seconds } = ours.run;
    const { slots } = setting.scenario.fleet;
    writeFileSync(
      figure,
      replayOf(ours, {
        seconds,
        slots,
        goalSeconds: GOAL.goalSeconds,
        title: "Recommended settings, conversation trace",
      }),
    );
  }
}

main(process.argv[2]);
