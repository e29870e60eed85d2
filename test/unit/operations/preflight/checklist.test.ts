/** The preflight as a whole: what passes, warns, is skipped, and what it may ask. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { clusterAutoscalerChart } from "../../../../components/controllers/cluster-autoscaler/chart";
import { kedaChart } from "../../../../components/controllers/keda/chart";
import { loadBalancerControllerChart } from "../../../../components/controllers/load-balancer-controller/chart";
import { CHART_REPOSITORIES } from "../../../../domain/helmRepositories";
import { ownTags } from "../../../../domain/awsNames";
import { controlPlaneLogGroup } from "../../../../domain/logGroups";
import { PREFLIGHT_STATEMENTS } from "../../../../domain/preflightPermissions";
import { REPOSITORY } from "../../../../local/control-plane/environment";
import { quotaOf } from "../../../../operations/preflight/capacity";
import { EKS_CHECKS } from "../../../../operations/preflight/preflight";
import { succeeded } from "../../../../operations/stack/checklist";
import { problemsOf } from "../../../support/iamReference";
import {
  EXISTING_NETWORK,
  NAME,
  VERSION,
  preflight,
  preflightAsked,
  type Change,
} from "../../../support/preflight";
import { ZONE } from "../../../support/accounts";

/** What each check says that it has seen, in order, where all is well. */
const SEEN: Readonly<Record<string, RegExp>> = {
  "AWS credentials": /^account \d{12} in us-west-2 as arn:aws:sts::\d+:assumed-role\/deploy\/me$/,
  "The cluster can be made or updated": /^there is no cluster llm-gateway-dev yet$/,
  "The API endpoint can be reached from here": /^198\.18\.7\.7 is in 198\.18\.7\.7\/32$/,
  "Who makes the cluster is let in once":
    /^arn:aws:sts::\d+:assumed-role\/deploy\/me becomes its administrator$/,
  "EKS has the Kubernetes version": /^1\.\d+ is in standard support until \d{4}-\d\d-\d\d$/,
  "EKS has each add-on version": /^\d+ add-ons at their versions$/,
  "Node images exist": /^1\.\d+\.\d+-\d{8}$/,
  "Zones can hold the cluster": /^us-west-2a, us-west-2b$/,
  "Subnets of the VPC fit": /^the stack makes its own$/,
  "Zones offer the instance types": /^m7i\.large, inf2\.xlarge, inf2\.8xlarge$/,
  "The image of the system nodes fits their type": /^m7i\.large is x86_64$/,
  "vCPU quotas are large enough":
    /^Running On-Demand Standard \(.*\) instances: 32 for 18; Running On-Demand Inf instances: 64 for 40$/,
  "Elastic IP quota is large enough": /^EC2-VPC Elastic IPs: 5, 1 needed, 0 used by others$/,
  "The gateway's name lies in a zone of the account": /^the gateway has no name of its own$/,
  "The log groups can be made": /^\/aws\/eks\/llm-gateway-dev\/cluster$/,
  "Charts can be downloaded":
    /^cluster-autoscaler [\d.]+, aws-load-balancer-controller [\d.]+, keda [\d.]+$/,
  "Images can be pulled": /^5 images, asked from here$/,
  "Models are at the hub": /^2 models at their revisions$/,
  "The token opens gated models": /^meta-llama\/Llama-3\.1-8B-Instruct$/,
};
const NAMES = Object.keys(SEEN);

test("the preflight of a stack with a cluster of its own has these checks, in order", () => {
  expect(EKS_CHECKS.map(({ name }) => name)).toEqual(NAMES);
});

describe("an account that has what the dev stack needs", () => {
  test("passes every check, which says what it has seen", async () => {
    const results = await preflight();
    expect(results.filter(({ status }) => status !== "pass")).toEqual([]);
    expect(results).toEqual(
      NAMES.map((check) => ({
        check,
        status: "pass",
        seen: expect.stringMatching(SEEN[check] ?? /^$/) as string,
      })),
    );
  });

  test("is asked for nothing but what the documented permissions allow", async () => {
    const asked = new Set<string>();
    const changes: Change[] = [
      () => undefined,
      ({ account }) => {
        account.quotas = {};
        account.defaultQuotas = { "L-1945791B": 64, "L-1216C47A": 32, "L-0263D0A3": 5 };
      },
      ({ cluster }) => {
        Object.assign(cluster, EXISTING_NETWORK);
      },
      ({ service }) => {
        service.tls = { hostName: "llm.example.com", hostedZoneId: ZONE };
      },
      ({ account }) => {
        account.logGroups[controlPlaneLogGroup(NAME)] = ownTags("dev");
      },
    ];
    for (const change of changes) {
      (await preflightAsked(change)).asked.forEach((action) => asked.add(action));
    }
    const allowed = PREFLIGHT_STATEMENTS.flatMap(({ actions }) => actions);
    expect([...asked].sort()).toEqual([...allowed].sort());
    const guide = readFileSync(join(REPOSITORY, "docs", "aws.md"), "utf8");
    expect(allowed.filter((action) => !guide.includes(`\`${action}\``))).toEqual([]);
  });
});

test("log groups of the stack's own do not stop it", async () => {
  const results = await preflight(({ account }) => {
    account.logGroups[controlPlaneLogGroup(NAME)] = { ...ownTags("dev"), ManagedBy: "pulumi" };
    account.logGroups[`${controlPlaneLogGroup(NAME)}-of-another`] = {};
  });
  expect(succeeded(results)).toBe(true);
});

describe("the preflight says", () => {
  test.each<[string, Change, string, string]>([
    [
      "an end of support that is near",
      ({ account }) => {
        account.clusterVersions = [
          { version: VERSION, status: "STANDARD_SUPPORT", endOfStandardSupport: "2026-12-02" },
        ];
      },
      "EKS has the Kubernetes version",
      `${VERSION} is in standard support until 2026-12-02: 7 days`,
    ],
    [
      "an endpoint that only the VPC reaches",
      ({ cluster }) => {
        cluster.publicAccessCidrs = [];
      },
      "The API endpoint can be reached from here",
      "the endpoint will be private",
    ],
    [
      "that it does not know this machine's address",
      ({ world }) => {
        world.address = undefined;
      },
      "The API endpoint can be reached from here",
      "the public address of this machine is not known",
    ],
    [
      "the root user",
      ({ account }) => {
        account.identity.arn = "arn:aws:iam::123456789012:root";
      },
      "AWS credentials",
      "as its root user",
    ],
  ])("%s, without failing for it", async (_what, change, check, seen) => {
    const results = await preflight(change);
    expect(succeeded(results)).toBe(true);
    const [warning, ...others] = results.filter(({ status }) => status !== "pass");
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ check, status: "warn" });
    expect(warning?.seen).toContain(seen);
  });

  test("that it could not read the token, and judges none", async () => {
    const results = await preflight((scene) => {
      scene.token = undefined;
    });
    expect(results.filter(({ status }) => status !== "pass")).toMatchObject([
      { check: "The token opens gated models", status: "skipped" },
    ]);
  });

  test("nothing of an account that it may not ask", async () => {
    const results = await preflight(({ account }) => {
      account.refused["sts:GetCallerIdentity"] = { code: "ExpiredToken", message: "expired" };
    });
    expect(results.filter(({ status }) => status === "skipped").length).toBe(14);
  });
});

describe("the permissions of the preflight", () => {
  test("are actions that AWS has, each limited to resources where it can be", async () => {
    expect((await Promise.all(PREFLIGHT_STATEMENTS.map(problemsOf))).flat()).toEqual([]);
  });
});

describe("facts of others", () => {
  test("charts come from the repositories that are asked", () => {
    const args = { version: "1.0.0", clusterName: "c", region: "r" };
    const charts = [
      clusterAutoscalerChart(args),
      loadBalancerControllerChart({ ...args, vpcId: "vpc-1", tags: {} }),
      kedaChart({ ...args, namespaces: [] }),
    ];
    expect(Object.fromEntries(charts.map(({ chart, repository }) => [chart, repository]))).toEqual(
      CHART_REPOSITORIES,
    );
  });

  test.each([
    ["inf2.xlarge", false, "L-1945791B"],
    ["inf2.xlarge", true, "L-B5D1601B"],
    ["trn2.48xlarge", false, "L-2C3B7624"],
    ["m7i.large", false, "L-1216C47A"],
    ["im4gn.large", true, "L-34B43A08"],
    ["dl1.24xlarge", false, "L-6E869C2A"],
    ["f2.6xlarge", true, "L-88CF9481"],
    ["g5.xlarge", false, "L-DB2E81BA"],
    ["vt1.3xlarge", true, "L-3819A6DF"],
    ["p5.48xlarge", true, "L-7212CCBC"],
    ["x2idn.16xlarge", false, "L-7295265B"],
    ["hpc7a.12xlarge", false, undefined],
    ["u7i-6tb.112xlarge", false, undefined],
  ])("%s (spot: %s) counts against %s", (type, spot, code) => {
    expect(quotaOf(type, spot)?.code).toBe(code);
  });
});
