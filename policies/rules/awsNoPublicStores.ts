import type { ResourceValidationPolicy } from "@pulumi/policy";
import { awsName, awsType, isOn, strings } from "../resources/aws";
import { at, isList, snapshot, UNKNOWN, type Value } from "../resources/values";

interface Settings {
  readonly ports?: readonly number[];
}

/** PostgreSQL, Redis, NFS. */
const PORTS = [5432, 6379, 2049];
const ANYWHERE = ["0.0.0.0/0", "::/0"];

/** Databases, caches and file systems are for the cluster alone. */
export const awsNoPublicStores: ResourceValidationPolicy = {
  name: "aws-no-public-stores",
  description: "No database is public, and no security group opens a store's port to everyone.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      ports: {
        type: "array",
        items: { type: "integer" },
        description: "Ports of stores.",
        default: PORTS,
      },
    },
  },
  validateResource: (args, report) => {
    const type = awsType(args.type);
    const props = snapshot(args.props);
    const name = awsName(args.type, args.name);
    const { ports = PORTS } = args.getConfig<Settings>();
    if (type?.startsWith("rds/") === true && isOn(at(props, "publiclyAccessible")) === true) {
      report(`${name} is reachable from the internet; write publiclyAccessible: false`);
    }
    if (type === "ec2/securityGroup") {
      const rules = at(props, "ingress");
      for (const rule of isList(rules) ? rules : []) {
        const port = opened(rule, ports);
        if (port !== undefined) {
          report(`${name} opens port ${port} to everyone; name the security group of the clients`);
        }
      }
    }
    if (type === "vpc/securityGroupIngressRule" || type === "ec2/securityGroupRule") {
      const port = opened(props, ports);
      if (port !== undefined && at(props, "type") !== "egress") {
        report(`${name} opens port ${port} to everyone; name the security group of the clients`);
      }
    }
  },
};

/** The first store port that an ingress rule opens to everyone. */
function opened(rule: Value, ports: readonly number[]): number | undefined {
  const cidrs = [
    ...known(strings(at(rule, "cidrBlocks"))),
    ...known(strings(at(rule, "ipv6CidrBlocks"))),
    ...known(strings([at(rule, "cidrIpv4"), at(rule, "cidrIpv6")])),
  ];
  if (!cidrs.some((cidr) => ANYWHERE.includes(cidr))) {
    return undefined;
  }
  const everything = ["-1", "all"].includes(protocolOf(rule));
  const [from, to] = [at(rule, "fromPort"), at(rule, "toPort")];
  return ports.find(
    (port) =>
      everything ||
      (typeof from === "number" && typeof to === "number" && from <= port && port <= to),
  );
}

function protocolOf(rule: Value): string {
  const protocol = at(rule, "protocol") ?? at(rule, "ipProtocol");
  return typeof protocol === "string" ? protocol : "";
}

function known(values: readonly string[] | typeof UNKNOWN): readonly string[] {
  return values === UNKNOWN ? [] : values;
}
