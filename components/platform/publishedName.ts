import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PublishedName } from "../kubernetes/publishedName";

/** Inputs of {@link AwsPublishedName}. */
export interface PublishedNameArgs {
  /** Name that clients use. */
  readonly hostName: string;
  /** Public hosted zone of Route 53 that the name lies in. */
  readonly hostedZoneId: string;
  /** AWS tags of the certificate. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A certificate for the gateway's name, proven by a record in the name's zone, and the record that leads clients to the load balancer. */
export class AwsPublishedName extends pulumi.ComponentResource implements PublishedName {
  /** ARN of the certificate, known once it is issued. */
  public readonly certificateArn: pulumi.Output<string>;

  public constructor(
    private readonly prefix: string,
    private readonly args: PublishedNameArgs,
    private readonly opts: pulumi.ComponentResourceOptions & { readonly provider: aws.Provider },
  ) {
    super("llm-gateway:cluster:PublishedName", prefix, {}, opts);
    const { hostName, hostedZoneId: zoneId, tags } = args;
    const child = { parent: this };
    const certificate = new aws.acm.Certificate(
      prefix,
      { domainName: hostName, validationMethod: "DNS", tags: { ...tags } },
      child,
    );
    // One name has one proof.
    const proof = certificate.domainValidationOptions.apply(([first]) => ({
      name: first?.resourceRecordName ?? "",
      type: first?.resourceRecordType ?? "",
      value: first?.resourceRecordValue ?? "",
    }));
    const record = new aws.route53.Record(
      `${prefix}-proof`,
      {
        zoneId,
        name: proof.name,
        type: proof.type,
        records: [proof.value],
        ttl: 300,
        // ACM asks for the same record for every certificate of a name: that of a replacement is there already.
        allowOverwrite: true,
      },
      child,
    );
    this.certificateArn = new aws.acm.CertificateValidation(
      prefix,
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
      child,
    ).certificateArn;
    this.registerOutputs({ certificateArn: this.certificateArn });
  }

  public pointTo(address: pulumi.Input<string>): void {
    const { hostName, hostedZoneId: zoneId } = this.args;
    // An alias may also be the name of the zone itself, which a CNAME may not.
    const balancers = aws.lb.getHostedZoneIdOutput(
      { loadBalancerType: "network" },
      { parent: this, provider: this.opts.provider },
    );
    new aws.route53.Record(
      `${this.prefix}-alias`,
      {
        zoneId,
        name: hostName,
        type: "A",
        // With one place to send to, an answer that leads to unhealthy pods is as good as none.
        aliases: [{ name: address, zoneId: balancers.id, evaluateTargetHealth: false }],
      },
      { parent: this },
    );
  }
}
