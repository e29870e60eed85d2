/** The instance type of system nodes where nothing is written. */
export const DEFAULT_SYSTEM_INSTANCE_TYPE = "m7i.large";

/**
 * Family, generation, options and size: `m7i-flex.large`, `u-6tb1.56xlarge`. Held against the 1263 types of `ec2 describe-instance-types`
 * as the package moto 5.2.5 carries it.
 */
const TYPE =
  /^(?<family>u-\d+tb|[a-z]+(?:-[a-z]+)?)(?<generation>\d+)(?<options>[a-z0-9-]*)\.(?<size>nano|micro|small|medium|large|\d*xlarge|metal(?:-\d+xl)?)$/;

/** Sizes of 2 GiB and less. */
const SMALL = ["nano", "micro", "small"];

const INSTEAD = `write for example ${DEFAULT_SYSTEM_INSTANCE_TYPE}`;

/**
 * What is wrong with the instance type of system nodes, whose image is `AL2023_x86_64_STANDARD`; undefined where nothing is. Whether a zone
 * offers the type is for the account to say (`operations preflight`).
 */
export function systemInstanceTypeProblem(type: string): string | undefined {
  const groups = TYPE.exec(type)?.groups;
  if (groups === undefined) {
    return `is no EC2 instance type; ${INSTEAD}`;
  }
  const { family = "", generation = "", options = "", size = "" } = groups;
  if (family.startsWith("mac")) {
    return `is a Mac, which no node image runs on; ${INSTEAD}`;
  }
  // A g among the options is Graviton; g5 and gr6 have it in the family. The first Graviton was a1.
  if (/^[a-z]*g/.test(options) || `${family}${generation}` === "a1") {
    return `has an ARM processor, and the nodes' image is for x86_64; ${INSTEAD}`;
  }
  return SMALL.includes(size)
    ? `is too small for the controllers, drivers and gateway pods that run there; ${INSTEAD}`
    : undefined;
}
