import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels, projectLabels, type Role } from "../../domain/labels";
import { secretChecksum } from "../kubernetes/checksum";
import { Headroom, type HeadroomArgs } from "../kubernetes/headroom";
import { DNS_EGRESS, podsIn, podsOf, tcp } from "../kubernetes/networkPolicy";
import type { Model } from "../../domain/models/model";
import { ModelServer } from "./modelServer";
import { modelScaledObject } from "./requestScaling";
import { API_KEY_SECRET, BUILD_SCRIPT_CONFIG_MAP, HUGGING_FACE_SECRET } from "./podSpec";
import { VLLM_PORT } from "../../domain/names";
import { longestAnswerSeconds } from "../../domain/rolls";
import type { RequestScaling } from "../../domain/settings/requestScaling";
import type { RoutingSettings } from "../../domain/settings/routing";

export interface ModelServingArgs {
  /** Models to serve, one server each. */
  readonly models: readonly Model[];
  /** Namespace of the model servers. */
  readonly namespace: string;
  /** vLLM image for Neuron. */
  readonly image: string;
  /** The Neuron groups, by name, of some of which nodes are kept ready. */
  readonly nodeGroups: HeadroomArgs["nodeGroups"];
  /** Key that clients of the model servers must show. */
  readonly apiKey: pulumi.Input<string>;
  /** Token for gated repositories; public repositories need none. */
  readonly huggingFaceToken?: pulumi.Input<string> | undefined;
  /** The volume that compiled models lie on. */
  readonly artifacts: {
    /** Storage class that offers ReadWriteMany. */
    readonly storageClass: string;
    /** Size of the volume, a Kubernetes quantity. */
    readonly size: string;
  };
  /** The only pods that may reach the model servers. */
  readonly clients: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  /** How long an answer may take, and whether requests wait in the gateway. */
  readonly routing: Pick<
    RoutingSettings,
    "admission" | "longestAnswerSeconds" | "requestTimeoutSeconds"
  >;
  /** Who reads the requests that models scale on. */
  readonly requestScaling: RequestScaling;
}

const ARTIFACT_CLAIM = "model-artifacts";

/** All model servers with what they share: artifact volume, secrets, build script and network rules. */
export class ModelServing extends pulumi.ComponentResource {
  public readonly servers: readonly ModelServer[];

  public constructor(name: string, args: ModelServingArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:vllm:ModelServing", name, {}, opts);
    const { namespace } = args;
    const child = { parent: this };
    const metadata = (objectName: string) => ({
      name: objectName,
      namespace,
      labels: labels("vllm", "shared"),
    });

    const shared: pulumi.Resource[] = [
      new k8s.core.v1.PersistentVolumeClaim(
        `${name}-artifacts`,
        {
          metadata: metadata(ARTIFACT_CLAIM),
          spec: {
            accessModes: ["ReadWriteMany"],
            storageClassName: args.artifacts.storageClass,
            resources: { requests: { storage: args.artifacts.size } },
          },
        },
        child,
      ),
      new k8s.core.v1.Secret(
        `${name}-api-key`,
        {
          metadata: metadata(API_KEY_SECRET.name),
          stringData: { [API_KEY_SECRET.key]: args.apiKey },
        },
        child,
      ),
      new k8s.core.v1.ConfigMap(
        `${name}-build-script`,
        {
          metadata: metadata(BUILD_SCRIPT_CONFIG_MAP),
          data: {
            "build_artifact.py": readFileSync(
              join(__dirname, "scripts", "build_artifact.py"),
              "utf8",
            ),
          },
        },
        child,
      ),
    ];
    if (args.huggingFaceToken !== undefined) {
      shared.push(
        new k8s.core.v1.Secret(
          `${name}-hugging-face`,
          {
            metadata: metadata(HUGGING_FACE_SECRET.name),
            stringData: { [HUGGING_FACE_SECRET.key]: args.huggingFaceToken },
          },
          child,
        ),
      );
    }
    this.restrictTraffic(name, args);
    if (Object.values(args.nodeGroups).some(({ headroom }) => headroom > 0)) {
      new Headroom(`${name}-headroom`, args, child);
    }

    const apiKeyChecksum = secretChecksum({ key: args.apiKey });
    this.servers = args.models.map(
      (model) =>
        new ModelServer(
          model.name,
          {
            model,
            namespace,
            image: args.image,
            artifactClaim: ARTIFACT_CLAIM,
            huggingFaceToken: args.huggingFaceToken !== undefined,
            apiKeyChecksum,
            scaledObject:
              args.requestScaling.requests === "off"
                ? undefined
                : modelScaledObject({
                    model,
                    namespace,
                    gatewayNamespace: args.clients.namespace,
                    admission: args.routing.admission.enabled,
                  }),
            // Of the model's own context: another model in the stack must not roll it.
            longestAnswerSeconds: longestAnswerSeconds(args.routing, [model.shape.maxModelLength]),
          },
          { parent: this, dependsOn: shared },
        ),
    );
    this.registerOutputs();
  }

  /** Only the gateway reaches the servers; only the artifact Jobs reach the internet. */
  private restrictTraffic(name: string, args: ModelServingArgs): void {
    const metadata = (objectName: string) => ({
      name: objectName,
      namespace: args.namespace,
      labels: labels("vllm", "network"),
    });
    const ofRole = (role: Role) => ({ matchLabels: projectLabels(role) });
    new k8s.networking.v1.NetworkPolicy(
      `${name}-servers`,
      {
        metadata: metadata("servers-from-gateway"),
        spec: {
          podSelector: ofRole("server"),
          policyTypes: ["Ingress", "Egress"],
          ingress: [
            {
              from: [
                podsIn(args.clients.namespace, args.clients.labels),
                ...(args.requestScaling.requests === "keda"
                  ? [podsOf(args.requestScaling.readers)]
                  : []),
              ],
              ports: [tcp(VLLM_PORT)],
            },
          ],
          egress: [DNS_EGRESS],
        },
      },
      { parent: this },
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-builders`,
      {
        metadata: metadata("artifact-jobs-to-hub"),
        spec: {
          podSelector: ofRole("artifact"),
          policyTypes: ["Ingress", "Egress"],
          ingress: [],
          egress: [DNS_EGRESS, { ports: [tcp(443)] }],
        },
      },
      { parent: this },
    );
  }
}
