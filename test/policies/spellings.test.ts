/** Odd spellings of right and wrong resources: what Kubernetes and AWS read decides, not what a field is called. */
import { describe, expect, test } from "vitest";
import { autoscaler, budget, container, deployment, NO_CPU, utilization } from "./fixtures";
import { violations } from "./support";

const template = (changes: Record<string, unknown>) => ({
  type: "aws:ec2/launchTemplate:LaunchTemplate",
  name: "nodes",
  props: {
    metadataOptions: { httpTokens: "required" },
    tags: { Project: "p", Environment: "e", ManagedBy: "m" },
    ...changes,
  },
});

describe("an autoscaler's target", () => {
  test("is a share of the request when averageUtilization is set, whatever its type says", async () => {
    const metrics = [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "AverageValue", averageUtilization: 70 } },
      },
    ];
    const found = await violations([
      deployment({ containers: [NO_CPU] }),
      autoscaler({ metrics }),
      budget(),
    ]);
    expect(found["autoscaler-target-requests"]).toEqual([
      expect.stringContaining("requests none; write resources.requests.cpu"),
    ]);
  });
});

describe("a target of another shape than the API server takes", () => {
  const cpu = autoscaler({ metrics: [utilization("cpu")] });
  test.each([
    [
      "requests in words beside limits",
      { containers: [container({ resources: { requests: "plenty", limits: { cpu: "1" } } })] },
    ],
    ["a pod-level request in words", { resources: { requests: { cpu: "lots" } } }],
    ["a container in words", { containers: ["web"] }],
  ])("is refused with a message: %s", async (_what, spec) => {
    const found = await violations([deployment(spec), cpu, budget()]);
    expect(found["autoscaler-target-requests"]).toHaveLength(1);
  });

  test("is refused without a template too", async () => {
    const found = await violations([deployment({}, {}, { template: undefined }), cpu, budget()]);
    expect(found["autoscaler-target-requests"]).toEqual([
      "HorizontalPodAutoscaler shop/web-hpa: the containers of Deployment shop/web are no list of containers; write one",
    ]);
  });
});

describe("a kind that is called like a property of every object", () => {
  test.each(["constructor", "toString", "__proto__"])("%s crashes no rule", async (kind) => {
    const odd = { type: `kubernetes:x.org/v1:${kind}`, name: "odd", props: { spec: {} } };
    expect(await violations([odd, deployment({ containers: [container()] }), budget()])).toEqual(
      {},
    );
  });

  test("is no type of a metric either", async () => {
    const metrics = [{ type: "constructor", resource: { name: "cpu" } }];
    const found = await violations([deployment(), autoscaler({ metrics }), budget()]);
    expect(JSON.stringify(found)).not.toContain("native code");
  });
});

describe("AWS", () => {
  test("gives an instance the options of its launch template", async () => {
    const instance = {
      type: "aws:ec2/instance:Instance",
      name: "bastion",
      props: { launchTemplate: { id: "lt-1" } },
    };
    expect(await violations([instance])).not.toHaveProperty("aws-node-metadata");
  });

  test("spells a device that is left out as an empty text", async () => {
    const blockDeviceMappings = [
      { deviceName: "/dev/xvda", ebs: { encrypted: "true" } },
      { deviceName: "/dev/xvdb", noDevice: "" },
    ];
    expect(await violations([template({ blockDeviceMappings })])).not.toHaveProperty(
      "aws-encryption-at-rest",
    );
  });
});
