import { isMap } from "../../../domain/map";
import { overlay } from "../overlay";
import { stackConfig } from "../stackFile";
import {
  type Edit,
  CLUSTER,
  CONTROL_PLANE,
  GATEWAY,
  GATEWAY_ROLL,
  GATEWAY_SERVICE,
  MIGRATIONS,
  LLAMA,
  MODELS,
  NEURON,
  NODE_GROUP,
  QWEN,
  ROUTING,
  TEMPLATE,
  modelResources,
  SCALED,
} from "./edit";

const TOKEN = "llm-gateway:huggingFaceToken";
const DATABASE = "aws:rds/instance:Instance platform-database";
const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup platform-cache";
const SPARE = { instanceType: "inf2.8xlarge", maxSize: 2 };

/** The dev stack with more to take away: managed stores, a name, two models, a third Neuron group, a NAT gateway for each zone. */
export const LARGER: Readonly<Record<string, unknown>> = overlay(stackConfig("dev"), {
  [CLUSTER]: { network: { nat: "perZone" } },
  [NEURON]: { nodeGroups: { spare: SPARE } },
  [MODELS]: {
    [QWEN]: { autoscaling: { maxReplicas: 1 } },
    [LLAMA]: { autoscaling: { maxReplicas: 1 } },
  },
  [GATEWAY]: {
    database: { kind: "managed" },
    redis: { kind: "managed" },
    service: { tls: { hostName: "llm.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" } },
  },
});

/** One setting of {@link LARGER} with `changes` laid over it; a key that is `undefined` there is left out. */
function changed(key: string, changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const section = LARGER[key];
  if (!isMap(section)) {
    throw new Error(`the larger stack has no ${key}`);
  }
  return { [key]: overlay(section, changes) };
}

const gateway = (changes: Readonly<Record<string, unknown>>) => changed(GATEWAY, changes);
const database = (changes: object) => gateway({ database: { kind: "managed", ...changes } });
const cache = (changes: object) => gateway({ redis: { kind: "managed", ...changes } });
const tls = (changes: Readonly<Record<string, unknown>>) => gateway({ service: { tls: changes } });

const INSTANCE_ROW =
  "`instanceClass`, `multiAz`, `storageGiB`, `maxStorageGiB`, `backupRetentionDays`, `keepAutomatedBackups` of a managed database";
const NODES_ROW = "`nodeType`, `replicas`, `engineVersion` of a managed cache";
const SNAPSHOT_ROW = "`finalSnapshot` of a managed store";
const NAME_ROW =
  "another `gateway.service.tls.hostName` or `gateway.service.tls.hostedZoneId` of a name made here";
const record = (name: string) => `aws:route53/record:Record platform-name-${name}`;
const CERTIFICATE = "aws:acm/certificate:Certificate platform-name";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation platform-name";

/** Edits that take away, and edits of managed stores and of a name, of the {@link LARGER} stack. */
export const LARGER_EDITS: readonly Edit[] = [
  ...[
    { edit: "the database gets a larger instance", changes: { instanceClass: "db.m7g.large" } },
    { edit: "the database loses its standby", changes: { multiAz: false } },
    { edit: "the database starts with more storage", changes: { storageGiB: 40 } },
    { edit: "the database may grow further", changes: { maxStorageGiB: 200 } },
    { edit: "backups are kept for a week", changes: { backupRetentionDays: 7 } },
    { edit: "backups go with the database", changes: { keepAutomatedBackups: false } },
  ].map(({ edit, changes }) => ({
    row: INSTANCE_ROW,
    edit,
    changes: database(changes),
    update: [DATABASE],
  })),
  {
    row: "`engineVersion` of a managed database",
    edit: "the database is pinned to a minor version",
    changes: database({ engineVersion: "17.6" }),
    update: [DATABASE],
  },
  {
    row: "`certificateAuthority` of a managed database",
    edit: "the database's certificate is checked",
    changes: database({
      certificateAuthority:
        "-----BEGIN CERTIFICATE-----\nZXhhbXBsZQ==\n-----END CERTIFICATE-----\n",
    }),
    create: ["kubernetes:core/v1:ConfigMap gateway-database-ca"],
    update: [GATEWAY_ROLL, "kubernetes:core/v1:Secret credentials-litellm"],
    replace: [MIGRATIONS],
  },
  ...[
    { edit: "the cache gets larger nodes", changes: { nodeType: "cache.m7g.large" } },
    { edit: "the cache gets another copy", changes: { replicas: 2 } },
    { edit: "the cache keeps no copy", changes: { replicas: 0 } },
    { edit: "the cache moves to another version", changes: { engineVersion: "8.1" } },
  ].map(({ edit, changes }) => ({
    row: NODES_ROW,
    edit,
    changes: cache(changes),
    update: [CACHE],
  })),
  {
    row: SNAPSHOT_ROW,
    edit: "the database is to go without a snapshot",
    changes: database({ finalSnapshot: false }),
    update: [DATABASE],
    remove: ["random:index/randomId:RandomId platform-database-snapshot"],
  },
  {
    row: SNAPSHOT_ROW,
    edit: "the cache is to go without a snapshot",
    changes: cache({ finalSnapshot: false }),
    update: [CACHE],
    remove: ["random:index/randomId:RandomId platform-cache-snapshot"],
  },
  {
    row: NAME_ROW,
    edit: "the gateway gets another name",
    changes: tls({ hostName: "other.example.com" }),
    update: [GATEWAY_SERVICE],
    replace: [CERTIFICATE, VALIDATION, record("alias"), record("proof")],
  },
  {
    row: NAME_ROW,
    edit: "the name lies in another zone",
    changes: tls({ hostedZoneId: "Z9876543210ABCDEFGHIJ" }),
    // A preview does not know the new record's name, which is the old one's: the update leaves the validation as it is.
    replace: [VALIDATION, record("alias"), record("proof")],
  },
  {
    row: "`gateway.service.tls` taken out, or with `gateway.service.tls.certificateArn` in place of a zone",
    edit: "the certificate is somebody else's",
    changes: tls({
      hostedZoneId: undefined,
      certificateArn: "arn:aws:acm:us-west-2:123456789012:certificate/example",
    }),
    update: [GATEWAY_SERVICE],
    remove: [
      CERTIFICATE,
      VALIDATION,
      record("alias"),
      record("proof"),
      "llm-gateway:cluster:PublishedName platform-name",
    ],
  },
  {
    row: "a model taken out of `models`",
    edit: "a model is removed",
    changes: { [MODELS]: { [QWEN]: { autoscaling: { minReplicas: 0, maxReplicas: 1 } } } },
    update: [GATEWAY_ROLL, `${SCALED} gateway-autoscaler`, ROUTING, GATEWAY_SERVICE],
    remove: modelResources(LLAMA),
  },
  {
    row: "a group taken out of `neuron.nodeGroups`",
    edit: "a Neuron group is removed",
    changes: {
      [NEURON]: {
        nodeGroups: {
          serving: { instanceType: "inf2.xlarge", maxSize: 2 },
          compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
        },
      },
    },
    remove: [
      `${NODE_GROUP} platform-spare`,
      `${TEMPLATE} platform-spare`,
      "llm-gateway:cluster:NodeGroup platform-spare",
    ],
  },
  {
    row: "`cluster.network.nat: single` again",
    edit: "the zones share one NAT gateway again",
    changes: changed(CLUSTER, { network: { nat: "single" } }),
    update: [
      "aws:ec2/routeTableAssociation:RouteTableAssociation platform-network-private-1",
      "aws:ec2/vpcEndpoint:VpcEndpoint platform-network-s3",
    ],
    remove: [
      "aws:ec2/eip:Eip platform-network-nat-1",
      "aws:ec2/natGateway:NatGateway platform-network-nat-1",
      "aws:ec2/route:Route platform-network-private-1-internet",
      "aws:ec2/routeTable:RouteTable platform-network-private-1",
    ],
  },
  {
    row: "`cluster.logs.create: false`",
    edit: "all log groups are left to AWS",
    changes: changed(CLUSTER, { logs: { create: false } }),
    update: ["aws:kms/key:Key platform-secrets"],
    remove: [
      "aws:cloudwatch/logGroup:LogGroup platform-database-logs",
      "aws:cloudwatch/logGroup:LogGroup platform-logs",
    ],
  },
  {
    row: "`cluster.deletionProtection`",
    edit: "cluster and managed stores are protected",
    changes: changed(CLUSTER, { deletionProtection: true }),
    update: [CONTROL_PLANE, DATABASE],
  },
  {
    row: "`huggingFaceToken`",
    edit: "the token is replaced",
    changes: { [TOKEN]: "hugging-face-token-of-another-day" },
    update: ["kubernetes:core/v1:Secret models-hugging-face"],
  },
];
