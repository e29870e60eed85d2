import { parse } from "yaml";
import { z } from "zod";
import { CHART_REPOSITORIES } from "../../domain/helmRepositories";
import { requestScaling } from "../../domain/settings/requestScaling";
import { imageProblem } from "./registry";
import {
  judged,
  setCommand,
  type EksCheck,
  type Problem,
  type StackCheck,
  type StackSubject,
} from "./subject";
import { reasonOf } from "./web";

const chartIndex = z.object({
  entries: z.record(z.string(), z.array(z.object({ version: z.string() }))),
});

const charts: EksCheck = {
  name: "Charts can be downloaded",
  run: async ({ cluster, config, stack, web }) => {
    const { clusterAutoscaler, loadBalancerController, keda } = cluster.chartVersions;
    const wanted = [
      { chart: "cluster-autoscaler", key: "clusterAutoscaler", version: clusterAutoscaler },
      {
        chart: "aws-load-balancer-controller",
        key: "loadBalancerController",
        version: loadBalancerController,
      },
      ...(requestScaling(config).install
        ? [{ chart: "keda", key: "keda", version: keda } as const]
        : []),
    ] as const;
    const problems = await Promise.all(
      wanted.map(async ({ chart, key, version }): Promise<Problem[]> => {
        const repository = CHART_REPOSITORIES[chart];
        const unreachable = (reason: string): Problem[] => [
          {
            seen: `${repository} cannot be read: ${reason}`,
            remedy: `let this machine reach ${repository} (HTTPS_PROXY); Helm downloads the chart from here`,
          },
        ];
        let versions: string[];
        try {
          const response = await web.fetch(`${repository}/index.yaml`);
          if (!response.ok) {
            return unreachable(`it answers ${response.status}`);
          }
          const { entries } = chartIndex.parse(parse(await response.text()));
          versions = (entries[chart] ?? []).map((entry) => entry.version);
        } catch (error) {
          return unreachable(reasonOf(error));
        }
        return versions.includes(version)
          ? []
          : [
              {
                seen: `${repository} has no ${chart} ${version}`,
                remedy: setCommand(stack, `cluster.chartVersions.${key}`, versions[0] ?? "X.Y.Z"),
              },
            ];
      }),
    );
    return judged(
      problems.flat(),
      wanted.map(({ chart, version }) => `${chart} ${version}`).join(", "),
    );
  },
};

/** The images that a stack runs beside those of charts and add-ons, by the path of their setting. */
function images({ config }: StackSubject): Readonly<Record<string, string>> {
  const { neuron, gateway } = config;
  return {
    "neuron.image": neuron.image,
    ...(neuron.devicePlugin.enabled
      ? { "neuron.devicePlugin.image": neuron.devicePlugin.image }
      : {}),
    "gateway.image": gateway.image,
    ...(gateway.database.kind === "inCluster"
      ? { "gateway.database.image": gateway.database.image }
      : {}),
    ...(gateway.redis.kind === "inCluster" ? { "gateway.redis.image": gateway.redis.image } : {}),
  };
}

const containerImages: StackCheck = {
  name: "Images can be pulled",
  run: async (subject) => {
    const wanted = Object.entries(images(subject));
    const problems = await Promise.all(
      wanted.map(([path, image]) =>
        imageProblem(
          subject.web,
          image,
          setCommand(subject.stack, path, "REGISTRY/REPOSITORY:TAG"),
        ),
      ),
    );
    const found = problems.filter((problem) => problem !== undefined);
    return judged(found, `${wanted.length} images, asked from here`);
  },
};

export const CHART_CHECKS: readonly EksCheck[] = [charts];
export const IMAGE_CHECKS: readonly StackCheck[] = [containerImages];
