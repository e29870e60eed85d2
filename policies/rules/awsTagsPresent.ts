import { strings } from "../factory/parameters";
import { rule } from "../factory/rule";
import { awsName, awsType, defaultTags } from "../resources/aws";
import { at, isList, isTree, UNKNOWN, type Value } from "../resources/values";

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
export const awsTagsPresent = rule({
  name: "aws-tags-present",
  description: "AWS resources carry the tags that say whose they are, nodes and their volumes too.",
  severity: "low",
  tags: ["aws", "costs"],
  remediationSteps:
    "Add the tags, or write them once in the provider's defaultTags; a launch template needs them in tagSpecifications.",
  url: "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
  parameters: {
    tags: strings("Keys of the tags.", ["Project", "Environment", "ManagedBy"]),
  },
  resource: (resource, { tags }, report) => {
    const type = awsType(resource.type) ?? "";
    if (!TAGGED.includes(type)) {
      return;
    }
    const { props } = resource;
    const name = awsName(resource);
    const missing = missingFrom([at(props, "tags"), defaultTags(resource)], tags);
    if (missing.length > 0) {
      report(`${name} lacks the tags ${missing.join(", ")}; add them`);
    }
    for (const kind of type === "ec2/launchTemplate" ? ["instance", "volume"] : []) {
      const untagged = missingFrom([specifiedTags(props, kind)], tags);
      if (untagged.length > 0) {
        report(
          `${name}: its ${kind}s lack the tags ${untagged.join(", ")}; add them to tagSpecifications`,
        );
      }
    }
  },
});

/** The tags of what is launched; UNKNOWN while a specification that may be the one is. */
function specifiedTags(props: Value, kind: string): Value {
  const specifications = at(props, "tagSpecifications");
  const list: readonly Value[] = isList(specifications) ? specifications : [specifications];
  const known = list.find((specification) => at(specification, "resourceType") === kind);
  const unknown = list.some((specification) => at(specification, "resourceType") === UNKNOWN);
  return known === undefined && unknown ? UNKNOWN : at(known, "tags");
}

function missingFrom(sources: readonly Value[], wanted: readonly string[]): string[] {
  return sources.includes(UNKNOWN)
    ? []
    : wanted.filter((key) => !sources.some((tags) => isTree(tags) && tags[key] !== undefined));
}
