import { createHash } from "node:crypto";
import { isTree, UNKNOWN, type Properties } from "../properties";
import type { Refusal } from "./refusal";

/** Versions of the stand-in's launch templates from this on name an image. */
const FIRST_VERSION_WITH_IMAGE = 100_000;

/** What EKS would refuse of a node group. */
export function nodeGroupRefusals(inputs: Properties): Refusal[] {
  return [
    ...scalingRefusals(inputs),
    ...releaseRefusals(inputs),
    ...imageRefusals(inputs),
    ...diskRefusals(inputs),
  ];
}

/** What EC2 would refuse of a launch template. */
export function launchTemplateRefusals({ imageId, userData }: Properties): Refusal[] {
  return [
    ...(typeof imageId === "string" && imageId !== UNKNOWN && !/^ami-[0-9a-f]+$/.test(imageId)
      ? [{ property: "imageId", reason: `"${imageId}" is no image id` }]
      : []),
    ...(typeof userData === "string" && userData !== UNKNOWN && !isBase64(userData)
      ? [{ property: "userData", reason: "must be base64" }]
      : []),
  ];
}

function isBase64(text: string): boolean {
  return Buffer.from(text, "base64").toString("base64") === text;
}

/**
 * EKS: a group whose template names an image says nothing of type, version and release, and nobody may say `CUSTOM`.
 * Source: Amazon EKS API Reference, CreateNodegroup, and "Conditions when specifying an AMI ID" of the user guide.
 */
function imageRefusals(inputs: Properties): Refusal[] {
  const { amiType, launchTemplate } = inputs;
  const version = isTree(launchTemplate) ? Number(launchTemplate.version) : NaN;
  const ownImage = version >= FIRST_VERSION_WITH_IMAGE;
  return [
    ...(amiType === "CUSTOM"
      ? [{ property: "amiType", reason: "CUSTOM follows from the launch template's image" }]
      : []),
    ...["amiType", "version", "releaseVersion"]
      .filter((property) => ownImage && inputs[property] !== undefined)
      .map((property) => ({
        property,
        reason: "must not be given with a launch template that names an image",
      })),
  ];
}

/** EKS: the disk stands in the launch template or in the group, not in both. */
function diskRefusals({ diskSize, launchTemplate }: Properties): Refusal[] {
  return diskSize !== undefined && launchTemplate !== undefined
    ? [{ property: "diskSize", reason: "must not be given with a launch template" }]
    : [];
}

/** EKS: minSize <= desiredSize <= maxSize. */
function scalingRefusals({ scalingConfig }: Properties): Refusal[] {
  if (!isTree(scalingConfig)) {
    return [];
  }
  const { minSize, desiredSize, maxSize } = scalingConfig;
  if (
    typeof minSize !== "number" ||
    typeof maxSize !== "number" ||
    typeof desiredSize !== "number"
  ) {
    return [];
  }
  return minSize <= desiredSize && desiredSize <= maxSize
    ? []
    : [
        {
          property: "scalingConfig",
          reason: `desired capacity ${desiredSize} must lie between minimum ${minSize} and maximum ${maxSize}`,
        },
      ];
}

/** EKS: the release of a node image is of the group's Kubernetes version. */
function releaseRefusals({ version, releaseVersion }: Properties): Refusal[] {
  return typeof version === "string" &&
    typeof releaseVersion === "string" &&
    releaseVersion !== UNKNOWN &&
    version !== UNKNOWN &&
    !releaseVersion.startsWith(`${version}.`)
    ? [
        {
          property: "releaseVersion",
          reason: `${releaseVersion} is no release of Kubernetes ${version}`,
        },
      ]
    : [];
}

/** A number that changes with the content, and says whether the template names an image: a node group's check sees no more of it. */
export function templateVersion(inputs: Properties): number {
  const digest = createHash("sha256").update(JSON.stringify(inputs)).digest();
  return digest.readUInt16BE(0) + (inputs.imageId === undefined ? 1 : FIRST_VERSION_WITH_IMAGE);
}
