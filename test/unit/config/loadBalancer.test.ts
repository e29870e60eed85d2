/** What a stack may say of its load balancer and of the time that answers take. */
import { describe, expect, test } from "vitest";
import { parsedGateway, problemLines } from "../../support/config";
import { stackConfig } from "../../support/stackFile";

const IDLE = "service.beta.kubernetes.io/aws-load-balancer-listener-attributes.TCP-4000";
const TLS = {
  certificateArn: "arn:aws:acm:us-west-2:123456789012:certificate/1",
  hostName: "llm.example.com",
};
const [QWEN, LLAMA] = ["qwen3-8b-fp8-neuron", "llama-3-1-8b-int8-neuron"];
const gateway = (service: object, routing: object = {}) => ({ gateway: { service, routing } });
const timeout = (requestTimeoutSeconds: number) => ({ requestTimeoutSeconds });
/** No request waits in the gateway. */
const AT_ONCE = { admission: { enabled: false } };
const EKS = { cluster: stackConfig("dev")["llm-gateway:cluster"] };

describe("a silent connection", () => {
  test.each([
    [
      "through TLS, which forgets it after 350 s",
      gateway({ tls: TLS }, { ...timeout(350), ...AT_ONCE }),
      gateway({ tls: TLS }, { ...timeout(351), ...AT_ONCE }),
      /routing\.requestTimeoutSeconds = 351: is longer than the 350 s .*; write 350 or less/,
    ],
    [
      "through TLS, with a wait in the queue before it,",
      gateway({ tls: TLS }, { ...timeout(310), admission: { queueSeconds: 40 } }),
      gateway({ tls: TLS }, { ...timeout(311), admission: { queueSeconds: 40 } }),
      /requestTimeoutSeconds = 311: and 40 s in the queue .* longer than the 350 s .*; write 310 or less/,
    ],
    [
      "through an annotation of the stack's own",
      gateway(
        { annotations: { [IDLE]: "tcp.idle_timeout.seconds=400" } },
        { ...timeout(100), ...AT_ONCE, retries: 1, fallbacks: { [QWEN]: [LLAMA] } },
      ),
      gateway(
        { annotations: { [IDLE]: "tcp.idle_timeout.seconds=399" } },
        { ...timeout(100), ...AT_ONCE, retries: 1, fallbacks: { [QWEN]: [LLAMA] } },
      ),
      /service\.annotations\..*TCP-4000.* = "tcp\.idle_timeout\.seconds=399": forgets a connection that may be silent for 400 s, .*; leave it out, or write tcp\.idle_timeout\.seconds=400 to 6000/,
    ],
    [
      "through an annotation that AWS takes",
      gateway({ annotations: { [IDLE]: "tcp.idle_timeout.seconds=6000" } }, timeout(3600)),
      gateway({ annotations: { [IDLE]: "tcp.idle_timeout.seconds=9000" } }),
      /= "tcp\.idle_timeout\.seconds=9000": is not among the 60 to 6000 s that AWS takes; leave it out/,
    ],
  ])("%s outlasts every request", (_what, fine, caught, message) => {
    expect(problemLines(fine)).toEqual([]);
    const [problem, ...others] = problemLines(caught);
    expect(problem).toMatch(message);
    expect(others).toEqual([]);
  });

  test("is nobody's concern inside the cluster", () => {
    expect(problemLines(gateway({ type: "ClusterIP" }, timeout(3600)))).toEqual([]);
  });
});

describe("TLS", () => {
  const hostName = "llm.example.com";
  const hostedZoneId = "Z0123456789ABCDEFGHIJ";
  const { certificateArn } = TLS;
  const eks = (tls: object) => problemLines({ ...EKS, ...gateway({ tls }) });

  test("has a certificate that is there, or a zone to make one for", () => {
    expect(eks({ hostName, certificateArn })).toEqual([]);
    expect(eks({ hostName, hostedZoneId })).toEqual([]);
    expect(problemLines(gateway({ tls: { hostName, certificateArn } }))).toEqual([]);
  });

  test.each([
    [
      "neither",
      eks({ hostName }),
      /tls\.hostedZoneId: is missing; write the hosted zone .*, or the certificateArn/,
    ],
    [
      "both",
      eks({ hostName, hostedZoneId, certificateArn }),
      /tls\.certificateArn = .*: stands beside hostedZoneId, .*; leave one of them out/,
    ],
    [
      "a zone where the stack has no account",
      problemLines(gateway({ tls: { hostName, hostedZoneId } })),
      /tls\.hostedZoneId = .*: needs a stack that makes its cluster, .* write certificateArn/,
    ],
    [
      "a zone that is none",
      eks({ hostName, hostedZoneId: "example.com" }),
      /tls\.hostedZoneId = "example\.com": is no hosted zone of Route 53; write Z\.\.\./,
    ],
    [
      "a certificate of another region",
      eks({ hostName, certificateArn: certificateArn.replace("us-west-2", "us-east-1") }),
      /tls\.certificateArn = .*: is of region us-east-1, and a load balancer of us-west-2 cannot show it; write one of us-west-2/,
    ],
    [
      "a certificate of China",
      eks({ hostName, certificateArn: "arn:aws-cn:acm:cn-north-1:123456789012:certificate/1" }),
      /tls\.certificateArn = .*: is of the partition aws-cn; write one of the partition aws/,
    ],
    [
      "a certificate of the government's partition",
      problemLines(
        gateway({
          tls: {
            hostName,
            certificateArn: "arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/1",
          },
        }),
      ),
      /tls\.certificateArn = .*: is of the partition aws-us-gov/,
    ],
    ["no name", eks({ hostedZoneId }), /tls\.hostName: is missing/],
    [
      "a name that DNS would change",
      eks({ hostName: "LLM.example.com", hostedZoneId }),
      /tls\.hostName = "LLM\.example\.com": has capital letters, .*; write llm\.example\.com/,
    ],
    [
      "a wildcard",
      eks({ hostName: "*.example.com", hostedZoneId }),
      /tls\.hostName = "\*\.example\.com": is no host name/,
    ],
  ])("has not %s", (_what, lines, message) => {
    expect(lines).toEqual([expect.stringMatching(message)]);
  });
});

test("an answer may take as long as a request waits for it", () => {
  expect(problemLines(gateway({}, { longestAnswerSeconds: 120 }))).toEqual([]);
  expect(problemLines(gateway({}, { longestAnswerSeconds: 119 }))).toEqual([
    expect.stringMatching(
      /routing\.longestAnswerSeconds = 119: is less than requestTimeoutSeconds, 120, .*; write 120 or more/,
    ),
  ]);
});

test("a Service inside the cluster has no network load balancer", () => {
  expect(problemLines(gateway({ type: "ClusterIP", networkLoadBalancer: true }))).toEqual([
    expect.stringMatching(/networkLoadBalancer = true: has no effect on a ClusterIP Service/),
  ]);
});

describe("a Service that the AWS Load Balancer Controller serves", () => {
  const off = { networkLoadBalancer: false };
  const message =
    /^llm-gateway:gateway\.service\.networkLoadBalancer = false: .*; leave it out, or set type: ClusterIP$/;

  test.each([
    ["of a cluster on EKS", { ...EKS, ...gateway(off) }],
    ["with a certificate of AWS", gateway({ ...off, tls: TLS })],
  ])("%s is not said to be without it", (_which, settings) => {
    expect(problemLines(settings)).toEqual([expect.stringMatching(message)]);
  });

  test("may be said to be another's on a cluster that somebody else made, and where there is none", () => {
    expect(problemLines(gateway(off))).toEqual([]);
    expect(problemLines({ ...EKS, ...gateway({ ...off, type: "ClusterIP" }) })).toEqual([]);
  });
});

describe("a gateway pod drains", () => {
  test.each([
    ["180 s behind a network load balancer on EKS", EKS, 180],
    ["15 s inside a cluster on EKS", { ...EKS, ...gateway({ type: "ClusterIP" }) }, 15],
    ["15 s on a cluster that somebody else made", {}, 15],
    [
      "180 s there, too, where AWS's controller is said to run",
      gateway({ networkLoadBalancer: true }),
      180,
    ],
    ["180 s there where a certificate of AWS is shown", gateway({ tls: TLS }), 180],
    ["as long as it is told", { ...EKS, ...gateway({ drainSeconds: 60 }) }, 60],
  ])("%s", (_where, settings, seconds) => {
    expect(parsedGateway(settings).service.drainSeconds).toBe(seconds);
  });
});
