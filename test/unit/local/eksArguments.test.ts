import { describe, expect, test } from "vitest";
import { checkClusterArguments } from "../../../local/plugins/eks/arguments";
import type { Properties } from "../../../local/plugins/properties";

const FINE = {
  name: "cluster",
  endpointPublicAccess: true,
  publicAccessCidrs: ["203.0.113.0/24"],
  privateSubnetIds: ["subnet-1"],
};

const checking = (changes: Properties) => () => {
  checkClusterArguments({ ...FINE, ...changes });
};

describe("the stand-in for the eks component", () => {
  test("takes what the official component takes", () => {
    expect(checking({})).not.toThrow();
    expect(checking({ endpointPublicAccess: false, publicAccessCidrs: undefined })).not.toThrow();
  });

  test("refuses addresses for an endpoint that is not public, as the official component does", () => {
    expect(checking({ endpointPublicAccess: false })).toThrow(
      "publicAccessCidrs can only be set when endpointPublicAccess is true",
    );
  });

  test("refuses both ways of naming subnets at once, as the official component does", () => {
    expect(checking({ subnetIds: ["subnet-2"] })).toThrow(
      "subnetIds excludes publicSubnetIds and privateSubnetIds",
    );
  });

  test("refuses an argument that it does not play", () => {
    expect(checking({ createOidcProvider: true })).toThrow(
      "createOidcProvider is not supported by the stand-in eks provider",
    );
  });
});
