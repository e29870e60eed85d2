import * as k8s from "@pulumi/kubernetes";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Autoscaler } from "../autoscaling/autoscaler";
import { RequestAutoscaler } from "../autoscaling/requestAutoscaler";
import { missingRequests } from "../autoscaling/spec";
import type { Scalable } from "../autoscaling/scalable";
import { checksum } from "../kubernetes/checksum";
import type { Publish } from "../kubernetes/publishedName";
import { labels, ROLE_LABEL, selector, type Role } from "../../domain/labels";
import { expendableVolumes } from "../kubernetes/eviction";
import { withMetadata, withOverrides } from "../kubernetes/podOverrides";
import { DNS_EGRESS, podsIn, podsOf, tcp } from "../kubernetes/networkPolicy";
import type { Model } from "../../domain/models/model";
import { SIGNALS_PORT, SIGNALS_SERVICE } from "../../domain/gatewaySignals";
import * as names from "../../domain/names";
import type { RequestScaling } from "../../domain/settings/requestScaling";
import { callbackFiles } from "./callbacks";
import { withDatabaseCertificate } from "./databaseCertificate";
import { migrations } from "./migrations";
import { gatewayScaledObject } from "./requestScaling";
import { renderProxyConfig } from "./proxyConfig";
import { proxyPodSpec, SCRATCH_VOLUME } from "./proxyPod";
import {
  balancerAddress,
  baseUrl,
  clusterAddress,
  serviceSpec,
  type GatewayServiceArgs,
} from "./service";
import type { Stores } from "../stores/createStores";
import { egressTo } from "../stores/shared/storeEndpoint";
import { VLLM_PORT } from "../../domain/names";
import {
  GATEWAY_SURGE,
  longestAnswerSeconds,
  stepSeconds,
  workloadTimeouts,
} from "../../domain/rolls";
import { GATEWAY_START_MINUTES } from "../../domain/timing";
import type { GatewaySettings } from "../../domain/settings/gateway";
import { signalsOf } from "../../domain/settings/signals";

/** Inputs of {@link Gateway}. */
export interface GatewayArgs extends Omit<GatewaySettings, "redis"> {
  /** PostgreSQL and Redis: where they answer, and what must run before the gateway can. */
  readonly stores: Stores;
  /** Checksum of the Secret with the gateway's environment: another one rolls the pods. */
  readonly credentials: pulumi.Input<string>;
  /** Checksum of the database's connection URL: another one is migrated anew. */
  readonly databaseChecksum: pulumi.Input<string>;
  /**
   * Makes certificate and record of the name that clients use.
   *
   * @default - nobody does: `service.tls` names a certificate that is there
   */
  readonly publish?: Publish | undefined;
  /** Who reads the requests that the gateway scales on. */
  readonly requestScaling: RequestScaling;
  /** Models that the gateway offers. */
  readonly models: readonly Model[];
  /** Namespace of the model servers. */
  readonly modelNamespace: string;
}

/** The LiteLLM proxy behind one Service. */
export class Gateway extends pulumi.ComponentResource implements Scalable {
  public readonly apiVersion = "apps/v1";
  public readonly kind = "Deployment";
  public readonly name = names.GATEWAY;
  public readonly namespace: string;
  public readonly containers: Scalable["containers"];
  public readonly resource: k8s.apps.v1.Deployment;
  /** Host name or address of the load balancer; without one the Service's name in the cluster. */
  public readonly address: pulumi.Output<string>;
  /** OpenAI base URL. */
  public readonly url: pulumi.Output<string>;

  public constructor(name: string, args: GatewayArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:litellm:Gateway", name, {}, opts);
    const { namespace } = args;
    this.namespace = namespace;
    this.containers = [{ name: names.GATEWAY, resources: args.resources }];
    const child = { parent: this };
    const metadata = (objectName: string) => ({
      name: objectName,
      namespace,
      labels: labels(names.GATEWAY, "gateway"),
    });
    const { database, redis } = args.stores.endpoints;
    const routing = {
      [names.ROUTING_FILE]: renderProxyConfig(args),
      ...callbackFiles(args),
    };
    const config = new k8s.core.v1.ConfigMap(
      `${name}-routing-config`,
      { metadata: metadata(names.ROUTING_CONFIG), data: routing },
      child,
    );
    const trusted =
      database.certificateAuthority === undefined
        ? []
        : [
            new k8s.core.v1.ConfigMap(
              `${name}-database-ca`,
              {
                metadata: metadata(names.DATABASE_CA),
                data: { [names.DATABASE_CA_FILE]: database.certificateAuthority },
              },
              child,
            ),
          ];
    const migrated = migrations(
      `${name}-migrations`,
      { ...args, database },
      { ...child, dependsOn: [...trusted, ...args.stores.ready] },
    );
    const times = {
      startSeconds: GATEWAY_START_MINUTES * 60,
      drainSeconds: args.service.drainSeconds,
      longestAnswerSeconds: longestAnswerSeconds(
        args.routing,
        args.models.map(({ shape }) => shape.maxModelLength),
      ),
    };
    const { service, address } = this.exposed(name, { ...args, times }, metadata(names.GATEWAY));
    this.address = address;
    this.url = address.apply((name) => baseUrl(args.service, name));
    this.resource = new k8s.apps.v1.Deployment(
      name,
      {
        metadata: metadata(names.GATEWAY),
        spec: {
          selector: { matchLabels: selector(names.GATEWAY) },
          // A new pod is ready before an old one goes, so a roll never takes capacity away.
          strategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxSurge: GATEWAY_SURGE, maxUnavailable: 0 },
          },
          // Between two steps of a roll nothing may seem to move for as long as one takes.
          progressDeadlineSeconds: stepSeconds(times),
          template: {
            metadata: withMetadata(
              {
                labels: labels(names.GATEWAY, "gateway"),
                annotations: {
                  ...expendableVolumes(SCRATCH_VOLUME),
                  "llm-gateway/routing-config": checksum(JSON.stringify(routing)),
                  "checksum/credentials": args.credentials,
                  ...(database.certificateAuthority === undefined
                    ? {}
                    : { "llm-gateway/database-ca": checksum(database.certificateAuthority) }),
                },
              },
              args,
            ),
            spec: withOverrides(
              withDatabaseCertificate(
                proxyPodSpec({ ...args, ...args.routing, ...times }),
                database,
              ),
              names.GATEWAY,
              args,
            ),
          },
        },
      },
      {
        ...child,
        // A pod gets its readiness gate when it is made, and only where a load balancer has a target group for its Service by then.
        dependsOn: [config, migrated, service],
        customTimeouts: workloadTimeouts(times, args.autoscaling.maxReplicas, GATEWAY_SURGE),
      },
    );
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-disruption`,
      {
        metadata: metadata(names.GATEWAY),
        spec: { maxUnavailable: 1, selector: { matchLabels: selector(names.GATEWAY) } },
      },
      child,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-traffic`,
      {
        metadata: metadata(names.GATEWAY),
        spec: {
          podSelector: { matchLabels: selector(names.GATEWAY) },
          policyTypes: ["Ingress", "Egress"],
          ingress: [
            { ports: [tcp(names.GATEWAY_PORT)] },
            ...(args.requestScaling.requests === "keda"
              ? [{ from: [podsOf(args.requestScaling.readers)], ports: [tcp(SIGNALS_PORT)] }]
              : []),
          ],
          egress: [
            DNS_EGRESS,
            {
              to: [podsIn(args.modelNamespace, { [ROLE_LABEL]: "server" satisfies Role })],
              ports: [tcp(VLLM_PORT)],
            },
            egressTo(database),
            egressTo(redis),
          ],
        },
      },
      child,
    );
    this.autoscaled(name, args, metadata(SIGNALS_SERVICE));
    this.registerOutputs({ address: this.address });
  }

  /** The autoscaler, and the Service by which KEDA finds the pods. */
  private autoscaled(
    name: string,
    args: GatewayArgs,
    metadata: types.input.meta.v1.ObjectMeta,
  ): void {
    const child = { parent: this };
    if (args.requestScaling.requests === "off") {
      new Autoscaler(
        `${name}-autoscaler`,
        { name: names.AUTOSCALER, target: this, settings: args.autoscaling },
        child,
      );
      return;
    }
    const signals = new k8s.core.v1.Service(
      `${name}-signals`,
      {
        metadata,
        spec: {
          clusterIP: "None",
          selector: selector(names.GATEWAY),
          ports: [{ name: "signals", port: SIGNALS_PORT, targetPort: "signals" }],
        },
      },
      child,
    );
    new RequestAutoscaler(
      `${name}-autoscaler`,
      {
        target: this,
        spec: gatewayScaledObject(args),
        problems: missingRequests(this, signalsOf(args.autoscaling)),
      },
      { ...child, dependsOn: [signals] },
    );
  }

  /** The Service, and how clients reach it: by a load balancer, under a name of the stack's own, or inside the cluster alone. */
  private exposed(
    name: string,
    args: GatewayArgs & Pick<GatewayServiceArgs, "times">,
    metadata: types.input.meta.v1.ObjectMeta,
  ): { readonly service: k8s.core.v1.Service; readonly address: pulumi.Output<string> } {
    const published = args.publish?.(args.service.tls);
    const made = serviceSpec({
      ...args,
      certificateArn: published?.certificateArn ?? args.service.tls?.certificateArn,
    });
    const service = new k8s.core.v1.Service(
      `${name}-service`,
      { metadata: { ...metadata, ...made.metadata }, spec: made.spec },
      { parent: this },
    );
    const address =
      args.service.type === "LoadBalancer"
        ? service.status.loadBalancer.apply(balancerAddress)
        : pulumi.output(clusterAddress(args.namespace));
    published?.pointTo(address);
    return { service, address };
  }
}
