/**
 * An AWS endpoint with recorded answers for what the preflight asks, so that the SDK itself makes the requests and reads the
 * answers. It stands in for no more than that: any other action is refused. Shapes: the API references of STS and EC2 (query
 * protocol, XML), Route 53 (REST, XML), EKS (REST, JSON), Systems Manager, CloudWatch Logs and Service Quotas (JSON).
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  actionOf,
  ec2,
  failure,
  fields,
  json,
  list,
  tagSet,
  xml,
  type Answer,
  type Asked,
} from "./awsProtocol";

/** What the account would say. Plain data: a fault of an account is a change of it. */
export interface RecordedAccount {
  identity: { account: string; arn: string };
  zones: { name: string; id: string; state: string }[];
  subnets: { id: string; vpcId: string; zone: string; free: number }[];
  /** Zones by instance type. */
  offerings: Record<string, string[]>;
  vcpus: Record<string, number>;
  arm: string[];
  instances: { type: string; spot: boolean; tags: Record<string, string> }[];
  addresses: Record<string, string>[];
  clusterVersions: { version: string; status: string; endOfStandardSupport?: string }[];
  /** Versions by add-on and Kubernetes version, the default first. */
  addons: Record<string, Record<string, string[]>>;
  clusters: Record<string, { version: string; status: string; endpoint?: string }>;
  parameters: Record<string, string>;
  /** Tags by the log group's name. */
  logGroups: Record<string, Record<string, string>>;
  hostedZones: Record<string, { name: string; isPrivate: boolean }>;
  quotas: Record<string, number>;
  defaultQuotas: Record<string, number>;
  /** Actions, `service:Action`, that are refused, with the error that AWS names. */
  refused: Record<string, { code: string; message: string }>;
}

export interface AwsApi {
  readonly endpoint: string;
  /** Actions that were asked for. */
  readonly asked: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Serves an account on a free loopback port. */
export async function serveAccount(account: RecordedAccount): Promise<AwsApi> {
  const asked = new Set<string>();
  const server: Server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { action, parameters } = actionOf(request, body);
      asked.add(action);
      const { status, type, body: text } = answer(account, action, parameters);
      response.writeHead(status, { "content-type": type }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answer(account: RecordedAccount, action: string, parameters: Asked["parameters"]): Answer {
  const refusal = account.refused[action];
  if (refusal !== undefined) {
    return failure(action, refusal.code, refusal.message, 403);
  }
  switch (action) {
    case "sts:GetCallerIdentity": {
      const { arn, account: id } = account.identity;
      return xml(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>AROA</UserId><Account>${id}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    }
    case "ec2:DescribeAvailabilityZones":
      return ec2(
        action,
        list("availabilityZoneInfo", account.zones, ({ name, id, state }) =>
          fields({ zoneName: name, zoneId: id, zoneState: state }),
        ),
      );
    case "ec2:DescribeSubnets": {
      const wanted = Object.values(parameters);
      return ec2(
        action,
        list(
          "subnetSet",
          account.subnets.filter(({ id }) => wanted.includes(id)),
          ({ id, vpcId, zone, free }) =>
            fields({
              subnetId: id,
              vpcId,
              availabilityZone: zone,
              availableIpAddressCount: String(free),
            }),
        ),
      );
    }
    case "ec2:DescribeInstanceTypeOfferings": {
      const wanted = Object.values(parameters);
      const pairs = Object.entries(account.offerings)
        .filter(([type]) => wanted.includes(type))
        .flatMap(([type, zones]) => zones.map((zone) => ({ type, zone })));
      return ec2(
        action,
        list("instanceTypeOfferingSet", pairs, ({ type, zone }) =>
          fields({ instanceType: type, locationType: "availability-zone", location: zone }),
        ),
      );
    }
    case "ec2:DescribeInstanceTypes": {
      const wanted = Object.values(parameters);
      const types = Object.entries(account.vcpus).filter(([type]) => wanted.includes(type));
      return ec2(
        action,
        list(
          "instanceTypeSet",
          types,
          ([type, count]) =>
            `${fields({ instanceType: type })}<vCpuInfo>${fields({ defaultVCpus: String(count) })}</vCpuInfo><processorInfo><supportedArchitectures><item>${account.arm.includes(type) ? "arm64" : "x86_64"}</item></supportedArchitectures></processorInfo>`,
        ),
      );
    }
    case "ec2:DescribeInstances":
      return ec2(
        action,
        list("reservationSet", [account.instances], (instances) =>
          list(
            "instancesSet",
            instances,
            ({ type, spot, tags }) =>
              `${fields({ instanceType: type, ...(spot ? { instanceLifecycle: "spot" } : {}) })}${tagSet(tags)}`,
          ),
        ),
      );
    case "ec2:DescribeAddresses":
      return ec2(action, list("addressesSet", account.addresses, tagSet));
    case "eks:DescribeClusterVersions":
      return json({
        clusterVersions: account.clusterVersions.map(
          ({ version, status, endOfStandardSupport }) => ({
            clusterVersion: version,
            versionStatus: status,
            // Seconds since 1970, as EKS writes times.
            ...(endOfStandardSupport === undefined
              ? {}
              : { endOfStandardSupportDate: Date.parse(endOfStandardSupport) / 1000 }),
          }),
        ),
      });
    case "eks:DescribeAddonVersions": {
      const { addonName, kubernetesVersion } = parameters;
      const versions = account.addons[String(addonName)]?.[String(kubernetesVersion)] ?? [];
      return json({
        addons: [
          {
            addonName,
            addonVersions: versions.map((addonVersion, index) => ({
              addonVersion,
              compatibilities: [{ clusterVersion: kubernetesVersion, defaultVersion: index === 0 }],
            })),
          },
        ],
      });
    }
    case "eks:DescribeCluster": {
      const name = String(parameters.name);
      const cluster = account.clusters[name];
      return cluster === undefined
        ? failure(action, "ResourceNotFoundException", `No cluster found for name: ${name}.`, 404)
        : json({ cluster: { name, ...cluster } });
    }
    case "logs:DescribeLogGroups": {
      const prefix = String(parameters.logGroupNamePrefix);
      const names = Object.keys(account.logGroups).filter((name) => name.startsWith(prefix));
      return json({
        logGroups: names.sort().map((logGroupName) => ({
          logGroupName,
          logGroupArn: `arn:aws:logs:us-west-2:${account.identity.account}:log-group:${logGroupName}`,
        })),
      });
    }
    case "logs:ListTagsForResource": {
      const [, name = ""] = String(parameters.resourceArn).split(":log-group:");
      return json({ tags: account.logGroups[name] ?? {} });
    }
    case "route53:GetHostedZone": {
      const id = String(parameters.id);
      const zone = account.hostedZones[id];
      return zone === undefined
        ? failure(action, "NoSuchHostedZone", `No hosted zone found with ID: ${id}`, 404)
        : xml(
            `<GetHostedZoneResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><HostedZone>${fields({ Id: `/hostedzone/${id}`, Name: `${zone.name}.`, CallerReference: id })}<Config>${fields({ PrivateZone: String(zone.isPrivate) })}</Config></HostedZone></GetHostedZoneResponse>`,
          );
    }
    case "ssm:GetParameters": {
      const names = parameters.Names as readonly string[];
      return json({
        Parameters: names.flatMap((Name) => {
          const Value = account.parameters[Name];
          return Value === undefined ? [] : [{ Name, Type: "String", Value }];
        }),
        InvalidParameters: names.filter((name) => account.parameters[name] === undefined),
      });
    }
    case "servicequotas:GetServiceQuota":
    case "servicequotas:GetAWSDefaultServiceQuota": {
      const code = String(parameters.QuotaCode);
      const values = action.endsWith("GetServiceQuota") ? account.quotas : account.defaultQuotas;
      const Value = values[code];
      return Value === undefined
        ? failure(action, "NoSuchResourceException", "The request failed.", 400)
        : json({ Quota: { ServiceCode: "ec2", QuotaCode: code, Value } });
    }
    default:
      return failure(action, "InvalidAction", `no answer is recorded for ${action}`, 400);
  }
}
