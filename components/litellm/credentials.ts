import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { labels } from "../../domain/labels";
import {
  DATABASE,
  GATEWAY,
  GATEWAY_SECRET,
  POSTGRESQL,
  PROXY_ENVIRONMENT,
  REDIS,
  STORE_PASSWORD_KEY,
} from "../../domain/names";
import type { GatewaySettings } from "../../domain/settings/gateway";
import type { StoreEndpoint } from "../stores/shared/storeEndpoint";

/** Inputs of {@link Credentials}: another generation is another master key. */
export type CredentialsArgs = Pick<GatewaySettings, "masterKeyGeneration">;

export interface SecretsArgs {
  /** Namespace of the gateway and of its in-cluster stores. */
  readonly namespace: string;
  /** Where PostgreSQL answers, for the connection URL. */
  readonly database: StoreEndpoint;
}

/** Generated credentials of the gateway and its stores. They need no cluster, so that managed stores can be made beside it. */
export class Credentials extends pulumi.ComponentResource {
  /** The administrator's API key of the gateway. */
  public readonly masterKey: pulumi.Output<string>;
  /** The key that the gateway shows to the model servers. */
  public readonly modelApiKey: pulumi.Output<string>;
  public readonly databasePassword: pulumi.Output<string>;
  public readonly redisPassword: pulumi.Output<string>;
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
    this.redisPassword = generate("redis");
    this.registerOutputs();
  }

  /** The Secrets that carry the credentials into the gateway's namespace, which `opts` must wait for. */
  public secrets(args: SecretsArgs, opts: pulumi.CustomResourceOptions): k8s.core.v1.Secret[] {
    const { host, port, tls } = args.database;
    const database = pulumi.interpolate`postgresql://${DATABASE}:${this.databasePassword}@${host}:${port}/${DATABASE}${tls ? "?sslmode=require" : ""}`;
    const contents: Readonly<Record<string, Record<string, pulumi.Input<string>>>> = {
      [GATEWAY_SECRET]: {
        [PROXY_ENVIRONMENT.masterKey]: this.masterKey,
        LITELLM_SALT_KEY: this.salt,
        [PROXY_ENVIRONMENT.databaseUrl]: database,
        [PROXY_ENVIRONMENT.redisPassword]: this.redisPassword,
        [PROXY_ENVIRONMENT.modelApiKey]: this.modelApiKey,
      },
      [POSTGRESQL]: { [STORE_PASSWORD_KEY]: this.databasePassword },
      [REDIS]: { [STORE_PASSWORD_KEY]: this.redisPassword },
    };
    return Object.entries(contents).map(
      ([secret, stringData]) =>
        new k8s.core.v1.Secret(
          `${this.name}-${secret}`,
          {
            metadata: {
              name: secret,
              namespace: args.namespace,
              labels: labels(GATEWAY, "credentials"),
            },
            stringData,
          },
          { ...opts, parent: this },
        ),
    );
  }
}
