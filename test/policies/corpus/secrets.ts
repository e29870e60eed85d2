import { container, deployment } from "../fixtures";
import { LATER } from "../support";
import { SECRETS, PASSWORD, env, args, file, service, DEVICE, neuron } from "./builders/workloads";
import { bad, good, object, type Case } from "./case";

/** Credentials in clear text. */
export const CREDENTIALS: readonly Case[] = [
  ...[
    "DB_PASSWORD",
    "PGPASSWORD",
    "dbPassword",
    "MYSQL_PWD",
    "API_KEY",
    "AZURE_OPENAI_KEY",
    "OPENAI_API_KEY",
    "HF_TOKEN",
    "LITELLM_MASTER_KEY",
    "client_secret",
    "SMTP_PASS",
    "redis.auth.password",
  ].map((name) =>
    bad(SECRETS, `variable ${name}`, "everyone who reads pods reads it", env(name, PASSWORD)),
  ),
  bad(SECRETS, "numeric password", "digits are a password too", env("DB_PASSWORD", "48151623")),
  bad(
    SECRETS,
    "URL with a password",
    "whatever the variable is called",
    env("DATABASE_URL", `postgresql://app:${PASSWORD}@db/app`),
  ),
  bad(
    SECRETS,
    "provider key",
    "its prefix says what it is",
    env("SETTING", "sk-aaaaaaaaaaaaaaaaaaaaaaaa"),
  ),
  bad(
    SECRETS,
    "irregular value under a key",
    "it looks generated",
    env("SESSION_COOKIE", "9fK2xLq7Rz0VbT4mWc8Yp1Ns"),
  ),
  bad(
    SECRETS,
    "argument",
    "everyone who reads pods reads it",
    args("--api-key", "sk-aaaaaaaaaaaaaaaaaaaaaaaa"),
  ),
  bad(
    SECRETS,
    "argument with =",
    "everyone who reads pods reads it",
    args(`--password=${PASSWORD}`),
  ),
  bad(
    SECRETS,
    "in a shell line",
    "everyone who reads pods reads it",
    args("-c", `PGPASSWORD=${PASSWORD} psql -h db`),
  ),
  bad(
    SECRETS,
    "known variable beside an unknown one",
    "what is known stays known",
    deployment({
      containers: [
        container({
          env: [
            { name: "A", value: LATER },
            { name: "DB_PASSWORD", value: PASSWORD },
          ],
        }),
      ],
      initContainers: LATER,
    }),
  ),
  bad(SECRETS, "in YAML", "a ConfigMap is no Secret", file(`host: db\npassword: ${PASSWORD}\n`)),
  bad(
    SECRETS,
    "in JSON",
    "a ConfigMap is no Secret",
    file(`{\n  "apiKey": "${PASSWORD}"\n}`, "app.json"),
  ),
  bad(
    SECRETS,
    "private key",
    "its first line says what it is",
    file("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "tls.key"),
  ),
  bad(SECRETS, "in a list", "its items are objects", {
    type: "kubernetes:core/v1:ConfigMapList",
    name: "list",
    props: { items: [file(`password: ${PASSWORD}\nuser: a`).props] },
  }),
  good(
    "from a Secret",
    "a reference",
    deployment({
      containers: [
        container({
          env: [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
        }),
      ],
    }),
  ),
  ...(
    [
      ["REDIS_PASSWORD", "$(OTHER)"],
      ["PASSWORD_FILE", "/run/secrets/password"],
      ["MAX_TOKENS", "4096"],
      ["TOKENIZER", "llama"],
      ["EOS_TOKEN", "</s>"],
      ["PUBLIC_KEY", "ssh-ed25519 AAAA"],
      ["CACHE_KEY", "models"],
      ["SECRET_NAME", "web"],
      ["existing_secret", "litellm-keys"],
      ["input_cost_per_token", "0.0000012"],
      ["DISABLE_TOKEN", "true"],
      ["AWS_REGION", "us-west-2"],
      ["HF_TOKEN", LATER],
      ["API_KEY", "os.environ/KEY"],
      ["PROMPT_TOKEN", "x"],
      ["CHECKSUM", "9fK2xLq7Rz0VbT4mWc8Yp1Ns"],
    ] as const
  ).map(([name, value]) => good(`variable ${name}`, "no credential", env(name, value))),
  ...(
    [
      ["LOG_LEVEL", "debug"],
      ["MODEL", "meta-llama/Llama-3.1-8B"],
      ["BOS_TOKEN", "<|begin_of_text|>"],
      ["SORT_KEY", "created"],
      ["ENABLE_SECRET", "yes"],
      ["HF_TOKEN_PATH", "/home/model/.cache/token"],
      ["GOOGLE_APPLICATION_CREDENTIALS", "/etc/gcp/key.json"],
      ["OPENAI_API_BASE", "https://api.openai.com/v1"],
      ["TOKENS_PER_MINUTE", "100000"],
      ["MAX_TOKEN", "4096"],
      ["TLS_SECRET", "web-tls"],
      ["DB_PASSWORD", "{{ .Values.password }}"],
      ["DB_URL", "postgresql://app:$(DB_PASSWORD)@db/app"],
    ] as const
  ).map(([name, value]) => good(`variable ${name} = ${value}`, "no credential", env(name, value))),
  good(
    "Secret of its own",
    "that is what it is for",
    object("core/v1:Secret", "keys", { stringData: { password: PASSWORD } }),
  ),
  good(
    "annotated for another cloud",
    "internal there",
    service({}, { "networking.gke.io/load-balancer-type": "Internal" }),
  ),
  good("annotations that are unknown", "they may say internal", service({}, LATER)),
  good(
    "allowed toleration",
    "of everything",
    neuron({ limits: { [DEVICE]: "1" } }, { tolerations: [{ operator: "Exists" }] }),
  ),
  good(
    "Job without probes",
    "it ends",
    deployment(
      { containers: [container({ livenessProbe: undefined, readinessProbe: undefined })] },
      { type: "kubernetes:batch/v1:Job" },
    ),
  ),
  bad(
    SECRETS,
    "redis.conf",
    "a password without a colon",
    file(`port 6379\nrequirepass ${PASSWORD}\n`, "redis.conf"),
  ),
  bad(
    SECRETS,
    "header",
    "it carries the key",
    env("EXTRA_HEADERS", "Authorization: Bearer 9fK2xLq7Rz0VbT4mWc8Yp1Ns"),
  ),
  good("key of a server without keys", "a placeholder", env("OPENAI_API_KEY", "EMPTY")),
  good("name of a Secret's key", "a reference", file("secretKey: master-key\nexisting: true\n")),
];
