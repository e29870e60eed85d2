import type { ResourceValidationPolicy } from "@pulumi/policy";
import { awsName, awsType } from "../resources/aws";
import { at, isList, isTree, snapshot, UNKNOWN, type Value } from "../resources/values";

interface Settings {
  readonly tags?: readonly string[];
}

const TAGS = ["Project", "Environment", "ManagedBy"];

/** Types that cost money or hold data, and can carry tags. */
const TAGGED: readonly string[] = [
  "ec2/vpc",
  "ec2/subnet",
  "ec2/natGateway",
  "ec2/eip",
  "ec2/securityGroup",
  "ec2/vpcEndpoint",
  "ec2/launchTemplate",
  "eks/cluster",
  "eks/nodeGroup",
  "eks/addon",
  "efs/fileSystem",
  "iam/role",
  "kms/key",
  "rds/instance",
  "rds/cluster",
  "elasticache/replicationGroup",
];

/** A bill that nobody can split and a resource that nobody owns begin with a missing tag. */
export const awsTagsPresent: ResourceValidationPolicy = {
  name: "aws-tags-present",
  description: "AWS resources carry the tags that say whose they are, nodes and their volumes too.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      tags: {
        type: "array",
        items: { type: "string" },
        description: "Keys of the tags.",
        default: TAGS,
      },
    },
  },
  validateResource: (args, report) => {
    const type = awsType(args.type);
    if (type === undefined || !TAGGED.includes(type)) {
      return;
    }
    const { tags = TAGS } = args.getConfig<Settings>();
    const props = snapshot(args.props);
    const name = awsName(args.type, args.name);
    const missing = missingFrom(at(props, "tags"), tags);
    if (missing.length > 0) {
      report(`${name} lacks the tags ${missing.join(", ")}; add them`);
    }
    if (type === "ec2/launchTemplate") {
      for (const resourceType of ["instance", "volume"]) {
        const untagged = missingFrom(specifiedTags(props, resourceType), tags);
        if (untagged.length > 0) {
          report(
            `${name}: its ${resourceType}s lack the tags ${untagged.join(", ")}; add them to tagSpecifications`,
          );
        }
      }
    }
  },
};

function specifiedTags(props: Value, resourceType: string): Value {
  const specifications = at(props, "tagSpecifications");
  if (specifications === UNKNOWN) {
    return UNKNOWN;
  }
  const found = (isList(specifications) ? specifications : []).find(
    (specification) => at(specification, "resourceType") === resourceType,
  );
  return at(found, "tags");
}

function missingFrom(tags: Value, wanted: readonly string[]): string[] {
  if (tags === UNKNOWN) {
    return [];
  }
  return wanted.filter((key) => !isTree(tags) || tags[key] === undefined);
}
