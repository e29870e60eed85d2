import { z } from "zod";
import { DEFAULT_KUBERNETES_VERSION } from "../eksReleases";
import { usableAmiReleases } from "../neuron/compatibility";
import { isQuantity } from "../quantity";

/** What a schema gives after defaults, for reading alone at every depth. */
export type Settings<S extends z.ZodType> = ReadonlyDeep<z.output<S>>;

type ReadonlyDeep<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly ReadonlyDeep<Item>[]
      : { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> };

/**
 * A setting that may be left out and has no value then.
 *
 * @param whenAbsent what happens without it, for the reference's column of defaults
 */
export function optional<S extends z.ZodType>(schema: S, description: string, whenAbsent: string) {
  return schema.optional().meta({ description, whenAbsent });
}

/**
 * A refinement of a value that a function finds problems in.
 *
 * @param problemOf what is wrong and what to write; undefined where nothing is
 */
export function judgedBy<T>(problemOf: (value: T) => string | undefined) {
  return (value: T, context: z.core.$RefinementCtx<T>): void => {
    const message = problemOf(value);
    if (message !== undefined) {
      context.addIssue({ code: "custom", message, input: value });
    }
  };
}

/**
 * A refinement of a list that refuses an item where it stands a second time.
 *
 * @param keyOf what of an item may stand once; by default the item itself
 */
export function distinct<Item>(keyOf: (item: Item) => string = String) {
  return (items: readonly Item[], context: z.core.$RefinementCtx): void => {
    const keys = items.map(keyOf);
    keys.forEach((key, index) => {
      if (keys.indexOf(key) < index) {
        const message = `is there already, at ${keys.indexOf(key)}; write it once`;
        context.addIssue({ code: "custom", message, path: [index], input: key });
      }
    });
  };
}

/** A Kubernetes quantity. */
export const quantity = z
  .string()
  .refine(isQuantity, "is no Kubernetes quantity; write for example 500m, 2 or 4Gi");

/** A name that may also be a DNS label of at most `length` characters. */
export function dnsLabel(length = 63) {
  return z
    .string()
    .regex(
      /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
      "must be lower-case letters, digits and dashes, starting with a letter",
    )
    .max(length);
}

/** An image with a tag or digest; a moving tag is refused. */
export const image = z
  .string()
  .regex(
    /^[\w.-]+(:\d+)?(\/[\w.-]+)+(:[\w][\w.-]*)?(@sha256:[0-9a-f]{64})?$/,
    "is no image reference; write registry/repository:tag",
  )
  .refine(
    (reference) => reference.includes("@sha256:") || !/(:latest|\/[^:]*)$/.test(reference),
    "is not pinned; write an exact version tag or a digest",
  );

/** A block of IPv4 addresses. */
export const ipv4Block = z.cidrv4("is no IPv4 block; write for example 10.0.0.0/16");

/** The EKS AL2023 node image of the default Kubernetes version, as `<Kubernetes version>-<date>`. */
export const DEFAULT_AMI_RELEASE = usableAmiReleases(DEFAULT_KUBERNETES_VERSION)[0] ?? "";

/**
 * Image and disk of the nodes of one group.
 *
 * @param defaults what the node image is called; least and usual size of the root volume, GiB
 */
export function nodeGroupFields(defaults: {
  readonly image: string;
  readonly disk: { readonly least: number; readonly usual: number };
}) {
  return {
    amiRelease: z
      .string()
      .default(DEFAULT_AMI_RELEASE)
      .describe(
        `Release of the ${defaults.image} that the nodes run, <Kubernetes version>-<date>; for another kubernetesVersion another default`,
      ),
    diskGiB: z
      .number()
      .int()
      .min(defaults.disk.least)
      .max(16384)
      .default(defaults.disk.usual)
      .describe("Encrypted root volume of a node, GiB"),
  };
}

/** Requests and limits of one container; both name CPU and memory, so that autoscaling and scheduling can rely on them. */
export function containerResources(defaults: {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}) {
  const { requests, limits } = defaults;
  return z
    .strictObject({
      requests: z
        .strictObject({
          cpu: quantity
            .default(requests.cpu)
            .describe("CPU that the scheduler sets aside, in cores: 500m is half of one"),
          memory: quantity
            .default(requests.memory)
            .describe("Memory that the scheduler sets aside, in bytes: 4Gi"),
        })
        .prefault({}),
      limits: z
        .strictObject({
          cpu: quantity
            .default(limits.cpu)
            .describe("CPU above which the container is slowed, in cores"),
          memory: quantity
            .default(limits.memory)
            .describe("Memory above which the container is killed, in bytes"),
        })
        .prefault({}),
    })
    .prefault({});
}
