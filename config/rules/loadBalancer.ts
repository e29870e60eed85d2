import { blockProblems } from "../../domain/addressBlocks";
import {
  IDLE_ATTRIBUTE,
  IDLE_SECONDS,
  listenerAttributes,
  loadBalancerAnnotation,
  silentSeconds,
} from "../../domain/loadBalancer";
import { completeGateway } from "../../domain/models/completeGateway";
import { GATEWAY_PORT } from "../../domain/names";
import { itemProblems } from "./problems";
import type { Rule } from "./rule";

export const serviceNeedsLoadBalancer: Rule = (config) => {
  const { service } = config.gateway;
  if (service.type === "LoadBalancer") {
    return [];
  }
  const useless = {
    ...(service.allowedSourceRanges.length > 0
      ? { allowedSourceRanges: service.allowedSourceRanges }
      : {}),
    ...(service.tls === undefined ? {} : { tls: service.tls }),
    ...(service.networkLoadBalancer === true ? { networkLoadBalancer: true } : {}),
  };
  return Object.entries(useless).map(([key, value]) => ({
    path: ["gateway", "service", key],
    value,
    message: `has no effect on a ${service.type} Service; leave it out or set type: LoadBalancer`,
  }));
};

/** Each block once, by its first address; 0.0.0.0/0 is everyone, which a load balancer may be for. */
export const allowedBlocksAreBlocks: Rule = ({ gateway: { service } }) =>
  itemProblems(
    ["gateway", "service", "allowedSourceRanges"],
    service.allowedSourceRanges,
    blockProblems(service.allowedSourceRanges),
  );

/** The annotations are for the AWS Load Balancer Controller wherever the stack has one or needs one: the pods drain for it as well. */
export const networkLoadBalancerIsTold: Rule = ({ cluster, gateway: { service } }) =>
  service.type === "LoadBalancer" &&
  service.networkLoadBalancer === false &&
  (cluster.kind === "eks" || service.tls !== undefined)
    ? [
        {
          path: ["gateway", "service", "networkLoadBalancer"],
          value: false,
          message: `cannot be: ${cluster.kind === "eks" ? "a LoadBalancer of a cluster of kind eks" : "tls with a certificate of AWS"} is a Network Load Balancer, and pods that did not drain for it would lose requests; leave it out, or set type: ClusterIP`,
        },
      ]
    : [];

/** A load balancer shows certificates of its own region. Source: AWS Certificate Manager User Guide, "Supported Regions". */
export const certificateIsOfTheRegion: Rule = ({ cluster, gateway }) => {
  const arn = gateway.service.tls?.certificateArn;
  const region = arn?.split(":")[3];
  return cluster.kind === "eks" && arn !== undefined && region !== cluster.region
    ? [
        {
          path: ["gateway", "service", "tls", "certificateArn"],
          value: arn,
          message: `is of region ${region}, and a load balancer of ${cluster.region} cannot show it; write one of ${cluster.region}`,
        },
      ]
    : [];
};

/** A certificate is there, or is made where its name's zone is known and the stack has an account. */
export const tlsHasOneCertificate: Rule = ({ cluster, gateway }) => {
  const { tls } = gateway.service;
  if (tls === undefined) {
    return [];
  }
  const { certificateArn, hostedZoneId } = tls;
  const path = ["gateway", "service", "tls"];
  if (certificateArn !== undefined && hostedZoneId !== undefined) {
    return [
      {
        path: [...path, "certificateArn"],
        value: certificateArn,
        message:
          "stands beside hostedZoneId, for which a certificate is made; leave one of them out",
      },
    ];
  }
  if (hostedZoneId !== undefined && cluster.kind !== "eks") {
    return [
      {
        path: [...path, "hostedZoneId"],
        value: hostedZoneId,
        message:
          "needs a stack that makes its cluster, on AWS; make the certificate and the record yourself, and write certificateArn",
      },
    ];
  }
  return certificateArn === undefined && hostedZoneId === undefined
    ? [
        {
          path: [...path, "hostedZoneId"],
          message:
            "is missing; write the hosted zone of Route 53 that hostName lies in (Z...), or the certificateArn of a certificate that is there",
        },
      ]
    : [];
};

/**
 * An answer that is not streamed is silent until it is whole, and a Network Load Balancer forgets a silent connection without a word.
 * Its time can be raised to the silence of all attempts, but not with TLS: there the first attempt has to fit, and a request loses its client
 * once its attempts have timed out for as long.
 */
export const requestsOutliveSilence: Rule = (config) => {
  const { routing, service } = completeGateway(config);
  if (service.type !== "LoadBalancer") {
    return [];
  }
  const { requestTimeoutSeconds: wait, admission } = routing;
  if (service.tls !== undefined) {
    const queued = admission.enabled ? admission.queueSeconds : 0;
    const rest = IDLE_SECONDS.tls - queued;
    return wait > rest
      ? [
          {
            path: ["gateway", "routing", "requestTimeoutSeconds"],
            value: wait,
            message: `${queued > 0 ? `and ${queued} s in the queue (admission.queueSeconds) are` : "is"} longer than the ${IDLE_SECONDS.tls} s after which a load balancer with TLS forgets a silent connection, which AWS lets nobody change; write ${Math.max(1, rest)} or less, or leave gateway.service.tls out`,
          },
        ]
      : [];
  }
  const annotation = loadBalancerAnnotation(listenerAttributes(GATEWAY_PORT));
  const written = service.annotations[annotation];
  const text = new RegExp(`${IDLE_ATTRIBUTE}=(\\d+)`).exec(written ?? "")?.[1];
  if (text === undefined) {
    return [];
  }
  const { least, most } = IDLE_SECONDS;
  const idle = Number(text);
  const silent = Math.min(most, silentSeconds(routing));
  const problem = (message: string) => [
    { path: ["gateway", "service", "annotations", annotation], value: written, message },
  ];
  if (idle < least || idle > most) {
    return problem(`is not among the ${least} to ${most} s that AWS takes; leave it out`);
  }
  return idle < silent
    ? problem(
        `forgets a connection that may be silent for ${silent} s, until every attempt of gateway.routing has timed out; leave it out, or write ${IDLE_ATTRIBUTE}=${silent} to ${most}`,
      )
    : [];
};

export const answersOutliveTheirWait: Rule = ({ gateway: { routing } }) => {
  const { longestAnswerSeconds: longest, requestTimeoutSeconds: wait } = routing;
  return longest !== undefined && longest < wait
    ? [
        {
          path: ["gateway", "routing", "longestAnswerSeconds"],
          value: longest,
          message: `is less than requestTimeoutSeconds, ${wait}, so that a roll would cut answers that may still come; write ${wait} or more, or leave it out`,
        },
      ]
    : [];
};
