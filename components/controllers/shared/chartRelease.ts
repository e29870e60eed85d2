import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { mergeValues } from "../../../domain/overrides";
import type { ControllerChart } from "./controllerChart";

/**
 * Installs a controller's chart.
 *
 * @param name of the component that it is a part of
 * @param own values laid over the platform's, as Helm does
 */
export function chartRelease(
  name: string,
  { role, chart, repository, version, values }: ControllerChart,
  namespace: string,
  own: Readonly<Record<string, unknown>>,
  opts: pulumi.CustomResourceOptions,
): k8s.helm.v3.Release {
  return new k8s.helm.v3.Release(
    `${name}-${role}`,
    {
      name: chart,
      chart,
      version,
      namespace,
      repositoryOpts: { repo: repository },
      values: mergeValues(values, own),
    },
    opts,
  );
}
