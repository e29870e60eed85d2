import type * as logsModule from "@aws-sdk/client-cloudwatch-logs";
import type * as ec2Module from "@aws-sdk/client-ec2";
import type * as eksModule from "@aws-sdk/client-eks";
import type * as route53Module from "@aws-sdk/client-route-53";
import type * as quotasModule from "@aws-sdk/client-service-quotas";
import type * as ssmModule from "@aws-sdk/client-ssm";
import type * as stsModule from "@aws-sdk/client-sts";

/** How an account is reached beside the region: everything else is the SDK's own look-up of credentials and endpoints. */
export type Access = Pick<stsModule.STSClientConfig, "credentials" | "endpoint" | "maxAttempts">;

/** One client of each service. */
export interface Clients {
  readonly ec2: ec2Module.EC2Client;
  readonly eks: eksModule.EKSClient;
  readonly logs: logsModule.CloudWatchLogsClient;
  readonly quotas: quotasModule.ServiceQuotasClient;
  readonly route53: route53Module.Route53Client;
  readonly ssm: ssmModule.SSMClient;
  readonly sts: stsModule.STSClient;
}

/** The modules that the clients come from, with their commands and errors. */
export interface Modules {
  readonly ec2: typeof ec2Module;
  readonly eks: typeof eksModule;
  readonly logs: typeof logsModule;
  readonly quotas: typeof quotasModule;
  readonly route53: typeof route53Module;
  readonly ssm: typeof ssmModule;
  readonly sts: typeof stsModule;
}

/**
 * Clients of the usual AWS credentials (environment, profile, SSO, instance). They are loaded here and not with the module: they take half
 * a second that no other command needs.
 */
export async function loadClients(
  region: string,
  access: Access,
): Promise<{ readonly clients: Clients; readonly modules: Modules }> {
  const [ec2, eks, logs, route53, quotas, ssm, sts, { FetchHttpHandler }] = await Promise.all([
    import("@aws-sdk/client-ec2"),
    import("@aws-sdk/client-eks"),
    import("@aws-sdk/client-cloudwatch-logs"),
    import("@aws-sdk/client-route-53"),
    import("@aws-sdk/client-service-quotas"),
    import("@aws-sdk/client-ssm"),
    import("@aws-sdk/client-sts"),
    import("@smithy/fetch-http-handler"),
  ]);
  // Node's own fetch, because a proxy is set for it in one place; the SDK's usual handler knows none.
  const common = {
    ...access,
    region,
    requestHandler: new FetchHttpHandler({ requestTimeout: 20_000 }),
  };
  const clients = {
    ec2: new ec2.EC2Client(common),
    eks: new eks.EKSClient(common),
    logs: new logs.CloudWatchLogsClient(common),
    quotas: new quotas.ServiceQuotasClient(common),
    route53: new route53.Route53Client(common),
    ssm: new ssm.SSMClient(common),
    sts: new sts.STSClient(common),
  };
  return { clients, modules: { ec2, eks, logs, quotas, route53, ssm, sts } };
}
