import { boolean, strings, type Settings } from "../factory/parameters";
import { rule } from "../factory/rule";
import { isMovingTag } from "../resources/imageTags";
import { at, textOf } from "../resources/values";
import { allContainersOf } from "../resources/workloads";

const parameters = {
  requireDigest: boolean("Whether a tag is not enough.", false),
  movingTags: strings("Words of a tag that points to something else over time.", [
    ...["latest", "main", "master", "stable", "edge", "nightly", "dev", "develop", "rolling"],
    ...["canary", "snapshot", "head", "trunk", "lts", "mainline", "testing", "unstable"],
  ]),
};

/** A moving tag runs something else after the next pull. */
export const imagesPinned = rule({
  name: "images-pinned",
  description: "Every container image has an exact version tag or a digest.",
  severity: "medium",
  tags: ["kubernetes", "supply-chain"],
  remediationSteps: "Write the tag of one release, such as 16.4, or a digest.",
  url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
  parameters,
  resource: (resource, settings, report) => {
    for (const object of resource.objects) {
      for (const { label, spec } of allContainersOf(object)) {
        const image = at(spec, "image");
        const problem = typeof image === "string" ? problemOf(image, settings) : undefined;
        if (problem !== undefined) {
          report(`${object.name}: ${problem.replace("%", `${label}, ${textOf(image)},`)}`);
        }
      }
    }
  },
});

function problemOf(image: string, settings: Settings<typeof parameters>): string | undefined {
  if (image === "" || /@(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(image)) {
    return undefined;
  }
  const tag = /:([\w][\w.-]*)(?:@.*)?$/.exec(image)?.[1];
  if (settings.requireDigest) {
    return `the image of % has no digest; write ${image}@sha256:...`;
  }
  if (tag === undefined) {
    return "the image of % has no tag; write an exact version";
  }
  return isMovingTag(tag, settings.movingTags)
    ? "the tag of % moves; write an exact version or a digest"
    : undefined;
}
