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

/**
 * Neuron runtime library inside the vLLM images of an SDK release.
 * Source: Dockerfiles of aws/deep-learning-containers at 2be9ed1.
 */
const RUNTIME_OF_SDK: Readonly<Record<string, string>> = { "2.26": "2.28.23", "2.28": "2.30.51" };

/** The last SDK whose NxD Inference runs on Inf2 (Neuron 2.29 release notes: pin Inf2 and Trn1 to 2.28). */
const LAST_INF2_SDK = "2.28";

/** Drivers from 2.29 on refuse runtimes before 2.33 (Neuron runtime release notes). */
const STRICT_DRIVER = "2.29.0";
const STRICT_DRIVER_RUNTIME = "2.33";

/** Names of the pins that {@link incompatibilities} compares, so that a caller can say which setting to change. */
export interface NeuronPins {
  /** vLLM image with an `…-sdkX.Y.Z-…` tag. */
  readonly image: string;
  /** EKS node image release, `<kubernetes>-<date>`. */
  readonly amiRelease: string;
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
 * What keeps the pinned model image, node image and Kubernetes version from working together on Inf2.
 * Unknown pins are incompatibilities too: an unverified driver and runtime pair fails on the node, long after `up`.
 */
export function incompatibilities(pins: NeuronPins): Incompatibility[] {
  const found: Incompatibility[] = [];
  const sdk = /-sdk(\d+\.\d+)\.\d+-/.exec(pins.image)?.[1];
  const runtime = sdk === undefined ? undefined : RUNTIME_OF_SDK[sdk];
  if (sdk === undefined) {
    found.push({
      pin: "image",
      reason: "has no Neuron SDK in its tag; use an image tagged …-sdk2.28.0-…",
    });
  } else if (compareVersions(sdk, LAST_INF2_SDK) > 0) {
    found.push({
      pin: "image",
      reason: `carries Neuron SDK ${sdk}, which no longer runs on Inf2; use an image of SDK ${LAST_INF2_SDK}`,
    });
  } else if (runtime === undefined) {
    found.push({
      pin: "image",
      reason: `carries Neuron SDK ${sdk}, whose runtime is not in the compatibility table; use SDK ${Object.keys(RUNTIME_OF_SDK).join(" or ")}`,
    });
  }

  const date = /^\d+\.\d+\.\d+-(\d{8})$/.exec(pins.amiRelease)?.[1];
  const release = date === undefined ? undefined : AMI_RELEASES[date];
  const expected = release === undefined ? undefined : release.kubernetes[pins.kubernetesVersion];
  if (
    release === undefined ||
    expected === undefined ||
    pins.amiRelease !== `${expected}-${date}`
  ) {
    const known = usableAmiReleases(pins.kubernetesVersion);
    found.push({
      pin: "amiRelease",
      reason:
        known.length === 0
          ? `cannot match: no Neuron node image is known for Kubernetes ${pins.kubernetesVersion}; use Kubernetes ${kubernetesVersions().join(", ")}`
          : `is not a known Neuron node image for Kubernetes ${pins.kubernetesVersion}; use ${known.join(", ")}`,
    });
  } else if (
    runtime !== undefined &&
    compareVersions(release.driver, STRICT_DRIVER) >= 0 &&
    compareVersions(runtime, STRICT_DRIVER_RUNTIME) < 0
  ) {
    const usable = usableAmiReleases(pins.kubernetesVersion).join(", ");
    found.push({
      pin: "amiRelease",
      reason: `brings driver ${release.driver}, which refuses the runtime ${runtime} of Neuron SDK ${sdk}; use ${usable}`,
    });
  }
  return found;
}

/** Node image releases for a Kubernetes version whose driver accepts every runtime of the table, oldest first. */
export function usableAmiReleases(kubernetesVersion: string): string[] {
  return Object.entries(AMI_RELEASES)
    .filter(([, release]) => compareVersions(release.driver, STRICT_DRIVER) < 0)
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

function compareVersions(left: string, right: string): number {
  return left.localeCompare(right, "en", { numeric: true });
}
