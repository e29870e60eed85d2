/** Credentials that look like something else, and places that are easily left out. */
import { describe, expect, test } from "vitest";
import { credentialsFound as found } from "./corpus/builders/credentials";
import { args, env, file } from "./corpus/builders/workloads";
import { container, deployment } from "./fixtures";

describe("in a variable and an argument a password counts as it stands:", () => {
  test.each([
    ...["my-secret-pw", "example", "$ecret123", "abc(def)", "{hunter2}", "[hunter2]"],
    ...["config.prod", "prod.key", "MY_SECRET", "list", "string", "self.password", "basic"],
  ])("%s", async (value) => {
    expect(await found(env("DB_PASSWORD", value))).toHaveLength(1);
    expect(await found(args(`--password=${value}`))).toHaveLength(1);
    expect(await found(args("--password", value))).toHaveLength(1);
    expect(await found(file(value, "DB_PASSWORD"))).toHaveLength(1);
  });

  test.each([
    ...["$(DB_PASSWORD)", "${DB_PASSWORD}", "$DB_PASSWORD", "$password", "{password}"],
    ...["[password]", "/run/secrets/db", "secrets/db.txt", "DB_PASSWORD", "<password>", ""],
  ])("but %j is none", async (value) => {
    expect(await found(env("DB_PASSWORD", value))).toEqual([]);
    expect(await found(args(`--password=${value}`))).toEqual([]);
  });

  test("in an address", async () => {
    expect(await found(env("DATABASE_URL", "postgres://app:$ecret@db"))).toHaveLength(1);
    expect(await found(args("postgres://app:$ecret@db"))).toHaveLength(1);
    expect(await found(env("DATABASE_URL", "postgres://app:{hunter2}@db"))).toHaveLength(1);
    expect(await found(env("DATABASE_URL", "postgres://app:$(PW)@db"))).toEqual([]);
    expect(await found(env("DATABASE_URL", "postgres://app:$PW@db"))).toEqual([]);
    expect(await found(args("sh", "-c", "psql postgres://app:$pw@db"))).toEqual([]);
    expect(await found(args("sh", "-c", 'app --password "$pw" --token $token'))).toEqual([]);
  });

  test("of digits alone", async () => {
    expect(await found(env("API_TOKEN", "123456789"))).toHaveLength(1);
    expect(await found(env("API_TOKEN", "3600"))).toEqual([]);
    expect(await found(file("pad: 1\nstart_token: 151643\ntoken: 151643\n"))).toEqual([]);
  });
});

describe("a key is known by its beginning, its length and its alphabet:", () => {
  const mixed = (length: number) => "9fK2xLq7Rz0VbT4mWc8Yp1Ns".repeat(9).slice(0, length);
  const hex = (length: number) => "9f86d081884c7d65".repeat(9).slice(0, length);
  test.each([
    `gsk_${mixed(52)}`,
    `nvapi-${mixed(64)}`,
    `npm_${mixed(36)}`,
    `pypi-AgEIcHlwaS5vcmc${mixed(80)}`,
    `SG.${mixed(22)}.${mixed(43)}`,
    `dckr_pat_${mixed(27)}`,
    `dop_v1_${hex(64)}`,
    `dapi${hex(32)}`,
    `hvs.${mixed(95)}`,
    `glsa_${mixed(32)}_${hex(8)}`,
    `pul-${hex(40)}`,
    `sk_live_${mixed(24)}`,
    `rk_live_${mixed(24)}`,
    "-----BEGIN PGP PRIVATE KEY BLOCK-----",
  ])("%s", async (key) => {
    expect(await found(env("SETTING", key))).toHaveLength(1);
    expect(await found(args(`--setting=${key}`))).toHaveLength(1);
    expect(await found(file(`a: 1\nsetting: "${key}"\n`))).toHaveLength(1);
  });

  test.each([
    ...["gsk_model_name", "nvapi-key", "npm_config_registry", "npm_package_name", "pypi-mirror"],
    ...[
      "SG.example.com",
      "SG.1",
      "dckr_pat_",
      "dapi",
      "dapifeedface",
      "hvs.example",
      "pul-request",
    ],
    ...["pul-dev", "sk_live_mode", "hvs.a-word-that-is-rather-long-and-has-no-figure", "glsa_a_b"],
    ...["-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----BEGIN CERTIFICATE-----", "dop_v1_beta"],
    ...[`pk_live_${mixed(24)}`, `gsk_${"x".repeat(52)}`],
  ])("and not by its beginning alone: %s", async (word) => {
    expect(await found(env("SETTING", word))).toEqual([]);
    expect(await found(file(`a: 1\nsetting: "${word}"\n`))).toEqual([]);
  });
});

describe("a file of its own format", () => {
  test.each([
    [".npmrc", "//registry.example.com/:_authToken=hunter2-correct"],
    [".npmrc", "a=b\n//registry.example.com/npm/:_password=aHVudGVyMg=="],
    [".pgpass", "db:5432:app:app:hunter2"],
    [".pgpass", "# of the database\n*:*:*:app:hunter2"],
    [".htpasswd", "admin:$apr1$ZjTqBB3f$IF9gdYAGlMrs2fuINjHsz."],
    ["traefik.yml", 'basicAuth:\n  users:\n    - "admin:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/"'],
    ["run.sh", "export API_KEY=${API_KEY:-sk-9fK2xLq7Rz0VbT4mWc8Yp1Ns}"],
    [".htpasswd", "admin:{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ="],
    ["kubeconfig", "users:\n- user:\n    client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURQ==\n"],
    ["alertmanager.yml", "a: b\nrouting_key: 9f86d081884c7d659a2feaa0c55ad015\n"],
    ["run.sh", "#!/bin/sh\netcdctl --user=root:hunter2 get a\n"],
    ["run.sh", "#!/bin/sh\nmc alias set s3 https://s3 minio hunter2\n"],
  ])("%s: %j", async (key, text) => {
    const messages = await found(file(text, key));
    expect(messages).toHaveLength(1);
    expect(messages.join()).not.toContain("hunter2");
  });

  test.each([
    [".npmrc", "//registry.example.com/:_authToken=${NPM_TOKEN}\n// a comment: token=hunter2"],
    [".pgpass", "db:5432:app:app:${PGPASSWORD}"],
    ["hosts", "db:5432:app\n10.0.0.1:5432\narn:aws:iam::1:role/a"],
    ["kubeconfig", "users:\n- user:\n    client-key: /etc/kubernetes/client.key\n"],
    ["queues.yml", "a: b\nrouting_key: orders.created\n"],
    ["run.sh", "#!/bin/sh\netcdctl --user=root:$PW get a\nmc alias set s3 https://s3 $ID $KEY\n"],
    ["run.sh", "#!/bin/sh\nmc cp a b c d e\nmc alias list\n"],
  ])("none in %s: %j", async (key, text) => {
    expect(await found(file(text, key))).toEqual([]);
  });
});

describe("a user and a password in one", () => {
  test.each([
    ["NEO4J_AUTH", "neo4j/hunter2"],
    ["BASIC_AUTH", "admin:hunter2"],
    ["FLOWER_BASIC_AUTH", "admin:hunter2"],
    ["BASIC_AUTH_USERS", "admin:hunter2"],
    ["ETCDCTL_USER", "root:hunter2"],
    ["RABBITMQ_ERLANG_COOKIE", "hunter2"],
  ])("%s=%s", async (name, value) => {
    expect(await found(env(name, value))).toHaveLength(1);
    expect(await found(file(`a: b\n${name}: ${value}\n`))).toHaveLength(1);
  });
  test.each([
    ["NEO4J_AUTH", "none"],
    ["BASIC_AUTH", "true"],
    ["BASIC_AUTH", "admin:$(PASSWORD)"],
    ["HTTP_AUTH", "https://auth.example.com/verify"],
    ["RABBITMQ_ERLANG_COOKIE", "$(COOKIE)"],
  ])("none in %s=%s", async (name, value) => {
    expect(await found(env(name, value))).toEqual([]);
  });
});

describe("a command that takes a password by its place", () => {
  test.each([
    [["etcdctl", "--user=root:hunter2", "get", "a"]],
    [["etcdctl", "--user", "root:hunter2", "get", "a"]],
    [["mc", "alias", "set", "s3", "https://s3", "minio", "hunter2"]],
    [["mc", "--insecure", "config", "host", "add", "s3", "https://s3", "minio", "hunter2"]],
    [["sh", "-c", "until mc alias set s3 https://s3 minio hunter2; do sleep 1; done"]],
    [["rabbitmqctl", "add_user", "app", "hunter2"]],
    [["htpasswd", "-bc", "/auth/users", "admin", "hunter2"]],
    [["vault", "login", "hunter2"]],
    [["erl", "-setcookie", "hunter2"]],
  ])("%j", async (words) => {
    const messages = await found(args(...words));
    expect(messages).toHaveLength(1);
    expect(messages.join()).not.toContain("hunter2");
  });
  test.each([
    [["etcdctl", "--user=root", "get", "a"]],
    [["etcdctl", "--user=root:$(PW)", "get", "a"]],
    [["mc", "alias", "set", "s3", "https://s3", "$(ID)", "$(KEY)"]],
    [["mc", "mirror", "a", "b", "c", "d", "e"]],
    [["rabbitmqctl", "list_users", "a", "b"]],
    [["vault", "login", "-method=kubernetes", "role=app"]],
  ])("none in %j", async (words) => {
    expect(await found(args(...words))).toEqual([]);
  });
});

describe("the path of a probe", () => {
  const probed = (path: string, hook = "livenessProbe") =>
    deployment({ containers: [container({ [hook]: { httpGet: { path, port: 80 } } })] });
  test("holds none", async () => {
    for (const hook of ["livenessProbe", "readinessProbe", "startupProbe"]) {
      expect(await found(probed("/health?token=hunter2", hook))).toEqual([
        expect.stringContaining('the path of a probe of containers["web"] holds a credential'),
      ]);
    }
    expect(await found(probed("/?a=b&api_key=hunter2"))).toHaveLength(1);
    expect(await found(probed("/?token=hunter2"), { allow: ["token"] })).toEqual([]);
    for (const path of ["/health", "/health?verbose=1", "/?max_tokens=5", "/token"]) {
      expect(await found(probed(path))).toEqual([]);
    }
  });
});
