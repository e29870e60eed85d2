import {
  EXTERNAL_METRICS_API,
  KEDA_NAMESPACE,
  KEDA_OLDEST,
  SCALED_OBJECTS,
  type SelectedPods,
} from "../../domain/keda";
import { compareVersions } from "../../domain/versions";
import { requestScaling } from "../../domain/settings/requestScaling";
import { fail, pass, warn, type Check } from "../stack/checklist";
import type { ClusterReader, KedaPod } from "./clusterReader";
import {
  judged,
  setCommand,
  type ExistingSettings,
  type Problem,
  type StackSubject,
} from "./subject";

/** A stack on a cluster that is there. */
export interface ExistingSubject extends StackSubject {
  readonly cluster: ExistingSettings;
  readonly reader: ClusterReader;
}

type ExistingCheck = Check<ExistingSubject>;

const version: ExistingCheck = {
  name: "The cluster has the Kubernetes version",
  run: async ({ cluster, reader, stack }) => {
    const found = await reader.version();
    return found === cluster.kubernetesVersion
      ? pass(`${cluster.context} runs ${found}`)
      : fail(
          `${cluster.context} runs ${found}, the stack is checked against ${cluster.kubernetesVersion}`,
          setCommand(stack, "cluster.kubernetesVersion", found),
        );
  },
};

/** Drivers that register themselves under the provisioner's name; others are no CSI drivers, and nothing lists them. */
const CSI = /\.csi\.\w+/;

const storage: ExistingCheck = {
  name: "Volumes can be made",
  run: async ({ config, reader }) => {
    const [drivers, classes] = await Promise.all([reader.csiDrivers(), reader.storageClasses()]);
    const problems = [config.storage.block, config.storage.shared].flatMap(
      ({ create, name, provisioner }): Problem[] => {
        if (!create) {
          return classes.includes(name)
            ? []
            : [
                {
                  seen: `there is no storage class ${name}`,
                  remedy: "make it, or set create: true for it under storage",
                },
              ];
        }
        return CSI.test(provisioner) && !drivers.includes(provisioner)
          ? [
              {
                seen: `the CSI driver ${provisioner} is not installed`,
                remedy: `install it: on EKS aws eks create-addon --addon-name aws-${provisioner.split(".")[0]}-csi-driver --cluster-name NAME`,
              },
            ]
          : [];
      },
    );
    return judged(
      problems,
      [config.storage.block, config.storage.shared].map(({ name }) => name).join(", "),
    );
  },
};

const metrics: ExistingCheck = {
  name: "The metrics API is served",
  run: async ({ reader }) =>
    (await reader.servesApi("v1beta1.metrics.k8s.io"))
      ? pass("v1beta1.metrics.k8s.io is available")
      : fail(
          "v1beta1.metrics.k8s.io is not available: no autoscaler would scale",
          "install metrics-server: on EKS aws eks create-addon --addon-name metrics-server --cluster-name NAME",
        ),
};

const DEFINITION = `${SCALED_OBJECTS.plural}.${SCALED_OBJECTS.group}`;

const keda: ExistingCheck = {
  name: "KEDA scales on requests",
  run: async ({ config, reader, stack }) => {
    const { requests, readers } = requestScaling(config);
    if (requests === "off") {
      return pass("autoscaling.requests is off");
    }
    const [defines, serves, pods] = await Promise.all([
      reader.defines(DEFINITION),
      reader.servesApi(EXTERNAL_METRICS_API),
      reader.kedaPods(readers),
    ]);
    const install = `install KEDA ${KEDA_OLDEST} or later (helm install keda kedacore/keda --namespace ${KEDA_NAMESPACE} --create-namespace), or ${setCommand(stack, "autoscaling.requests", "off")}`;
    return judged(
      [
        ...(defines ? [] : [{ seen: `there is no ${DEFINITION}`, remedy: install }]),
        ...(serves
          ? []
          : [
              {
                seen: `${EXTERNAL_METRICS_API} is not available: nothing would scale on requests`,
                remedy: defines
                  ? `see why: kubectl describe apiservice ${EXTERNAL_METRICS_API}`
                  : install,
              },
            ]),
        ...(defines
          ? [...operatorProblems(readers, pods), ...unwatched(config, readers, pods)]
          : []),
      ],
      `${DEFINITION} and ${EXTERNAL_METRICS_API} are there, of KEDA ${versionsOf(pods)
        .map((each) => each ?? "of a version that its pods do not tell")
        .join(", ")}`,
    );
  },
};

const versionsOf = (pods: readonly KedaPod[]): (string | undefined)[] => [
  ...new Set(pods.map(({ version }) => version)),
];

/** What keeps the operator from reading the stack's signals. */
function operatorProblems(
  { namespace, matchLabels }: SelectedPods,
  pods: readonly KedaPod[],
): Problem[] {
  if (pods.length === 0) {
    const labels = Object.entries(matchLabels).map(([key, value]) => `${key}: ${value}`);
    return [
      {
        seen: `no pod of ${namespace} has ${labels.join(", ")}: the stack's network policies would keep KEDA from the metrics`,
        remedy:
          "set autoscaling.keda.namespace and autoscaling.keda.labels to those of KEDA's operator: kubectl get pods -A --show-labels | grep keda",
      },
    ];
  }
  return versionsOf(pods)
    .filter((each) => each !== undefined)
    .filter((each) => compareVersions(each, KEDA_OLDEST) < 0)
    .map((each) => ({
      seen: `KEDA ${each} takes the endpoints of every Service of a namespace for those of one, where it can read each at all`,
      remedy: `upgrade it to ${KEDA_OLDEST} or later: helm upgrade keda kedacore/keda --namespace ${namespace}`,
    }));
}

/** Namespaces of the stack whose ScaledObjects nobody would look at: without an error, and without an autoscaler. */
function unwatched(
  { gateway, modelNamespace }: Pick<StackSubject["config"], "gateway" | "modelNamespace">,
  { namespace }: SelectedPods,
  pods: readonly KedaPod[],
): Problem[] {
  const wanted = [modelNamespace, gateway.namespace];
  return pods
    .flatMap(({ version, watches }): Problem[] => {
      if (watches === undefined || wanted.every((each) => watches.includes(each))) {
        return [];
      }
      if (watches === "unknown") {
        return [
          {
            seen: "the namespaces that KEDA watches come from elsewhere than its pod (WATCH_NAMESPACE)",
            remedy: `see that ${wanted.join(" and ")} are among them: kubectl -n ${namespace} get deployment keda-operator -o yaml`,
          },
        ];
      }
      const upgrade = `helm upgrade keda kedacore/keda --namespace ${namespace}${version === undefined ? "" : ` --version ${version}`} --reuse-values --set`;
      const listed = [...new Set([...watches, ...wanted])].join("\\,");
      return [
        {
          seen: `KEDA watches ${watches.join(", ")}, and not ${wanted.filter((each) => !watches.includes(each)).join(", ")}: no ScaledObject there would get an autoscaler`,
          // The chart makes a role binding in each namespace that it is told, and the stack makes its own with its first update.
          remedy: `let it watch them: ${upgrade} watchNamespace='${listed}' where these namespaces exist, or before the first update all: ${upgrade} watchNamespace=''`,
        },
      ];
    })
    .slice(0, 1);
}

const LOAD_BALANCER_CONTROLLER = "aws-load-balancer-controller";

const loadBalancers: ExistingCheck = {
  name: "Something makes load balancers",
  run: async ({ config, reader }) => {
    if (config.gateway.service.type !== "LoadBalancer") {
      return pass(`the Service is a ${config.gateway.service.type}`);
    }
    return (await reader.deployedApplications()).includes(LOAD_BALANCER_CONTROLLER)
      ? pass(`${LOAD_BALANCER_CONTROLLER} runs`)
      : warn(
          `no Deployment is labelled app.kubernetes.io/name=${LOAD_BALANCER_CONTROLLER}`,
          "install it, see that another controller serves the Service, or set gateway.service.type: ClusterIP",
        );
  },
};

const neuronNodes: ExistingCheck = {
  name: "Neuron nodes",
  run: async ({ config, reader }) => {
    const wanted = [
      ...new Set(
        Object.values(config.models).flatMap(({ serving, compilation }) => [
          serving.instanceType,
          compilation.instanceType,
        ]),
      ),
    ];
    const found = await reader.neuronNodes();
    const missing = wanted.filter((type) => !found.includes(type));
    return missing.length === 0
      ? pass(
          wanted
            .map((type) => `${found.filter((node) => node === type).length} ${type}`)
            .join(", "),
        )
      : warn(
          `no node of ${missing.join(", ")} offers a Neuron device now`,
          "fine where a node autoscaler adds them; else add a node group, and see that the device plugin runs on it",
        );
  },
};

export const EXISTING_CHECKS: readonly ExistingCheck[] = [
  version,
  storage,
  metrics,
  keda,
  loadBalancers,
  neuronNodes,
];
