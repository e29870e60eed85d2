import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { labels } from "../labels";
import { GATEWAY, POSTGRESQL, POSTGRESQL_PORT, REDIS } from "./names";
import { PROXY_ENVIRONMENT } from "./proxyConfig";

/** The Secret that a store's container reads its password from. */
export const STORE_PASSWORD_KEY = "password";
export const DATABASE = "litellm";

/** Name of the Secret with the environment of the proxy. */
export const GATEWAY_SECRET = GATEWAY;

export interface CredentialsArgs {
  readonly namespace: string;
  /** Another number is another master key. */
  readonly masterKeyGeneration: number;
}

/** Generated credentials of the gateway and its stores, and the Secrets that carry them. */
export class Credentials extends pulumi.ComponentResource {
  /** The administrator's API key of the gateway. */
  public readonly masterKey: pulumi.Output<string>;
  /** The key that the gateway shows to the model servers. */
  public readonly modelApiKey: pulumi.Output<string>;

  public constructor(name: string, args: CredentialsArgs, opts: pulumi.ComponentResourceOptions) {
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
    const salt = pulumi.interpolate`sk-${generate("salt-key")}`;
    const postgresql = generate("postgresql");
    const redis = generate("redis");
    const database = pulumi.interpolate`postgresql://${DATABASE}:${postgresql}@${POSTGRESQL}:${POSTGRESQL_PORT}/${DATABASE}`;

    const secret = (objectName: string, stringData: Record<string, pulumi.Input<string>>) =>
      new k8s.core.v1.Secret(
        `${name}-${objectName}`,
        {
          metadata: {
            name: objectName,
            namespace: args.namespace,
            labels: labels(GATEWAY, "credentials"),
          },
          stringData,
        },
        { parent: this },
      );
    secret(GATEWAY_SECRET, {
      [PROXY_ENVIRONMENT.masterKey]: this.masterKey,
      LITELLM_SALT_KEY: salt,
      [PROXY_ENVIRONMENT.databaseUrl]: database,
      [PROXY_ENVIRONMENT.redisPassword]: redis,
      [PROXY_ENVIRONMENT.modelApiKey]: this.modelApiKey,
    });
    secret(POSTGRESQL, { [STORE_PASSWORD_KEY]: postgresql });
    secret(REDIS, { [STORE_PASSWORD_KEY]: redis });
    this.registerOutputs();
  }
}
