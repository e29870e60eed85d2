import { compareVersions } from "../versions";
import { FAMILY_FACTS, type NeuronFamily } from "./families";

/** A Neuron node image release of EKS and the driver inside it. */
interface AmiRelease {
  readonly driver: string;
  /** Kubernetes patch version of the release per minor version that was published. */
  readonly kubernetes: Readonly<Record<string, string>>;
}

/**
 * Releases of the EKS AL2023 Neuron image by date, with their `aws-neuronx-dkms` driver.
 * Source: amazon-eks-ami CHANGELOG, read at commit 81fec2e.
 */
const AMI_RELEASES: Readonly<Record<string, AmiRelease>> = {
  "20260403": {
    driver: "2.26.10",
    kubernetes: { "1.33": "1.33.8", "1.34": "1.34.4", "1.35": "1.35.2" },
  },
  "20260505": {
    driver: "2.27.4",
    kubernetes: { "1.33": "1.33.11", "1.34": "1.34.7", "1.35": "1.35.4" },
  },
  "20260625": {
    driver: "2.28.0",
    kubernetes: { "1.33": "1.33.13", "1.34": "1.34.9", "1.35": "1.35.6", "1.36": "1.36.2" },
  },
  "20260714": {
    driver: "2.29.0",
    kubernetes: { "1.33": "1.33.13", "1.34": "1.34.9", "1.35": "1.35.6", "1.36": "1.36.2" },
  },
};

/** What is known of the vLLM images of one Neuron SDK release. */
interface SdkFacts {
  /** Neuron runtime library inside. */
  readonly runtime: string;
  /** Families whose instances the images are for. */
  readonly families: readonly NeuronFamily[];
}

/**
 * SDK releases by `X.Y` with an image of the `vllm-neuronx` plugin, whose options this program writes.
 *
 * Sources, at aws-neuron/deep-learning-containers 2be9ed1: README, "vllm-inference-neuronx", for the instances of each image; the
 * Dockerfiles of vLLM 0.9.1, 0.13.0 and 0.16.0 for runtimes; for the runtime of 2.30 the release notes of Neuron Containers 2.30.0.
 * The README also lists Inf2 and Trn1 from 2.29 on, against the release notes of 2.29 (NxD Inference no longer runs there: pin 2.28), which
 * are followed here. Nobody ran this program's arguments on Trn1 or Trn2.
 */
const SDKS: Readonly<Record<string, SdkFacts>> = {
  "2.26": { runtime: "2.28.23", families: ["inf2", "trn1", "trn2"] },
  "2.28": { runtime: "2.30.51", families: ["inf2", "trn1", "trn2"] },
  "2.30": { runtime: "2.32", families: ["trn2"] },
  "2.31": { runtime: "2.33.10", families: ["trn2"] },
};

/**
 * vLLM from this version on comes with the plugin `vllm-neuron`: for Trn2 and Trn3, a few models, and without NxD Inference, so that
 * nothing of what this program passes to it applies (aws-neuron-sdk 81ce03a, about-neuron/whats-new.rst, 20 July 2026).
 */
const FIRST_OTHER_PLUGIN = "0.21";

/** Pairs of driver and runtime that do not start together. Source: aws-neuron-sdk 81ce03a, release-notes/components/runtime.rst. */
const BREAKS: readonly {
  readonly drivers: (driver: string) => boolean;
  readonly runtimes: (runtime: string) => boolean;
  readonly verb: string;
}[] = [
  {
    drivers: (driver) => compareVersions(driver, "2.29") >= 0,
    runtimes: (runtime) => compareVersions(runtime, "2.33") < 0,
    verb: "refuses",
  },
  {
    drivers: (driver) => compareVersions(driver, "2.27") < 0,
    runtimes: (runtime) => compareVersions(runtime, "2.32") >= 0,
    verb: "is too old for",
  },
];

/** Names of the pins that {@link incompatibilities} compares, so that a caller can say which setting to change. */
export interface NeuronPins {
  /** vLLM image with an `…-sdkX.Y.Z-…` tag. */
  readonly image: string;
  /** EKS node image release, `<kubernetes>-<date>`; undefined for an image of one's own, of whose driver nothing is known. */
  readonly amiRelease: string | undefined;
  /** Minor Kubernetes version of the cluster, `1.36`. */
  readonly kubernetesVersion: string;
}

/** A pair of pins that does not work together. */
export interface Incompatibility {
  /** The pin to change. */
  readonly pin: keyof NeuronPins;
  /** Why it does not work and what to pin instead. */
  readonly reason: string;
}

/**
 * What keeps the pinned model image, node image and Kubernetes version from working together on instances of a family.
 * Unknown pins are incompatibilities too: an unverified driver and runtime pair fails on the node, long after `up`.
 */
export function incompatibilities(pins: NeuronPins, family: NeuronFamily): Incompatibility[] {
  const image = imageProblem(pins.image, family);
  // Against an image that is refused anyway, the driver of the node image says nothing.
  const compared = image === undefined ? pins : { ...pins, image: "" };
  const node =
    pins.amiRelease === undefined ? undefined : nodeImageProblem(pins.amiRelease, compared);
  return [
    ...(image === undefined ? [] : [{ pin: "image" as const, reason: image }]),
    ...(node === undefined ? [] : [{ pin: "amiRelease" as const, reason: node }]),
  ];
}

function imageProblem(image: string, family: NeuronFamily): string | undefined {
  const sdk = sdkOf(image);
  const { title } = FAMILY_FACTS[family];
  const usable = Object.keys(SDKS).filter((known) => SDKS[known]?.families.includes(family));
  const last = usable.at(-1) ?? "";
  if (sdk === undefined) {
    return "has no Neuron SDK in its tag; use an image tagged …-sdk2.28.0-…";
  }
  const vllm = /:(\d+\.\d+)\./.exec(image)?.[1];
  if (
    compareVersions(sdk, last) > 0 ||
    (vllm !== undefined && compareVersions(vllm, FIRST_OTHER_PLUGIN) >= 0)
  ) {
    return family === "trn2"
      ? `carries ${vllm === undefined ? "" : `vLLM ${vllm} and `}Neuron SDK ${sdk}, without the NxD Inference that this program configures; use an image of vLLM 0.16 and SDK ${last}`
      : `carries Neuron SDK ${sdk}, which no longer runs on ${title}; use an image of SDK ${last}`;
  }
  return SDKS[sdk]?.families.includes(family) === true
    ? undefined
    : `carries Neuron SDK ${sdk}, which is not in the compatibility table for ${title}; use SDK ${usable.join(" or ")}`;
}

function nodeImageProblem(
  amiRelease: string,
  { image, kubernetesVersion }: NeuronPins,
): string | undefined {
  const date = /^\d+\.\d+\.\d+-(\d{8})$/.exec(amiRelease)?.[1];
  const release = date === undefined ? undefined : AMI_RELEASES[date];
  const expected = release === undefined ? undefined : release.kubernetes[kubernetesVersion];
  const known = usableAmiReleases(kubernetesVersion, image);
  if (
    release === undefined ||
    date === undefined ||
    expected === undefined ||
    amiRelease !== `${expected}-${date}`
  ) {
    return known.length === 0
      ? `cannot match: no Neuron node image is known for Kubernetes ${kubernetesVersion}; use Kubernetes ${kubernetesVersions().join(", ")}`
      : `is not a known Neuron node image for Kubernetes ${kubernetesVersion}; use ${known.join(", ")}`;
  }
  const sdk = sdkOf(image) ?? "";
  const runtime = SDKS[sdk]?.runtime;
  const broken = breakOf(release.driver, runtime);
  return broken === undefined
    ? undefined
    : `brings driver ${release.driver}, which ${broken.verb} the runtime ${runtime} of Neuron SDK ${sdk}; use ${known.join(", ")}`;
}

/** `X.Y` of the SDK that the tag of an image names. */
function sdkOf(image: string): string | undefined {
  return /-sdk(\d+\.\d+)\.\d+-/.exec(image)?.[1];
}

function breakOf(driver: string, runtime: string | undefined) {
  return BREAKS.find(
    ({ drivers, runtimes }) => runtime !== undefined && drivers(driver) && runtimes(runtime),
  );
}

/**
 * Node image releases for a Kubernetes version whose driver starts the runtime of a vLLM image, oldest first.
 *
 * @param image the vLLM image; without one that the table knows, that of Inf2
 */
export function usableAmiReleases(kubernetesVersion: string, image = ""): string[] {
  const runtime = SDKS[sdkOf(image) ?? ""]?.runtime ?? SDKS["2.28"]?.runtime;
  return Object.entries(AMI_RELEASES)
    .filter(([, release]) => breakOf(release.driver, runtime) === undefined)
    .flatMap(([date, release]) => {
      const patch = release.kubernetes[kubernetesVersion];
      return patch === undefined ? [] : [`${patch}-${date}`];
    });
}

/** Kubernetes versions that have a node image with a usable driver. */
function kubernetesVersions(): string[] {
  const published = Object.values(AMI_RELEASES).flatMap(({ kubernetes }) =>
    Object.keys(kubernetes),
  );
  return [...new Set(published)]
    .filter((version) => usableAmiReleases(version).length > 0)
    .sort(compareVersions);
}
