import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { checkClusterArguments } from "../../../local/doubles/eks/arguments";

const FINE = {
  name: "cluster",
  endpointPublicAccess: true,
  publicAccessCidrs: ["203.0.113.0/24"],
  privateSubnetIds: ["subnet-1"],
};

async function refused(changes: pulumi.Inputs): Promise<string[]> {
  try {
    await checkClusterArguments({ ...FINE, ...changes });
    return [];
  } catch (error) {
    if (error instanceof pulumi.InputPropertiesError) {
      return error.errors.map(({ propertyPath, reason }) => `${propertyPath} ${reason}`);
    }
    throw error;
  }
}

describe("the stand-in for the eks component", () => {
  test("takes what the official component takes", async () => {
    expect(await refused({})).toEqual([]);
    expect(await refused({ endpointPublicAccess: false, publicAccessCidrs: undefined })).toEqual(
      [],
    );
  });

  test("refuses addresses for an endpoint that is not public, as the official component does", async () => {
    expect(await refused({ endpointPublicAccess: pulumi.output(false) })).toEqual([
      "publicAccessCidrs can only be set when endpointPublicAccess is true",
    ]);
  });

  test("refuses both ways of naming subnets at once, as the official component does", async () => {
    expect(await refused({ subnetIds: ["subnet-2"] })).toContain(
      "subnetIds excludes publicSubnetIds and privateSubnetIds",
    );
  });

  test("refuses an argument that it does not play", async () => {
    expect(await refused({ createOidcProvider: true })).toEqual([
      "createOidcProvider is not supported by the stand-in eks provider",
    ]);
  });
});
