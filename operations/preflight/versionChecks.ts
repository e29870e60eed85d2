import { ANNOUNCED_DAYS } from "../../domain/eksSupport";
import { fail, pass, warn } from "../stack/checklist";
import { accountCheck } from "./identityChecks";
import { imageParameters, nodeImages } from "./nodeImages";
import { judged, setCommand, type EksCheck, type Problem } from "./subject";

const DAY_MS = 86_400_000;

const kubernetes = accountCheck(
  "EKS has the Kubernetes version",
  async ({ account, cluster, stack, today }) => {
    const { kubernetesVersion: version } = cluster;
    const next = setCommand(stack, "cluster.kubernetesVersion", "1.N");
    const list =
      "aws eks describe-cluster-versions --query 'clusterVersions[].[clusterVersion,versionStatus,endOfStandardSupportDate]'";
    const found = await account.clusterVersion(version);
    if (found === undefined || found.status === "UNSUPPORTED") {
      return fail(`EKS does not offer Kubernetes ${version}`, `${list}\n${next}`);
    }
    if (found.status === "EXTENDED_SUPPORT") {
      const seen = `Kubernetes ${version} is in extended support, which costs more by the hour`;
      return cluster.supportType === "STANDARD"
        ? fail(`${seen}, and EKS upgrades a cluster without it`, `${list}\n${next}`)
        : warn(seen, `plan the upgrade (docs/upgrade.md, docs/costs.md)\n${next}`);
    }
    const end = found.endOfStandardSupport;
    if (end === undefined) {
      return pass(`${version} is in standard support`);
    }
    const days = Math.floor((end.getTime() - today.getTime()) / DAY_MS);
    const seen = `${version} is in standard support until ${end.toISOString().slice(0, 10)}`;
    return days < ANNOUNCED_DAYS
      ? warn(`${seen}: ${days} days`, `plan the upgrade (docs/upgrade.md)\n${next}`)
      : pass(seen);
  },
);

const addons = accountCheck("EKS has each add-on version", async ({ account, cluster, stack }) => {
  const { kubernetesVersion, addonVersions } = cluster;
  const wanted = Object.entries(addonVersions);
  const problems = await Promise.all(
    wanted.map(async ([addon, version]): Promise<Problem[]> => {
      const offered = await account.addonVersions(addon, kubernetesVersion);
      if (offered.some((entry) => entry.version === version)) {
        return [];
      }
      const best = offered.find(({ isDefault }) => isDefault) ?? offered[0];
      return [
        best === undefined
          ? {
              seen: `EKS has no add-on ${addon} for Kubernetes ${kubernetesVersion}`,
              remedy: `aws eks describe-addon-versions --addon-name ${addon} --query 'addons[].addonVersions[].compatibilities[].clusterVersion'`,
            }
          : {
              seen: `${addon} has no ${version} for Kubernetes ${kubernetesVersion}`,
              remedy: setCommand(stack, `cluster.addonVersions.${addon}`, best.version),
            },
      ];
    }),
  );
  return judged(problems.flat(), `${wanted.length} add-ons at their versions`);
});

const images = accountCheck("Node images exist", async ({ account, cluster, config, stack }) => {
  const wanted = nodeImages(cluster, config.neuron.nodeGroups);
  const named = wanted.map((image) => ({ ...image, parameters: imageParameters(image) }));
  const values = await account.parameters(
    named.flatMap(({ parameters }) =>
      parameters === undefined ? [] : [parameters.imageId, parameters.releaseVersion],
    ),
  );
  const problems = named.flatMap(({ path, release, kind, parameters }): Problem[] => {
    const folder = `/aws/service/eks/optimized-ami/${cluster.kubernetesVersion}/amazon-linux-2023/x86_64/${kind}`;
    const remedy =
      `aws ssm get-parameters-by-path --recursive --path ${folder} --query 'Parameters[].Name'\n` +
      setCommand(stack, path, "1.NN.P-YYYYMMDD");
    if (parameters === undefined) {
      return [
        {
          seen: `${path} ${release} is no release of Kubernetes ${cluster.kubernetesVersion}`,
          remedy,
        },
      ];
    }
    if (values[parameters.imageId] === undefined) {
      return [{ seen: `${path}: ${cluster.region} has no image of ${release}`, remedy }];
    }
    const actual = values[parameters.releaseVersion];
    return actual === undefined || actual === release
      ? []
      : [
          {
            seen: `${path} ${release}: the image of that day is ${actual}`,
            remedy: setCommand(stack, path, actual),
          },
        ];
  });
  const own = Object.values(config.neuron.nodeGroups).flatMap(({ amiId }) =>
    amiId === undefined ? [] : [`${amiId} (your own, not looked at)`],
  );
  return judged(
    problems,
    [...new Set([...wanted.map(({ release }) => release), ...own])].join(", "),
  );
});

export const VERSION_CHECKS: readonly EksCheck[] = [kubernetes, addons, images];
