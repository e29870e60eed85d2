import { integers } from "../factory/parameters";
import { rule } from "../factory/rule";
import { awsName, awsType, everyoneIn, isOn, texts } from "../resources/aws";
import { at, items, textOf, type Value } from "../resources/values";

/** Groups with their rules inside. */
const GROUPS: readonly string[] = ["ec2/securityGroup", "ec2/defaultSecurityGroup"];

/** What nobody outside should reach, by the port that its documentation names. */
const PORTS = {
  ssh: 22,
  sqlServer: 1433,
  oracle: 1521,
  nfs: 2049,
  zookeeper: 2181,
  etcd: 2379,
  mysql: 3306,
  remoteDesktop: 3389,
  postgresql: 5432,
  redshift: 5439,
  redis: 6379,
  cassandra: 9042,
  kafka: 9092,
  elasticsearch: 9200,
  elasticsearchNodes: 9300,
  memcached: 11211,
  mongodb: 27017,
} as const;
const LAST_PORT = 65535;
/** Those that answer UDP too. */
const UDP: readonly number[] = [PORTS.memcached, PORTS.nfs];

/** Services whose instances say themselves whether the internet reaches them. */
const SELF_PUBLIC = /^(?:rds|docdb|neptune|redshift|redshiftserverless|dms|mq)\//;

/** Databases, caches and file systems are for the cluster alone. */
export const awsNoPublicStores = rule({
  name: "aws-no-public-stores",
  description:
    "No database is public, and no security group opens a store's port, SSH or remote desktops to everyone.",
  severity: "critical",
  tags: ["aws", "network"],
  remediationSteps:
    "Write publiclyAccessible: false, and name the security group of the clients in place of the address block.",
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
  parameters: {
    ports: integers(
      "Ports of stores, and of SSH and remote desktops.",
      Object.values(PORTS),
      (ports) =>
        ports.every((port) => port >= 1 && port <= LAST_PORT)
          ? undefined
          : `must be ports, 1 to ${LAST_PORT}`,
    ),
  },
  resource: (resource, { ports }, report) => {
    const type = awsType(resource.type) ?? "";
    const { props } = resource;
    const name = awsName(resource);
    if (SELF_PUBLIC.test(type) && isOn(at(props, "publiclyAccessible")) === true) {
      report(`${name} is reachable from the internet; write publiclyAccessible: false`);
    }
    const inner = GROUPS.includes(type) ? at(props, "ingress") : undefined;
    const own: readonly Value[] = isIngress(type, props) ? [props] : [];
    for (const ingress of items(inner).concat(own)) {
      const port = opened(ingress, ports);
      if (port !== undefined) {
        report(`${name} opens port ${port} to everyone; name the security group of the clients`);
      }
    }
  },
});

function isIngress(type: string, props: Value): boolean {
  return type === "ec2/securityGroupRule"
    ? at(props, "type") === "ingress"
    : type === "vpc/securityGroupIngressRule";
}

/** The first store port that an ingress rule opens to everyone. */
function opened(rule: Value, ports: readonly number[]): number | undefined {
  const cidrs = ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"].flatMap(
    (field) => texts(at(rule, field)).known,
  );
  if (everyoneIn(cidrs).length === 0) {
    return undefined;
  }
  const protocol = textOf(at(rule, "protocol") ?? at(rule, "ipProtocol")).toLowerCase();
  const everything = ["-1", "all"].includes(protocol);
  const [from, to] = [numberOf(at(rule, "fromPort")), numberOf(at(rule, "toPort"))];
  return ports.find(
    (port) =>
      everything ||
      ((["tcp", "6"].includes(protocol) ||
        (["udp", "17"].includes(protocol) && UDP.includes(port))) &&
        from !== undefined &&
        to !== undefined &&
        from <= port &&
        port <= to),
  );
}

function numberOf(value: Value): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
