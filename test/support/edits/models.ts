import {
  type Edit,
  ARTIFACT,
  GATEWAY_ROLL,
  SCALED,
  QWEN,
  ROUTING,
  SERVER_SERVICE,
  SERVERS,
  model,
} from "./edit";

const AUTOSCALING_ROW = "`autoscaling` of a model, its bounds apart";
const SERVER_ROW =
  "`serving.resources`, `serving.podOverrides`, `serving.containerOverrides`, `toolCallParser`, `reasoningParser`, `chatTemplateFile` of a model";
const COMPILATION_ROW = "`compilation` of a model";

/** Edits of a model that is served. */
export const MODEL_EDITS: readonly Edit[] = [
  {
    row: "`autoscaling.minReplicas` of a model",
    edit: "a model sleeps no longer",
    changes: model({ autoscaling: { minReplicas: 2 } }),
    update: [GATEWAY_ROLL, ROUTING, `${SCALED} ${QWEN}-autoscaler`, SERVER_SERVICE],
  },
  {
    row: AUTOSCALING_ROW,
    edit: "a model falls asleep later",
    changes: model({ autoscaling: { requests: { idleSeconds: 3600 } } }),
    update: [`${SCALED} ${QWEN}-autoscaler`],
  },
  {
    row: AUTOSCALING_ROW,
    edit: "a model scales sooner",
    changes: model({ autoscaling: { requests: { slotUtilization: 75 } } }),
    update: [`${SCALED} ${QWEN}-autoscaler`],
  },
  {
    row: SERVER_ROW,
    edit: "a model's servers ask for less CPU and get an argument",
    changes: model({
      serving: {
        resources: { requests: { cpu: "2500m", memory: "12Gi" } },
        containerOverrides: { args: ["--seed=1"] },
      },
    }),
    update: [SERVERS],
  },
  {
    row: SERVER_ROW,
    edit: "a model's servers read tool calls in another way",
    changes: model({ toolCallParser: "llama3_json" }),
    update: [SERVERS],
  },
  {
    row: SERVER_ROW,
    edit: "a model's servers get a chat template",
    changes: model({ chatTemplateFile: "domain/models/templates/llama-3.1-json-tools.jinja" }),
    create: [`kubernetes:core/v1:ConfigMap ${QWEN}-chat-template`],
    update: [SERVERS],
  },
  {
    row: "`price` of a model",
    edit: "a model's tokens cost what the team charges",
    changes: model({ price: { inputUsdPerMillionTokens: 0.5, outputUsdPerMillionTokens: 2 } }),
    update: [GATEWAY_ROLL, ROUTING],
  },
  {
    row: COMPILATION_ROW,
    edit: "compiling may take longer",
    changes: model({ compilation: { timeoutMinutes: 180 } }),
    replace: [ARTIFACT],
  },
  {
    row: COMPILATION_ROW,
    edit: "the compiling pod asks for less CPU",
    changes: model({ compilation: { resources: { requests: { cpu: "20", memory: "96Gi" } } } }),
    replace: [ARTIFACT],
  },
  {
    row: "`architecture` of a model",
    edit: "a model's figures are corrected",
    changes: model({
      architecture: {
        parametersBillions: 8.2,
        layers: 35,
        keyValueHeads: 8,
        headDimension: 128,
      },
    }),
  },
];
