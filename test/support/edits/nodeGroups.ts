import {
  type Edit,
  CLUSTER,
  NEURON,
  withChanges,
  servingGroup,
  NODE_GROUP,
  TEMPLATE,
  GATEWAY_ROLL,
  ROUTING,
  SERVERS,
  DEVICE_PLUGIN,
  model,
} from "./edit";

const NEW_TEMPLATE = "`diskGiB`, `capacityReservationId`, `amiId` of a group";
const NEW_INSTANCES = "`instanceType`, `capacity`, `zones` of a group";
const BOUNDS = "`minSize`, `maxSize` of a group";

/** Edits of the node groups. */
export const NODE_GROUP_EDITS: readonly Edit[] = [
  {
    row: "a group added to `neuron.nodeGroups`",
    edit: "a Neuron group is added",
    changes: withChanges(NEURON, {
      nodeGroups: {
        serving: { instanceType: "inf2.xlarge", maxSize: 2 },
        compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
        spare: { instanceType: "inf2.8xlarge", maxSize: 2 },
      },
    }),
    create: [
      `${NODE_GROUP} platform-spare`,
      `${TEMPLATE} platform-spare`,
      "llm-gateway:cluster:NodeGroup platform-spare",
    ],
  },
  {
    row: BOUNDS,
    edit: "a Neuron group keeps a node",
    changes: servingGroup({ minSize: 1 }),
    update: [`${NODE_GROUP} platform-serving`],
  },
  {
    row: BOUNDS,
    edit: "a Neuron group may grow further",
    changes: servingGroup({ maxSize: 4 }),
    update: [`${NODE_GROUP} platform-serving`],
  },
  {
    row: BOUNDS,
    edit: "the system nodes may grow further",
    changes: withChanges(CLUSTER, { systemNodes: { maxSize: 6 } }),
    update: [`${NODE_GROUP} platform-system`],
  },
  {
    row: "`headroom` of a Neuron group",
    edit: "a Neuron group keeps a node ready",
    changes: servingGroup({ headroom: 1 }),
    create: [
      "kubernetes:apps/v1:Deployment models-headroom-serving",
      "kubernetes:scheduling.k8s.io/v1:PriorityClass models-headroom-priority",
      "llm-gateway:kubernetes:Headroom models-headroom",
    ],
  },
  {
    row: "`amiRelease` of a group",
    edit: "the system nodes move to another release",
    changes: withChanges(CLUSTER, { systemNodes: { amiRelease: "1.36.4-20260917" } }),
    update: [`${NODE_GROUP} platform-system`],
  },
  {
    row: NEW_TEMPLATE,
    edit: "a Neuron group gets larger disks, and with them a new template: its image would not be kept in place",
    changes: servingGroup({ diskGiB: 200 }),
    update: [`${TEMPLATE} platform-serving`],
    replace: [`${NODE_GROUP} platform-serving`],
  },
  {
    row: NEW_TEMPLATE,
    edit: "a Neuron group comes from a reservation",
    changes: servingGroup({ capacityReservationId: "cr-0123456789abcdef0" }),
    update: [`${TEMPLATE} platform-serving`],
    replace: [`${NODE_GROUP} platform-serving`],
  },
  {
    row: NEW_TEMPLATE,
    edit: "a Neuron group gets an image of one's own",
    changes: servingGroup({ amiId: "ami-0123456789abcdef0" }),
    update: [`${TEMPLATE} platform-serving`],
    replace: [`${NODE_GROUP} platform-serving`],
  },
  {
    row: NEW_INSTANCES,
    edit: "a Neuron group gets larger instances, and its model names them",
    changes: {
      ...servingGroup({ instanceType: "inf2.24xlarge" }),
      ...model({ serving: { instanceType: "inf2.24xlarge" } }),
    },
    // What a token costs follows the instance's price.
    update: [DEVICE_PLUGIN, GATEWAY_ROLL, ROUTING, SERVERS],
    replace: [`${NODE_GROUP} platform-serving`],
  },
  {
    row: NEW_INSTANCES,
    edit: "a Neuron group is paid for as spot",
    changes: servingGroup({ capacity: "spot" }),
    replace: [`${NODE_GROUP} platform-serving`],
  },
  {
    row: NEW_INSTANCES,
    edit: "a Neuron group keeps to one zone",
    changes: servingGroup({ zones: ["us-west-2b"] }),
    replace: [`${NODE_GROUP} platform-serving`],
  },
  {
    row: NEW_INSTANCES,
    edit: "the system nodes are larger",
    changes: withChanges(CLUSTER, { systemNodes: { instanceType: "m7i.xlarge" } }),
    replace: [`${NODE_GROUP} platform-system`],
  },
];
