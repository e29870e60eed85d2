/** A name of the gateway's own, with its certificate, in what the stacks declare. */
import { beforeAll, describe, expect, test } from "vitest";
import { record } from "../../../local/render/recorder";
import type { Declaration } from "../../../local/render/resource";
import { stackSettings } from "../../../local/render/stackFile";
import { named } from "../../support/declared";

const ZONE = "Z0123456789ABCDEFGHIJ";
const CERTIFICATE = "arn:aws:acm:us-west-2:123456789012:certificate/1";

function dev(tls: object): Promise<Declaration> {
  return record({
    stack: "dev",
    settings: { ...stackSettings("dev"), gateway: { service: { tls } } },
  });
}

const annotationsOf = ({ resources }: Declaration) =>
  (named(resources, "Service gateway-service").inputs.metadata as { annotations: object })
    .annotations;

describe("a name in a hosted zone", () => {
  let stack: Declaration;
  beforeAll(async () => {
    stack = await dev({ hostName: "example.com", hostedZoneId: ZONE });
  });
  const inputsOf = (label: string) => named(stack.resources, label).inputs;

  test("gets a certificate that a record in the zone proves to be the stack's", () => {
    expect(inputsOf("aws.acm.Certificate platform-name")).toMatchObject({
      domainName: "example.com",
      validationMethod: "DNS",
    });
    expect(inputsOf("aws.route53.Record platform-name-proof")).toMatchObject({
      zoneId: ZONE,
      name: "<aws.acm.Certificate platform-name.proof.name>",
      records: ["<aws.acm.Certificate platform-name.proof.value>"],
      // The certificate that comes in place of another is proven by the same record.
      allowOverwrite: true,
    });
    expect(inputsOf("aws.acm.CertificateValidation platform-name")).toEqual({
      certificateArn: "<aws.acm.Certificate platform-name.arn>",
      validationRecordFqdns: ["<aws.route53.Record platform-name-proof.fqdn>"],
    });
  });

  test("leads to the load balancer by an alias, which a zone's own name may be, too", () => {
    expect(inputsOf("aws.route53.Record platform-name-alias")).toMatchObject({
      zoneId: ZONE,
      name: "example.com",
      type: "A",
      aliases: [
        {
          name: "<Service gateway-service.hostname>",
          zoneId: "<zone of network load balancers>",
        },
      ],
    });
  });

  test("is what the load balancer shows the certificate of, on its one port, and what the output says", () => {
    expect(annotationsOf(stack)).toMatchObject({
      "service.beta.kubernetes.io/aws-load-balancer-ssl-cert":
        "<aws.acm.Certificate platform-name.arn>",
      "llm-gateway/host-name": "example.com",
    });
    expect(inputsOf("Service gateway-service").spec).toMatchObject({ ports: [{ port: 443 }] });
    expect(stack.outputs.gatewayUrl).toBe("https://example.com/v1");
  });
});

test("a certificate that is there is shown as it is, and nothing is made for it", async () => {
  const stack = await dev({ hostName: "llm.example.com", certificateArn: CERTIFICATE });
  expect(annotationsOf(stack)).toMatchObject({
    "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": CERTIFICATE,
  });
  expect(stack.resources.filter(({ type }) => /acm|route53/.test(type))).toEqual([]);
});

test("prod speaks TLS under a name of its own", async () => {
  const { outputs } = await record({ stack: "prod", settings: stackSettings("prod") });
  expect(outputs.gatewayUrl).toMatch(/^https:\/\//);
});
