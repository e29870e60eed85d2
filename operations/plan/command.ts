import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../domain/failure";
import { PROJECT } from "../../domain/labels";
import { GATEWAY_MODEL_PREFIX } from "../../domain/models/model";
import { ON_DEMAND_USD_PER_HOUR } from "../../domain/neuron/instancePrices";
import { DEFAULT_NODE_GROUPS } from "../../domain/neuron/nodeGroups";
import { neuronSchema } from "../../domain/settings/neuron";
import { modelRequestsSchema } from "../../domain/settings/requests";
import type { Calibration } from "../load/calibration";
import type { ProfileSettings } from "../load/planned";
import { htmlPage } from "../load/page";
import { readStackFile } from "../preflight/stackFile";
import { nameInStack, readCalibration } from "./calibration";
import { comparisonTable } from "./comparison";
import { replayFigure } from "./figure";
import { ASSUMED_TIMES, type ModelTimes } from "./model";
import { stackConfiguration } from "./paste";
import { overflow, plan, type Plan, type PlanInput } from "./plan";
import { CPU_TARGET_PERCENT, KUBERNETES_BEHAVIOUR } from "./policies";
import { UNBOUNDED } from "./queue";
import { planReport, type PlanReport } from "./report";
import { plannedModel, type PlannedModel } from "./stack";

/** What the command line says; what is absent is the stack's, or else an assumption. */
export interface PlanCommand extends ProfileSettings {
  readonly stack?: string;
  /** Folder of `Pulumi.yaml`. */
  readonly project: string;
  readonly model?: string;
  readonly calibration?: string;
  /** Seconds. */
  readonly firstToken?: number;
  readonly perPromptToken?: number;
  readonly perToken?: number;
  readonly slots?: number;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly initialReplicas?: number;
  /** Nodes. */
  readonly headroom?: number;
  /** Seconds. */
  readonly start: number;
  readonly boot: number;
  readonly keep: number;
  readonly usdPerHour?: number;
  /** ISO 8601. */
  readonly startsAt?: string;
  /** Seconds, and percent of the requests. */
  readonly goal: number;
  readonly share: number;
  /** Whether requests wait without bound, whatever the stack says. */
  readonly unboundedQueue: boolean;
  /** Path of the HTML report. */
  readonly report: string;
  /** Path of the picture of one replay. */
  readonly figure?: string;
  readonly json: boolean;
}

const ASSUMED_GROUP = "serving";
const MOST_REPLICAS = 8;
/** A model of which no stack says anything. */
const ASSUMED_MODEL: PlannedModel = {
  name: "my-model",
  slots: 4,
  bounds: { minReplicas: 1, maxReplicas: MOST_REPLICAS },
  behaviour: KUBERNETES_BEHAVIOUR,
  cpuPercent: CPU_TARGET_PERCENT,
  keda: false,
  requests: modelRequestsSchema.parse({}),
  nodeHourUsd: ON_DEMAND_USD_PER_HOUR["inf2.xlarge"],
  nodeGroup: ASSUMED_GROUP,
  nodeGroups: neuronSchema.parse({
    nodeGroups: {
      ...DEFAULT_NODE_GROUPS,
      [ASSUMED_GROUP]: { instanceType: "inf2.xlarge", maxSize: MOST_REPLICAS },
    },
  }).nodeGroups,
  headroom: 0,
  queue: { perPlace: 1, seconds: 60, fallback: true },
};

/** `operations plan`: prints the comparison and what to write. @returns whether settings that reach the goal were found */
export async function planCommand(options: PlanCommand): Promise<boolean> {
  const measured =
    options.calibration === undefined ? undefined : await readCalibration(options.calibration);
  const found = await modelOf(options, measured);
  const input = inputOf(options, found, measured);
  const made = await plan(input);
  const report = planReport(made, input, assumptions(options, input), configurationOf(made, found));
  await mkdir(dirname(options.report), { recursive: true });
  await writeFile(
    options.report,
    await htmlPage("Scaling plan", join(__dirname, "report.browser.js"), report),
  );
  if (options.figure !== undefined) {
    await writeFile(options.figure, replayFigure(made, input));
  }
  console.log(
    options.json
      ? JSON.stringify(
          { ...report, policies: report.policies.map(({ samples: _, ...rest }) => rest) },
          undefined,
          2,
        )
      : text(report, input, options.report),
  );
  return made.found.best !== undefined;
}

/** @throws UserError when the times are those of another model */
async function modelOf(
  { stack, model, project, calibration = "" }: PlanCommand,
  measured: Calibration | undefined,
): Promise<PlannedModel> {
  const named = model === undefined ? undefined : nameInStack(model);
  const calibrated = measured === undefined ? undefined : nameInStack(measured.model);
  const measure = (name: string) =>
    `operations load --model ${GATEWAY_MODEL_PREFIX}${name} --rate 0.2 --calibrate ${calibration}`;
  if (named !== undefined && calibrated !== undefined && named !== calibrated) {
    throw new UserError(
      `${calibration}: has the times of ${calibrated}, not of ${named}`,
      `write --model ${calibrated}, or measure ${named}: ${measure(named)}`,
    );
  }
  const wanted = named ?? calibrated;
  if (stack === undefined) {
    return { ...ASSUMED_MODEL, name: wanted ?? ASSUMED_MODEL.name };
  }
  const { config } = await readStackFile(project, stack);
  const served = Object.keys(config.models);
  if (calibrated !== undefined && !served.includes(calibrated)) {
    throw new UserError(
      `${calibration}: has the times of ${calibrated}, which ${stack} does not serve`,
      `measure one of ${served.join(", ")}: ${measure("NAME")}`,
    );
  }
  return plannedModel(config, wanted);
}

function inputOf(
  options: PlanCommand,
  found: PlannedModel,
  measured: Calibration | undefined,
): PlanInput {
  const minReplicas = options.minReplicas ?? found.bounds.minReplicas;
  const maxReplicas = options.maxReplicas ?? Math.max(found.bounds.maxReplicas, minReplicas);
  if (minReplicas > maxReplicas) {
    throw new Error(
      `--min-replicas ${minReplicas} is more than the maximum, ${maxReplicas}; write a larger --max-replicas`,
    );
  }
  const queue = options.unboundedQueue ? { ...found.queue, ...UNBOUNDED } : found.queue;
  return {
    profile: options,
    model: {
      ...found,
      slots: options.slots ?? found.slots,
      bounds: { minReplicas, maxReplicas },
      headroom: options.headroom ?? found.headroom,
      nodeHourUsd: options.usdPerHour ?? found.nodeHourUsd,
      queue,
    },
    times: timesOf(options, measured),
    startSeconds: options.start,
    bootSeconds: options.boot,
    keepSeconds: options.keep,
    initialReplicas: options.initialReplicas ?? minReplicas,
    startsAt: startOf(options, found),
    goal: {
      goalSeconds: options.goal,
      sharePercent: options.share,
      nodeHourUsd: options.usdPerHour ?? found.nodeHourUsd,
    },
  };
}

function startOf({ startsAt }: PlanCommand, { name, requests }: PlannedModel): Date {
  if (startsAt === undefined) {
    if (requests.schedule.length > 0) {
      throw new Error(
        `${name} has a schedule; write --starts-at with the time of the first request, such as 2026-01-31T08:00:00Z`,
      );
    }
    return new Date(0);
  }
  const time = new Date(startsAt);
  if (Number.isNaN(time.getTime())) {
    throw new Error(`--starts-at ${startsAt}: is no time; write for example 2026-01-31T08:00:00Z`);
  }
  return time;
}

function timesOf(
  { firstToken, perPromptToken, perToken }: PlanCommand,
  known: ModelTimes = ASSUMED_TIMES,
): ModelTimes {
  return {
    firstTokenSeconds: firstToken ?? known.firstTokenSeconds,
    perPromptTokenSeconds: perPromptToken ?? known.perPromptTokenSeconds,
    perOutputTokenSeconds: perToken ?? known.perOutputTokenSeconds,
  };
}

/** What the plan takes for granted, in sentences. */
function assumptions(options: PlanCommand, { model, times, ...input }: PlanInput): string[] {
  const measured =
    options.calibration === undefined
      ? "assumed, not measured"
      : `measured, ${options.calibration}`;
  return [
    `${model.name}: ${model.slots} slots a replica; ${times.firstTokenSeconds} s to the first token, ${times.perPromptTokenSeconds} s for each token of the prompt, ${times.perOutputTokenSeconds} s for each of the answer (${measured})`,
    `a replica serves ${input.startSeconds} s after its pod has a node, a node is there ${input.bootSeconds} s after it was ordered and stays ${input.keepSeconds} s after its last replica (assumed); ${model.headroom} nodes kept ready, one replica a node`,
    `${model.bounds.minReplicas} to ${model.bounds.maxReplicas} replicas, ${input.initialReplicas} at the beginning; ${
      model.nodeHourUsd === undefined
        ? "no price is known: write --usd-per-hour"
        : `${model.nodeHourUsd} US dollars an hour for a replica's node`
    }`,
    model.queue.perPlace === Infinity
      ? "requests wait in the gateway without bound"
      : `${model.queue.perPlace} requests a place wait in the gateway, ${model.queue.seconds} s at most; others are ${
          model.queue.fallback
            ? "the fallback's, and settings are searched that do without it"
            : "refused"
        }`,
    "a perfect router; a fallback, where one answers, has room and is as fast",
  ];
}

function configurationOf({ found }: Plan, stack: PlannedModel): string {
  return stackConfiguration(found.best ?? found.closest, { project: PROJECT, stack });
}

function text(report: PlanReport, { goal, model }: PlanInput, file: string): string {
  const { found } = report;
  const share = `${goal.sharePercent} % of the first tokens within ${goal.goalSeconds} s`;
  const { seconds } = overflow(goal);
  return [
    `${report.profile}: ${report.requests} in ${(report.seconds / 60).toFixed(0)} minutes. Goal: ${share}`,
    ...report.assumptions.map((line) => `- ${line}`),
    comparisonTable(report.policies),
    found.reached
      ? `The cheapest of ${found.tried} settings that reach the goal, for Pulumi.<stack>.yaml (it fits these requests; others may differ):`
      : `None of ${found.tried} settings reaches the goal; the closest, with ${found.withinPercent.toFixed(1)} %. A larger --max-replicas, more --initial-replicas or a faster start may:`,
    "",
    report.configuration,
    ...(model.queue.fallback
      ? [
          `"on requests, overflow" needs gateway.routing.admission.queueSeconds: ${seconds}, and a fallback with room.`,
        ]
      : []),
    `report: ${file}`,
  ].join("\n");
}
