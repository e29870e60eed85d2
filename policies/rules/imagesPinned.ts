import type { ResourceValidationPolicy } from "@pulumi/policy";
import { at, snapshot, UNKNOWN } from "../resources/values";
import { containersOf, displayName, podSpecOf } from "../resources/workloads";

interface Settings {
  readonly requireDigest?: boolean;
  readonly movingTags?: readonly string[];
}

const MOVING_TAGS = ["latest", "main", "master", "stable", "main-stable", "edge", "nightly", "dev"];

/** A moving tag runs something else after the next pull. */
export const imagesPinned: ResourceValidationPolicy = {
  name: "images-pinned",
  description: "Every container image has an exact version tag or a digest.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      requireDigest: {
        type: "boolean",
        description: "Whether a tag is not enough.",
        default: false,
      },
      movingTags: {
        type: "array",
        items: { type: "string" },
        description: "Tags that point to something else over time.",
        default: MOVING_TAGS,
      },
    },
  },
  validateResource: (args, report) => {
    const props = snapshot(args.props);
    const containers = containersOf(podSpecOf(args.type, props));
    if (containers === UNKNOWN) {
      return;
    }
    const { requireDigest = false, movingTags = MOVING_TAGS } = args.getConfig<Settings>();
    const name = displayName(args.type, props, args.name);
    for (const { label, spec } of containers) {
      const image = at(spec, "image");
      if (typeof image !== "string" || /@sha256:[0-9a-f]{64}$/.test(image)) {
        continue;
      }
      const tag = /:([\w][\w.-]*)$/.exec(image)?.[1];
      if (requireDigest) {
        report(
          `${name}: the image of ${label}, ${image}, has no digest; write ${image}@sha256:...`,
        );
      } else if (tag === undefined) {
        report(`${name}: the image of ${label}, ${image}, has no tag; write an exact version`);
      } else if (movingTags.includes(tag)) {
        report(`${name}: the tag of ${label}, ${image}, moves; write an exact version or a digest`);
      }
    }
  },
};
