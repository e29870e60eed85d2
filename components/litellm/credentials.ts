import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { labels } from "../../domain/labels";
import { secretChecksum } from "../kubernetes/checksum";
import {
  ADMIN_PASSWORD_KEY,
  DATABASE,
  DATABASE_CA_FILE,
  DATABASE_CA_FOLDER,
  GATEWAY,
  GATEWAY_SECRET,
  POSTGRESQL,
  PROXY_ENVIRONMENT,
  REDIS,
  STORE_PASSWORD_KEY,
} from "../../domain/names";
import type { GatewaySettings } from "../../domain/settings/gateway";
import { redisUrl } from "./redisConnection";
import type { StoreEndpoint, StoreEndpoints } from "../stores/shared/storeEndpoint";

/** Inputs of {@link Credentials}: another generation is another master key. */
export type CredentialsArgs = Pick<GatewaySettings, "masterKeyGeneration">;

/** Generated credentials of the gateway and its stores. They need no cluster, so that managed stores can be made beside it. */
export class Credentials extends pulumi.ComponentResource {
  /** The administrator's API key of the gateway. */
  public readonly masterKey: pulumi.Output<string>;
  /** The key that the gateway shows to the model servers. */
  public readonly modelApiKey: pulumi.Output<string>;
  public readonly databasePassword: pulumi.Output<string>;
  public readonly redisPassword: pulumi.Output<string>;
  private readonly databaseAdminPassword: pulumi.Output<string>;
  private readonly salt: pulumi.Output<string>;

  public constructor(
    private readonly name: string,
    args: CredentialsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("llm-gateway:litellm:Credentials", name, {}, opts);
    // Letters and digits only: the passwords also stand inside a connection URL.
    const generate = (role: string, keepers: Record<string, string> = {}) =>
      new random.RandomPassword(
        `${name}-${role}`,
        { length: 40, special: false, keepers },
        { parent: this },
      ).result;
    const generation = String(args.masterKeyGeneration);
    this.masterKey = pulumi.interpolate`sk-${generate("master-key", { generation })}`;
    this.modelApiKey = generate("model-api-key");
    this.salt = pulumi.interpolate`sk-${generate("salt-key")}`;
    this.databasePassword = generate("postgresql");
    this.databaseAdminPassword = generate("postgresql-admin");
    this.redisPassword = generate("redis");
    this.registerOutputs();
  }

  /** The Secrets that in-cluster stores read their passwords from, in `namespace`, which `opts` must wait for. */
  public storeSecrets(
    namespace: string,
    opts: pulumi.CustomResourceOptions,
  ): readonly k8s.core.v1.Secret[] {
    return [
      this.secret(
        POSTGRESQL,
        namespace,
        {
          [STORE_PASSWORD_KEY]: this.databasePassword,
          [ADMIN_PASSWORD_KEY]: this.databaseAdminPassword,
        },
        opts,
      ),
      this.secret(REDIS, namespace, { [STORE_PASSWORD_KEY]: this.redisPassword }, opts),
    ];
  }

  /** The Secret with the gateway's environment, in `namespace`, which `opts` must wait for. */
  public gatewaySecret(
    namespace: string,
    endpoints: StoreEndpoints,
    opts: pulumi.CustomResourceOptions,
  ): k8s.core.v1.Secret {
    return this.secret(GATEWAY_SECRET, namespace, this.environment(endpoints), opts);
  }

  /** Changes with the gateway's environment: a key, a password, where a store answers. Its pods read it once, at their start. */
  public gatewayChecksum(endpoints: StoreEndpoints): pulumi.Output<string> {
    return secretChecksum(this.environment(endpoints));
  }

  /** Changes with the database: where it answers, and its password. */
  public databaseChecksum(endpoints: StoreEndpoints): pulumi.Output<string> {
    const { databaseUrl: name } = PROXY_ENVIRONMENT;
    return secretChecksum({ [name]: databaseUrl(endpoints.database, this.databasePassword) });
  }

  private environment({ database, redis }: StoreEndpoints): Record<string, pulumi.Output<string>> {
    return {
      [PROXY_ENVIRONMENT.masterKey]: this.masterKey,
      [PROXY_ENVIRONMENT.saltKey]: this.salt,
      [PROXY_ENVIRONMENT.databaseUrl]: databaseUrl(database, this.databasePassword),
      [PROXY_ENVIRONMENT.redisUrl]: redisUrl(redis, this.redisPassword),
      [PROXY_ENVIRONMENT.modelApiKey]: this.modelApiKey,
    };
  }

  private secret(
    name: string,
    namespace: string,
    stringData: Record<string, pulumi.Input<string>>,
    opts: pulumi.CustomResourceOptions,
  ): k8s.core.v1.Secret {
    return new k8s.core.v1.Secret(
      `${this.name}-${name}`,
      { metadata: { name, namespace, labels: labels(GATEWAY, "credentials") }, stringData },
      { ...opts, parent: this },
    );
  }
}

/**
 * The connection URL of the gateway's database, for its owner. Prisma's engine encrypts with `sslmode=require`, and checks neither certificate nor
 * name unless `sslaccept` is strict; what it trusts beside the system is the one certificate of `sslcert`. Source: prisma/quaint, connector/postgres.rs.
 */
function databaseUrl(
  { host, port, tls, certificateAuthority }: StoreEndpoint,
  password: pulumi.Output<string>,
): pulumi.Output<string> {
  const parameters = {
    ...(tls ? { sslmode: "require" } : {}),
    ...(certificateAuthority === undefined
      ? {}
      : { sslaccept: "strict", sslcert: `${DATABASE_CA_FOLDER}/${DATABASE_CA_FILE}` }),
  };
  const query = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  return pulumi.interpolate`postgresql://${DATABASE}:${password}@${host}:${port}/${DATABASE}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}
