/** Odd spellings of right and wrong resources: what Kubernetes and AWS read decides, not what a field is called. */
import { describe, expect, test } from "vitest";
import { autoscaler, budget, container, deployment, NO_CPU } from "./fixtures";
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
