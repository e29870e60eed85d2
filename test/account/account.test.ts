/** What the preflight asks of an account, answered by moto with AWS's own data of zones and instance types. */
import {
  AllocateAddressCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Account } from "../../operations/preflight/account";
import { awsAccount } from "../../operations/preflight/awsAccount";
import { startMoto, type MotoServer } from "../support/moto";

const REGION = "us-west-2";
const credentials = { accessKeyId: "testing", secretAccessKey: "testing" };

let moto: MotoServer;
let account: Account;
let ec2: EC2Client;

beforeAll(async () => {
  moto = await startMoto();
  const access = { endpoint: moto.endpoint, credentials };
  account = await awsAccount(REGION, access);
  ec2 = new EC2Client({ ...access, region: REGION });
});
afterAll(() => moto.close());

describe("an account tells the preflight", () => {
  test("whom it takes the caller for", async () => {
    const { account: id, arn } = await account.identity();
    expect(id).toMatch(/^\d{12}$/);
    expect(arn).toContain(id);
  });

  test("its zones, by name and by the id that is the same for everybody", async () => {
    expect(await account.zones()).toContainEqual({
      name: "us-west-2a",
      id: expect.stringMatching(/^usw2-az\d$/) as string,
      available: true,
    });
  });

  test("where it offers an instance type, and nothing of one that there is not", async () => {
    const offerings = await account.offerings(["inf2.xlarge", "inf9.large"]);
    expect(Object.keys(offerings)).toEqual(["inf2.xlarge"]);
    expect(offerings["inf2.xlarge"]?.length).toBeGreaterThan(0);
  });

  test("the vCPUs that docs/aws.md counts with", async () => {
    const types = ["inf2.xlarge", "inf2.8xlarge", "m7i.large", "m7i.xlarge"];
    expect(await account.vcpus(types)).toEqual({
      "inf2.xlarge": 4,
      "inf2.8xlarge": 32,
      "m7i.large": 2,
      "m7i.xlarge": 4,
    });
  });

  test("the architectures of an instance type", async () => {
    expect(await account.architectures(["m7i.large", "m7g.large"])).toEqual({
      "m7i.large": ["x86_64"],
      "m7g.large": ["arm64"],
    });
  });

  test("the subnets that there are, and leaves the others out", async () => {
    const { Subnets: subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    const [usual] = subnets;
    const ids = [usual?.SubnetId ?? "", "subnet-0123456789abcdef0"];
    expect(await account.subnets(ids)).toEqual([
      {
        id: usual?.SubnetId,
        vpcId: usual?.VpcId,
        zone: usual?.AvailabilityZone,
        freeAddresses: usual?.AvailableIpAddressCount,
      },
    ]);
  });

  test("what runs in it, with its tags", async () => {
    expect(await account.instances()).toEqual([]);
    await ec2.send(
      new RunInstancesCommand({
        ImageId: "ami-12c6146b",
        InstanceType: "m7i.large",
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [
          { ResourceType: "instance", Tags: [{ Key: "eks:cluster-name", Value: "c" }] },
        ],
      }),
    );
    expect(await account.instances()).toEqual([
      { instanceType: "m7i.large", spot: false, tags: { "eks:cluster-name": "c" } },
    ]);
  });

  test("the addresses that it holds", async () => {
    await ec2.send(
      new AllocateAddressCommand({
        Domain: "vpc",
        TagSpecifications: [
          { ResourceType: "elastic-ip", Tags: [{ Key: "Name", Value: "c-nat-0" }] },
        ],
      }),
    );
    expect(await account.addresses()).toEqual([{ Name: "c-nat-0" }]);
  });

  test("a hosted zone by its id, and that there is none", async () => {
    const route53 = new Route53Client({ endpoint: moto.endpoint, credentials, region: REGION });
    const made = await route53.send(
      new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "once" }),
    );
    const id = made.HostedZone?.Id?.replace("/hostedzone/", "") ?? "";
    expect(await account.hostedZone(id)).toEqual({ name: "example.com", isPrivate: false });
    expect(await account.hostedZone("Z0123456789ABC")).toBeUndefined();
  });

  test("the tags of a log group by its name, of no longer one, and that there is none", async () => {
    const logs = new CloudWatchLogsClient({ endpoint: moto.endpoint, credentials, region: REGION });
    const name = "/aws/eks/c/cluster";
    await logs.send(new CreateLogGroupCommand({ logGroupName: `${name}-two` }));
    expect(await account.logGroup(name)).toBeUndefined();
    const tags = { Project: "llm-gateway", Environment: "dev" };
    await logs.send(new CreateLogGroupCommand({ logGroupName: name, tags }));
    expect(await account.logGroup(name)).toEqual(tags);
  });

  test("a cluster of a name, and that there is none", async () => {
    expect(await account.cluster("c")).toBeUndefined();
    const eks = new EKSClient({ endpoint: moto.endpoint, credentials, region: REGION });
    await eks.send(
      new CreateClusterCommand({
        name: "c",
        version: "1.34",
        roleArn: "arn:aws:iam::123456789012:role/cluster",
        resourcesVpcConfig: {},
      }),
    );
    expect(await account.cluster("c")).toMatchObject({ version: "1.34", status: "ACTIVE" });
  });
});
