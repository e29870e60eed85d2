import type * as ec2Module from "@aws-sdk/client-ec2";
import type { Tags } from "./account";

/** A value of each instance type that the region has. */
export async function valuesOfTypes<T>(
  ec2: typeof ec2Module,
  client: ec2Module.EC2Client,
  instanceTypes: readonly string[],
  value: (type: ec2Module.InstanceTypeInfo) => T,
): Promise<Record<string, T>> {
  const found: Record<string, T> = {};
  for await (const { InstanceTypes: types = [] } of ec2.paginateDescribeInstanceTypes(
    { client },
    { Filters: [{ Name: "instance-type", Values: [...instanceTypes] }] },
  )) {
    for (const type of types) {
      found[known(type.InstanceType, "InstanceType")] = value(type);
    }
  }
  return found;
}

/** Tags by their keys. */
export function tagsOf(tags: readonly ec2Module.Tag[] = []): Tags {
  return Object.fromEntries(tags.map(({ Key: key = "", Value: value = "" }) => [key, value]));
}

/** A field that the SDK's types call optional and that AWS always fills. @throws Error where it did not */
export function known<T>(value: T | undefined, field: string): T {
  if (value === undefined) {
    throw new Error(`AWS left out ${field} of an answer`);
  }
  return value;
}
