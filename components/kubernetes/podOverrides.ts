import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { mergeManifest } from "../../domain/overrides";
import type { Overrides } from "../../domain/settings/overrides";

type PodSpec = types.input.core.v1.PodSpec;

/** The metadata of a pod template with what the stack adds to it. */
export function withMetadata<
  M extends {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, Input<string>>>;
  },
>(metadata: M, { podOverrides: { labels, annotations } }: Overrides): M {
  return mergeManifest(metadata, {
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  });
}

/** The spec of a pod with what the stack adds to it and to its container of the given name. */
export function withOverrides(
  spec: PodSpec,
  container: string,
  { podOverrides, containerOverrides }: Overrides,
): PodSpec {
  const { labels: _labels, annotations: _annotations, ...pod } = podOverrides;
  return mergeManifest(spec, {
    ...pod,
    containers: [{ ...containerOverrides, name: container }],
  });
}
