import { NEURON_INSTANCE_TYPES } from "../components/cluster/instanceTypes";
import { incompatibilities } from "../components/cluster/neuronCompatibility";
import { overlap, planSubnets } from "../components/network/cidr";
import { parseQuantity } from "../components/quantity";
import { misfits } from "../components/vllm/memoryFit";
import { suggestion, type ConfigProblem } from "./problems";
import type { ParsedConfig } from "./schema";

type Model = ParsedConfig["models"][string];
type Rule = (config: ParsedConfig) => ConfigProblem[];

/** Every contradiction between fields that are valid one by one. */
export function crossFieldProblems(config: ParsedConfig): ConfigProblem[] {
  return RULES.flatMap((rule) => rule(config));
}

const boundsInOrder: Rule = (config) =>
  autoscalers(config).flatMap(({ path, settings }) => [
    ...(settings.minReplicas > settings.maxReplicas
      ? [
          {
            path: [...path, "minReplicas"],
            value: settings.minReplicas,
            message: `is more than maxReplicas ${settings.maxReplicas}; write a value up to ${settings.maxReplicas}`,
          },
        ]
      : []),
    ...(settings.cpuUtilization === undefined && settings.memoryUtilization === undefined
      ? [{ path, message: "has no metric; set cpuUtilization or memoryUtilization" }]
      : []),
  ]);

const requestsWithinLimits: Rule = (config) =>
  containers(config).flatMap(({ path, resources }) =>
    (["cpu", "memory"] as const).flatMap((resource) =>
      parseQuantity(resources.requests[resource]) > parseQuantity(resources.limits[resource])
        ? [
            {
              path: [...path, "requests", resource],
              value: resources.requests[resource],
              message: `is more than the limit ${resources.limits[resource]}; lower it or raise the limit`,
            },
          ]
        : [],
    ),
  );

const replicasFitNodeGroups: Rule = (config) => {
  const groups = Object.values(config.neuron.nodeGroups);
  return instanceTypes(config).flatMap((instanceType) => {
    const nodes = groups
      .filter((group) => group.instanceType === instanceType)
      .reduce((sum, group) => sum + group.maxSize, 0);
    const devices = nodes * NEURON_INSTANCE_TYPES[instanceType].devices;
    const users = Object.entries(config.models).filter(
      ([, model]) => model.serving.instanceType === instanceType,
    );
    const wanted = users.reduce((sum, [, model]) => sum + devicesAtMost(model), 0);
    if (wanted <= devices) {
      return [];
    }
    return users.map(([name, model]) => ({
      path: ["models", name, "autoscaling", "maxReplicas"],
      value: model.autoscaling.maxReplicas,
      message:
        `the models on ${instanceType} may ask for ${wanted} Neuron devices, its node groups have ${devices}` +
        `; lower maxReplicas or raise maxSize of a node group of ${instanceType}`,
    }));
  });
};

const placementsHaveNodeGroups: Rule = (config) => {
  const offered = Object.values(config.neuron.nodeGroups).map((group) => group.instanceType);
  return Object.entries(config.models).flatMap(([name, model]) =>
    (["serving", "compilation"] as const).flatMap((role) => {
      const { instanceType } = model[role];
      return offered.includes(instanceType)
        ? []
        : [
            {
              path: ["models", name, role, "instanceType"],
              value: instanceType,
              message: `no node group has it; add one under neuron.nodeGroups or use ${[...new Set(offered)].join(", ")}`,
            },
          ];
    }),
  );
};

const pinsAreCompatible: Rule = (config) =>
  Object.entries(config.neuron.nodeGroups).flatMap(([name, group], index) =>
    incompatibilities({
      image: config.neuron.image,
      amiRelease: group.amiRelease,
      kubernetesVersion: config.cluster.kubernetesVersion,
    }).flatMap(({ pin, reason }): ConfigProblem[] => {
      switch (pin) {
        case "amiRelease":
          return [
            {
              path: ["neuron", "nodeGroups", name, "amiRelease"],
              value: group.amiRelease,
              message: reason,
            },
          ];
        case "image":
          // The image is one for all groups: it is reported once.
          return index === 0
            ? [{ path: ["neuron", "image"], value: config.neuron.image, message: reason }]
            : [];
        case "kubernetesVersion":
          return [
            {
              path: ["cluster", "kubernetesVersion"],
              value: config.cluster.kubernetesVersion,
              message: reason,
            },
          ];
        default:
          return pin satisfies never;
      }
    }),
  );

const modelsFitTheirInstances: Rule = (config) =>
  Object.entries(config.models).flatMap(([name, model]) =>
    misfits(model).map(({ path, value, reason }) => ({
      path: ["models", name, ...path],
      value,
      message: reason,
    })),
  );

const fallbacksNameModels: Rule = (config) => {
  const names = Object.keys(config.models);
  return Object.entries(config.gateway.routing.fallbacks ?? {}).flatMap(([from, to]) => {
    const path = ["gateway", "routing", "fallbacks", from];
    return [from, ...to].flatMap((name, index): ConfigProblem[] => {
      if (!names.includes(name)) {
        return [
          { path, value: name, message: `is not a served model; ${suggestion(name, names)}` },
        ];
      }
      return index > 0 && name === from
        ? [{ path, value: name, message: "falls back to itself; name another model" }]
        : [];
    });
  });
};

const sharedStorageHasParameters: Rule = (config) => {
  const { shared } = config.storage;
  return config.cluster.kind === "existing" &&
    shared.create &&
    shared.provisioner === "efs.csi.aws.com" &&
    shared.parameters.fileSystemId === undefined
    ? [
        {
          path: ["storage", "shared", "parameters", "fileSystemId"],
          message:
            "is missing; write the id of the EFS file system, or create: false with the name of a class that the cluster has",
        },
      ]
    : [];
};

const vpcHasRoom: Rule = (config) => {
  if (config.cluster.kind !== "eks" || config.cluster.network.kind !== "create") {
    return [];
  }
  const { cidr, zones, connectedCidrs } = config.cluster.network;
  const path = ["cluster", "network"];
  const problem = (field: string, value: string, error: unknown) => ({
    path: [...path, field],
    value,
    message: error instanceof Error ? error.message : String(error),
  });
  try {
    planSubnets(cidr, zones);
  } catch (error) {
    return [problem("cidr", cidr, error)];
  }
  return connectedCidrs.flatMap((connected, index) => {
    try {
      return overlap(cidr, connected)
        ? [
            problem(
              `connectedCidrs.${index}`,
              connected,
              `overlaps the VPC's ${cidr}; choose another block for the VPC`,
            ),
          ]
        : [];
    } catch (error) {
      return [problem(`connectedCidrs.${index}`, connected, error)];
    }
  });
};

const zonesAreDistinct: Rule = (config) => {
  if (config.cluster.kind !== "eks") {
    return [];
  }
  const { network, region } = config.cluster;
  const path = ["cluster", "network", "zones"];
  return [
    ...network.zones.flatMap((zone, index) =>
      network.zones.indexOf(zone) !== index
        ? [{ path: [...path, index], value: zone, message: "is named twice; name each zone once" }]
        : zone.startsWith(region)
          ? []
          : [{ path: [...path, index], value: zone, message: `is not in region ${region}` }],
    ),
    ...(network.kind === "existing" && network.privateSubnetIds.length !== network.zones.length
      ? [
          {
            path: ["cluster", "network", "privateSubnetIds"],
            value: network.privateSubnetIds,
            message: `has ${network.privateSubnetIds.length} subnets for ${network.zones.length} zones; write one per zone`,
          },
        ]
      : []),
    ...Object.entries(config.neuron.nodeGroups).flatMap(([name, group]) =>
      (group.zones ?? [])
        .filter((zone) => !network.zones.includes(zone))
        .map((zone) => ({
          path: ["neuron", "nodeGroups", name, "zones"],
          value: zone,
          message: `is not a zone of the network; use ${network.zones.join(", ")}`,
        })),
    ),
  ];
};

const nodeGroupSizesInOrder: Rule = (config) => [
  ...Object.entries(config.neuron.nodeGroups).flatMap(([name, group]) =>
    sizesInOrder(["neuron", "nodeGroups", name], group),
  ),
  ...(config.cluster.kind === "eks"
    ? sizesInOrder(["cluster", "systemNodes"], config.cluster.systemNodes)
    : []),
];

function sizesInOrder(
  path: readonly string[],
  group: { readonly minSize: number; readonly maxSize: number },
): ConfigProblem[] {
  return group.minSize > group.maxSize
    ? [
        {
          path: [...path, "minSize"],
          value: group.minSize,
          message: `is more than maxSize ${group.maxSize}; write a value up to ${group.maxSize}`,
        },
      ]
    : [];
}

const gatedModelsHaveToken: Rule = (config) => {
  const gated = Object.entries(config.models)
    .filter(([, model]) => model.gated)
    .map(([name]) => name);
  return gated.length > 0 && config.huggingFaceToken === undefined
    ? [
        {
          path: ["huggingFaceToken"],
          message: `is missing; ${gated.join(", ")} downloads from a gated repository: accept its licence, then run pulumi config set --secret huggingFaceToken hf_...`,
        },
      ]
    : [];
};

const namespacesDiffer: Rule = (config) =>
  config.modelNamespace === config.gateway.namespace
    ? [
        {
          path: ["modelNamespace"],
          value: config.modelNamespace,
          message:
            "is also the gateway's namespace, which enforces restricted Pod Security; write another name",
        },
      ]
    : [];

const sourceRangesNeedLoadBalancer: Rule = (config) => {
  const { service } = config.gateway;
  return service.type !== "LoadBalancer" && service.allowedSourceRanges.length > 0
    ? [
        {
          path: ["gateway", "service", "allowedSourceRanges"],
          value: service.allowedSourceRanges,
          message: `has no effect on a ${service.type} Service; leave it out or set type: LoadBalancer`,
        },
      ]
    : [];
};

const RULES: readonly Rule[] = [
  boundsInOrder,
  requestsWithinLimits,
  placementsHaveNodeGroups,
  replicasFitNodeGroups,
  pinsAreCompatible,
  modelsFitTheirInstances,
  fallbacksNameModels,
  sharedStorageHasParameters,
  vpcHasRoom,
  zonesAreDistinct,
  nodeGroupSizesInOrder,
  gatedModelsHaveToken,
  namespacesDiffer,
  sourceRangesNeedLoadBalancer,
];

function autoscalers(config: ParsedConfig) {
  return [
    { path: ["gateway", "autoscaling"], settings: config.gateway.autoscaling },
    ...Object.entries(config.models).map(([name, model]) => ({
      path: ["models", name, "autoscaling"],
      settings: model.autoscaling,
    })),
  ];
}

function containers(config: ParsedConfig) {
  const { gateway } = config;
  return [
    { path: ["gateway", "resources"], resources: gateway.resources },
    { path: ["gateway", "database", "resources"], resources: gateway.database.resources },
    { path: ["gateway", "redis", "resources"], resources: gateway.redis.resources },
    ...Object.entries(config.models).flatMap(([name, model]) =>
      (["serving", "compilation"] as const).map((role) => ({
        path: ["models", name, role, "resources"],
        resources: model[role].resources,
      })),
    ),
  ];
}

function instanceTypes(config: ParsedConfig): Model["serving"]["instanceType"][] {
  return [...new Set(Object.values(config.models).map((model) => model.serving.instanceType))];
}

function devicesAtMost(model: Model): number {
  return model.autoscaling.maxReplicas * model.serving.neuronDevices;
}
