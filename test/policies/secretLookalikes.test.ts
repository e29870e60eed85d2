/** What only looks like a credential, kind by kind, each beside a neighbour that is one. */
import { describe, expect, test } from "vitest";
import { credentialsFound as found } from "./corpus/builders/credentials";
import { args, env, file } from "./corpus/builders/workloads";

const KEY = "9fK2xLq7Rz0VbT4mWc8Yp1Ns";

/** Texts of files that hold none, and texts beside them that do. */
function texts(good: readonly string[], bad: readonly string[], key = "text"): void {
  test.each(good)("none: %j", async (text) => {
    expect(await found(file(text, key))).toEqual([]);
    expect(await found(file(`\n${text}\n`, key))).toEqual([]);
  });
  test.each(bad)("one: %j", async (text) => {
    expect(await found(file(text, key))).toHaveLength(1);
    expect(await found(file(`\n${text}\n`, key))).toHaveLength(1);
  });
}

describe("a guard of a shell, which fails without the variable", () => {
  texts(
    [
      "export API_KEY=${API_KEY:?missing}",
      'PASSWORD="${DB_PASSWORD:?set it}"',
      ': "${TOKEN:?token: is missing}"',
      "PASSWORD=${DB_PASSWORD:?}",
      "export A=1 API_KEY=${API_KEY:?missing}",
    ],
    ["export PASSWORD=hunter2", "db={user: app, password: hunter2}"],
  );
});

describe("a keyword argument, which hands a variable on", () => {
  texts(
    [
      "def login(user, password=None): pass",
      "f(token=True)",
      "call(x, token=None)",
      "connect(host=h, password=pw)",
      "connect(password=get(x), token=self.token)",
      "def f(a, *, api_key=None, password=None) -> None:\n  pass",
      "db.connect(\n    host=host,\n    password=pw,\n    token=tok\n)",
      "import db\nx = 1\npassword = pw\n",
      "[f(password=pw) for f in all]",
    ],
    [
      'connect(host=h, password="hunter2")',
      "(DESCRIPTION=(USER=a)(PASSWORD=hunter2))",
      "cache:6380,password=hunter2,ssl=True",
      'db.connect(\n    host=host,\n    password="hunter2",\n)',
      "password = hunter2",
    ],
  );

  test("in a command's program", async () => {
    expect(await found(args("python3", "-c", "connect(host=h, password=pw)"))).toEqual([]);
    expect(await found(args("sh", "-c", "python -c 'connect(host=h, password=pw)'"))).toEqual([]);
    expect(await found(args("python3", "-c", 'connect(host=h, password="hunter2")'))).toHaveLength(
      1,
    );
  });
});

describe("an object or a type of a program, whose fields are variables", () => {
  texts(
    [
      "connect({ host: host, password: pw })",
      "interface C { password: string; token: Token }",
      "interface C {\n  password: Secret;\n  token?: Token;\n  keys: Map<string, Token>;\n}",
      "const options = { user: user, password: pw };",
      "connect({\n  host: host,\n  password: pw,\n});",
      "class Login {\n  private password: Hidden;\n}",
      "return { token: jwt, password: entered };",
    ],
    [
      "connect({ host: host, password: 'hunter2' })",
      "db: { host: host, password: hunter2 }",
      "db: {host: a; password: hunter2}",
      "const options = { user: user, password: 'hunter2' };",
      'interface C { password: string }\nconst c = { password: "hunter2" }',
    ],
  );
});

describe("how a request is allowed to carry credentials", () => {
  texts(
    [
      "fetch(u, { credentials: 'same-origin' })",
      "a: 1\ncredentials: include",
      'a: 1\ncredentials: "omit"',
    ],
    [`a: 1\ncredentials: ${KEY}`, "a: 1\ncredentials: included-hunter2"],
  );
});

describe("a key for a server without keys", () => {
  test.each([
    "sk-no-key-required",
    "sk-placeholder",
    "sk-dummy",
    "sk-fake-key",
    "sk-none",
    "ollama",
    "anything",
    "x",
    "xx",
    "lm-studio",
    "my-api-key",
  ])("none: %s", async (value) => {
    expect(await found(file(`model: a\napi_key: ${value}\n`))).toEqual([]);
    expect(await found(env("OPENAI_API_KEY", value))).toEqual([]);
    expect(await found(args(`--api-key=${value}`))).toEqual([]);
  });
  test.each(["sk-1234", `sk-${KEY}`, "hunter2", "ollama2-hunter"])("one: %s", async (value) => {
    expect(await found(file(`model: a\napi_key: ${value}\n`))).toHaveLength(1);
    expect(await found(env("OPENAI_API_KEY", value))).toHaveLength(1);
    expect(await found(args(`--api-key=${value}`))).toHaveLength(1);
  });
  test.each(["x", "anything", "ollama"])("and a password: %s", async (value) => {
    expect(await found(env("DB_PASSWORD", value))).toHaveLength(1);
  });
});

describe("the name of a Secret", () => {
  texts(
    [
      "tls:\n  secret: web",
      "basicAuth:\n  secret: auth-users",
      "a: b\nsecret: default/web",
      "a: b\nDB_SECRET: postgres-app",
      "a: b\ndatabaseSecret: db-2",
    ],
    [
      `a: b\nsecret: ${KEY}`,
      "a: b\nsecret: hunter2",
      "a: b\nclient_secret: correct-horse",
      "a: b\nsecret: changeme",
      "a: b\ntoken: correct-horse",
      "a: b\npassword: web",
    ],
  );
  test.each([
    ["DB_SECRET", "prod/db/main"],
    ["KUBERNETES_SECRET", "litellm-db"],
    ["JWT_SECRET", "prod/gateway/jwt"],
  ])("none: variable %s=%s", async (name, value) => {
    expect(await found(env(name, value))).toEqual([]);
  });
  test.each([
    ["DB_SECRET", "prod/db/9fK2xLq7Rz0Vb"],
    ["JWT_SECRET", "correct-horse"],
    ["DB_PASSWORD", "prod-db"],
    ["SECRET", "hunter2hunter2"],
  ])("one: variable %s=%s", async (name, value) => {
    expect(await found(env(name, value))).toHaveLength(1);
  });
  test("as an argument", async () => {
    expect(await found(args("--secret=ns/tls"))).toEqual([]);
    expect(await found(args("--secret", "tls"))).toEqual([]);
    expect(await found(args("--secret=hunter2"))).toHaveLength(1);
  });
});

describe("a text of an interface", () => {
  texts(
    [
      '{"forgot_password": "Forgot password?"}',
      '{"password": "Passwort"}',
      '{"password": "Mot de passe", "new_password": "Neues Passwort"}',
      '{"password": "Passwort:", "confirm_password": "Repetir contraseña…"}',
      '{"password": "Пароль", "old_password": "パスワード"}',
      "a: b\npassword: Mindestens 8 Zeichen",
    ],
    [
      '{"password": "Hunter2"}',
      '{"password": "Hunter2 horse"}',
      '{"password": "correct horse battery"}',
      '{"password": "hunter2?"}',
    ],
    "login.json",
  );
  const german = '{"login": "Anmelden", "user": "Benutzer", "password": "geheimwort", "go": "Los"}';
  test("in a file of a language, most of whose values are words for people", async () => {
    for (const key of ["de.json", "messages_de.json", "pt-BR.json", "locale.json"]) {
      expect(await found(file(german, key))).toEqual([]);
    }
    expect(await found(file(german, "app.json"))).toHaveLength(1);
    expect(await found(file(german.replace("geheimwort", "hunter2"), "de.json"))).toHaveLength(1);
    const settings = '{"host": "db", "user": "app", "password": "geheimwort"}';
    expect(await found(file(settings, "db.json"))).toHaveLength(1);
  });
  test("and a variable, which nobody reads as one", async () => {
    expect(await found(env("DB_PASSWORD", "Correct Horse Battery"))).toHaveLength(1);
  });
});

describe("a token of a vocabulary", () => {
  texts(
    [
      "a: b\nuser_token: USER\nassistant_token: ASSISTANT\nsystem_token: SYSTEM",
      'a: b\nforced_decoder_token: "en"',
      'a: b\nuser_token: "<|user|>"',
    ],
    [`a: b\nuser_token: ${KEY}`, "a: b\nsystem_token: hunter2"],
  );
});

describe("a matcher or a regular expression", () => {
  texts(
    [
      'expr: sum(x{token="abc"})',
      'a: b\nexpr: rate(http_total{job="a",token=~"abc.*"}[5m])',
      "a: b\npattern: 'password=\\S+'",
      "a: b\nregex: '(?<token>[^ ]+) (?P<password>.*)'",
      "a: b\nregex: 'password=(?<password>\\w+)'",
      "a: b\nregex: token=[^&]+",
      "domain: a\ndescriptors:\n  - key: api_key\n    value: premium\n",
    ],
    [
      'a: b\nconn: {password="hunter2"}',
      "a: b\nconn: user=a password=hunter2",
      "env:\n  - name: API_KEY\n    value: premium-hunter2\n",
      `domain: a\ndescriptors:\n  - key: api_key\n    value: ${KEY}\n`,
    ],
  );
});

describe("a public key, or a switch", () => {
  test.each([
    ["STRIPE_PUBLISHABLE_KEY", `pk_live_${KEY}`],
    ["RECAPTCHA_SITE_KEY", `6Lc${KEY}`],
    ["MYSQL_RANDOM_ROOT_PASSWORD", "1"],
    ["MARIADB_RANDOM_ROOT_PASSWORD", "yes"],
    ["SETTING", "-Djavax.net.ssl.trustStorePassword=changeit"],
  ])("none: %s=%s", async (name, value) => {
    expect(await found(env(name, value))).toEqual([]);
  });
  test.each([
    ["STRIPE_SECRET_KEY", `sk_live_${KEY}`],
    ["RECAPTCHA_SECRET_KEY", `6Lc${KEY}`],
    ["MYSQL_ROOT_PASSWORD", "1"],
    ["SETTING", "-Djavax.net.ssl.trustStorePassword=hunter2"],
    ["SETTING", "-Djavax.net.ssl.keyStorePassword=changeit"],
  ])("one: %s=%s", async (name, value) => {
    expect(await found(env(name, value))).toHaveLength(1);
  });
  test("an argument for the projected token", async () => {
    expect(await found(args("--token=projected"))).toEqual([]);
    expect(await found(args("-Djavax.net.ssl.trustStorePassword=changeit"))).toEqual([]);
    expect(await found(args("--token=hunter2"))).toHaveLength(1);
  });
});
