import type { Properties } from "../properties";
import { autoScalingFunction } from "./autoScalingGroups";
import { ACCOUNT } from "./resources";

/**
 * The functions (data sources) that the program asks: whose account it is, where its load balancers' names lie, and how large its node groups are.
 *
 * @throws Error for any other function
 */
export function answer(token: string, args: Properties): Promise<Properties> {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return Promise.resolve({
        id: ACCOUNT,
        accountId: ACCOUNT,
        arn: `arn:aws:iam::${ACCOUNT}:user/stand-in`,
        userId: "STANDIN",
      });
    case "aws:index/getPartition:getPartition":
      return Promise.resolve({
        id: "aws",
        partition: "aws",
        dnsSuffix: "amazonaws.com",
        reverseDnsPrefix: "com.amazonaws",
      });
    case "aws:lb/getHostedZoneId:getHostedZoneId":
      // Of us-west-2. Source: AWS General Reference, "Elastic Load Balancing endpoints and quotas".
      return Promise.resolve({ id: "Z18D5FSROUN65G", region: "us-west-2" });
    default:
      return autoScalingFunction(token, args);
  }
}
