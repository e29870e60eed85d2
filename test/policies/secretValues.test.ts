/** Credentials, and what only looks like them: values and names, kind by kind. */
import { describe, expect, test } from "vitest";
import { nameKind } from "../../policies/secrets/names";
import { credentialsFound as found } from "./corpus/builders/credentials";
import { args, env, file } from "./corpus/builders/workloads";
import { deployment } from "./fixtures";

describe("a value that points to a credential, gets one, or stands for one is none:", () => {
  test.each([
    ...["$(VAR)", "${VAR}", "${DB_PASSWORD}-v2", "$VAR", "%VAR%", "`cat /run/secrets/db`"],
    ...["$(cat /run/secrets/db)", '$(kubectl get secret db -o jsonpath="{.data.password}")'],
    ...['os.environ["DB_PASSWORD"]', 'os.environ.get("DB_PASSWORD")', "process.env.DB_PASSWORD"],
    ...['process.env["DB_PASSWORD"]', 'getenv("DB_PASSWORD")', 'System.getenv("DB_PASSWORD")'],
    ...['process.env.DB_PASSWORD || ""', 'ENV.fetch("DB_PASSWORD")', "ENV['DB_PASSWORD']"],
    ...["import.meta.env.VITE_TOKEN", 'os.Getenv("PW")'],
    ...["{{ .Values.db.password }}", "{{db_password}}", "prefix-{{ pw }}", "{% pw %}", "<%= pw %>"],
    ...["<password>", "<your-password>", "<<PASSWORD>>", "[password]", "{password}", "[[ .pw ]]"],
    ...["__DB_PASSWORD__", "@DB_PASSWORD@", "#{DB_PASSWORD}#", "%(password)s", "your-password"],
    ...[
      "REPLACE_ME",
      "replace-with-your-password",
      "xxxxxxxx",
      "********",
      "sk-xxxxxxxxxxxxxxxxxxxx",
    ],
    ...["ENC[AES256_GCM,data:9fK2xLq7Rz0=,iv:a,tag:b,type:str]", "{cipher}9fK2xLq7Rz0VbT4"],
    ...["vault:secret/data/db#password", "arn:aws:secretsmanager:us-west-2:1:secret:db"],
    ...["ref+vault://secret/db#/password", "op://vault/db/password", "projects/p/secrets/db"],
    ...["awssm:db/password", "secretref+vault://db", "!vault", `AgBy${"3i4OJSWK".repeat(20)}`],
    ...["/run/secrets/db", "./password.txt", "~/.pgpass", "secrets/db.txt", "C:\\secrets\\db.txt"],
    ...["@/run/secrets/db", "file:/run/secrets/db", "DB_PASSWORD", "null", "none", ""],
  ])("%s", async (value) => {
    const word = /\s/.test(value) ? [] : [args(`--password=${value}`)];
    const literal = value === "!vault" ? [] : [env("DB_PASSWORD", value), ...word];
    for (const stack of [...literal, file(`user: app\npassword: ${value}\n`)]) {
      expect(await found(stack)).toEqual([]);
    }
  });

  test.each([
    ...["settings.database.password", "self.password", "var.db_password", "args.password"],
    ...["await readSecret()", "string", "String", "bytes", "required", "optional", "boolean"],
    ...["str | None", "Optional[str]", "$password", "db.conf"],
  ])(
    "%s in a file, which may be a program or a schema; a variable holds it as it is",
    async (value) => {
      expect(await found(file(`user: app\npassword: ${value}\n`))).toEqual([]);
    },
  );

  test.each([
    ["MASTER_KEY", "litellm-keys"],
    ["CLIENT_SECRET", "oauth-client-credentials"],
    ["existing_secret", "litellm-db"],
    ["PASSWORD_SECRET", "litellm-db"],
    ["passwordSecret", "redis"],
    ["API_KEY", "OPENAI_API_KEY"],
    ["secretKey", "db-password"],
    ["api_key_env", "OPENAI_API_KEY"],
    ["token", "24h"],
  ])("%s = %s names a Secret, a key, a variable or a time", async (name, value) => {
    expect(await found(env(name, value))).toEqual([]);
    expect(await found(file(`a: b\n${name}: ${value}\n`))).toEqual([]);
  });

  test.each([
    ["a function", "def connect(user: str, password: str, token: Optional[str] = None):\n  pass"],
    ["a call", "db.connect(user=user, password=password, token=self.token)"],
    ["an assignment", 'password = os.environ["DB_PASSWORD"]\ntoken = get_token(client_id)\n'],
    ["a comparison", 'if password == "":\n  raise ValueError("no password")\n'],
    ["a schema", '{"properties": {"password": {"type": "string"}, "token": {"type": "string"}}}'],
    ["a required field", '{"password": "required", "api_key": "string"}'],
    ["a label", '{"password": "Password", "token": "Your access token for this site"}'],
    ["a reference", "password:\n  secretKeyRef:\n    name: db\n    key: password\n"],
    [
      "a variable by name",
      "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: {name: db, key: password}\n",
    ],
    [
      "SQL with a variable",
      "ALTER ROLE app PASSWORD :'app_password';\nALTER ROLE b PASSWORD '${PW}';",
    ],
    ["XML with a template", '<password>${db.password}</password><a password="{{ pw }}"/>'],
    ["a script", 'PGPASSWORD="$(cat /run/secrets/db)" psql\ncurl -u "$USER:$PASS" https://a\n'],
    [
      "a script with a file",
      "mysql --defaults-file=/etc/my.cnf -u root -p db\nredis-cli -a $PASS\n",
    ],
    ["a port", "psql -U app -p 5432 -h db\nssh -p 2222 host\nmkdir -p /var/lib/app\n"],
    ["comments", "# password: hunter2\n// token: hunter2hunter2\n; secret=hunter2hunter2\n"],
    ["help", "  --password string   the password of the user\n  --token <token>\n"],
    ["a URL", "url: https://api.example.com/v1?page_token=abc&max_tokens=5&token=${TOKEN}\n"],
    ["nginx", 'proxy_set_header Authorization "Bearer $token";\nproxy_set_header Host $host;\n'],
  ])("%s", async (_what, text) => {
    expect(await found(file(text, "text"))).toEqual([]);
  });

  test.each([
    ["checksum/secret", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ["nginx.ingress.kubernetes.io/auth-secret", "shop/users"],
    ["vault.hashicorp.com/agent-inject-secret-db", "secret/data/db"],
    ["prometheus.io/scrape", "true"],
    ["nginx.ingress.kubernetes.io/auth-url", "https://auth.example.com/verify?token=$token"],
  ])("annotation %s: %s", async (name, value) => {
    const annotations = { [name]: value };
    expect(await found(deployment({}, {}, { template: { metadata: { annotations } } }))).toEqual(
      [],
    );
  });
});

describe("a credential in an address or a connection string is seen, whatever the variable is called:", () => {
  test.each([
    "Server=db;Database=app;User Id=sa;Password=hunter2",
    "Driver={ODBC Driver 18};Server=db;UID=sa;PWD=hunter2",
    "Server=db;Password=hunter2;Encrypt=true",
    "jdbc:postgresql://db:5432/app?user=app&password=hunter2",
    "jdbc:sqlserver://db:1433;databaseName=app;user=sa;password=hunter2",
    "jdbc:oracle:thin:scott/tiger@db:1521/app",
    "host=db user=app password=hunter2 dbname=app",
    "app:hunter2@tcp(db:3306)/app",
    "https://api.example.com/v1?api_key=hunter2",
    "https://api.example.com/v1?a=b&token=hunter2",
    "https://api.example.com/v1?access_token=hunter2#x",
    "https://admin:hunter2@example.com/",
    "redis://:hunter2@cache:6379/0",
    "amqp://guest:guest@queue:5672",
    "https://hooks.slack.com/services/T00000000/B00000000/9fK2xLq7Rz0VbT4mWc8Yp1Ns",
    "https://discord.com/api/webhooks/123456789012345678/9fK2xLq7Rz0VbT4mWc8Yp1Ns",
    `https://corp.webhook.office.com/webhookb2/a-b@c-d/IncomingWebhook/${"9f86d081".repeat(4)}/a`,
    "https://acct.blob.core.windows.net/c?sv=2022-11-02&sp=r&sig=9fK2xLq7Rz0VbT4%3D",
    "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=r;SharedAccessKey=9fK2xLq7Rz0Vb=",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=9fK2xLq7Rz0VbT4mWc8Yp1Ns==",
    "-Xmx1g -Dspring.datasource.password=hunter2",
    "--verbose --api-key hunter2-correct",
    '{"user": "app", "password": "hunter2"}',
  ])("%s", async (value) => {
    for (const stack of [
      env("SETTING", value),
      file(value, "setting"),
      file(`a: 1\nsetting: ${value}\n`),
      args(`--setting=${value}`),
    ]) {
      const messages = await found(stack);
      expect(messages).toHaveLength(1);
      expect(messages.join()).not.toContain("hunter2");
    }
  });

  test.each([
    "Server=db;User Id=sa;Password=$(DB_PASSWORD)",
    "Server=db;User Id=sa;Password=${DB_PASSWORD};Encrypt=true",
    "jdbc:postgresql://db:5432/app?user=app&password={{ pw }}",
    "https://api.example.com/v1?api_key=$(KEY)&max_tokens=5",
    "https://$(USER):$(PASSWORD)@example.com",
    "https://user@example.com",
    "Server=db;Trusted_Connection=True;Persist Security Info=False",
  ])("and none in %s", async (value) => {
    expect(await found(env("SETTING", value))).toEqual([]);
    expect(await found(file(`a: 1\nsetting: ${value}\n`))).toEqual([]);
  });
});

describe("a name is read in every spelling:", () => {
  test.each([
    ...[
      "DB_PASSWORD_1",
      "DB_PASSWORD1",
      "PASSWORD_PROD",
      "PG_PASS",
      "PGPASS",
      "DBPASS",
      "SMTP_PASS",
    ],
    ...[
      "masterauth",
      "requirepass",
      "--requirepass",
      "-storepass",
      "passwordOld",
      "db.password.dev",
    ],
    ...["SPRING_DATASOURCE_PASSWORD", "passwords", "MYSQL_ROOT_PASSWORD", "PASSWD", "userPwd"],
  ])("%s is a password's", (name) => {
    expect(nameKind(name)).toBe("password");
  });

  test.each([
    ...["API_KEY_1", "API_KEY_V2", "api_keys", "TOKEN_PROD", "GITHUB_TOKEN", "ACCESS_TOKENS"],
    ...["X-Api-Key", "Ocp-Apim-Subscription-Key", "x-functions-key", "clientSecret", "HF_TOKEN_2"],
  ])("%s is a credential's", (name) => {
    expect(nameKind(name)).toBe("credential");
  });

  test.each([
    ...[
      "MAX_TOKENS",
      "MAX_TOKEN_1",
      "PASSWORD_FILE",
      "PASSWORD_MIN_LENGTH",
      "PASSWORD_HASH",
      "BYPASS",
    ],
    ...[
      "SECRET_NAME",
      "TOKENIZER",
      "COMPASS",
      "checksum/secret",
      "password-policy",
      "KEY_1",
      "RELEASE",
    ],
  ])("%s is nobody's", (name) => {
    expect(nameKind(name)).toBe("harmless");
  });
});
