import { readFile } from "node:fs/promises";
import type { Properties } from "../properties";

/** Environment variable with the path of a JSON file: desired sizes of Auto Scaling groups by their names. */
export const AUTO_SCALING_FILE = "STAND_IN_AUTO_SCALING_GROUPS";

/**
 * The two functions of Auto Scaling that the program asks. Without a file there is no group, as before the first update.
 *
 * @throws Error for any other function
 */
export async function autoScalingFunction(token: string, args: Properties): Promise<Properties> {
  const groups = await autoScalingGroups();
  switch (token) {
    case "aws:autoscaling/getAmiIds:getAmiIds":
      return { id: "groups", arns: [], names: Object.keys(groups), region: "us-west-2" };
    case "aws:autoscaling/getGroup:getGroup": {
      const name = String(args.name);
      const desiredCapacity = groups[name];
      if (desiredCapacity === undefined) {
        throw new Error(`there is no Auto Scaling group ${name}`);
      }
      return { id: name, name, desiredCapacity };
    }
    default:
      throw new Error(`the stand-in aws provider does not play the function ${token}`);
  }
}

async function autoScalingGroups(): Promise<Readonly<Record<string, number>>> {
  const file = process.env[AUTO_SCALING_FILE];
  if (file === undefined) {
    return {};
  }
  const groups: unknown = JSON.parse(await readFile(file, "utf8"));
  if (typeof groups !== "object" || groups === null) {
    throw new Error(`${file} must hold an object of sizes by group name`);
  }
  return Object.fromEntries(Object.entries(groups).map(([name, size]) => [name, Number(size)]));
}
