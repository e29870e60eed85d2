/** Every place of a workload and of a ConfigMap where a program can write a credential in clear text. */
import { describe, expect, test } from "vitest";
import { credentialsFound as found } from "./corpus/builders/credentials";
import { args, file } from "./corpus/builders/workloads";
import { object } from "./corpus/case";
import { container, deployment } from "./fixtures";

describe("a command's password is seen:", () => {
  test.each([
    ["--requirepass", ["redis-server", "--requirepass", "hunter2"]],
    ["--masterauth", ["redis-server", "--masterauth", "hunter2"]],
    ["--password", ["app", "--password", "hunter2"]],
    ["--password", ["app", "--password=hunter2"]],
    ["-password", ["app", "-password", "hunter2"]],
    ["-p", ["mysql", "-u", "root", "-phunter2"]],
    ["-p", ["sshpass", "-p", "hunter2", "ssh", "host"]],
    ["-p", ["docker", "login", "-u", "bot", "-p", "hunter2"]],
    ["-p", ["/usr/bin/tool", "-u", "admin", "-p", "hunter2"]],
    ["-a", ["redis-cli", "-h", "cache", "-a", "hunter2", "ping"]],
    ["-u", ["curl", "-u", "admin:hunter2", "https://a"]],
    ["--user", ["curl", "--user=admin:hunter2", "https://a"]],
    ["-w", ["ldapsearch", "-x", "-w", "hunter2"]],
    ["pass:", ["openssl", "rsa", "-passin", "pass:hunter2"]],
    ["Authorization", ["curl", "-H", "Authorization: Bearer hunter2", "https://a"]],
    ["X-Api-Key", ["curl", "-H", "X-Api-Key: hunter2-correct", "https://a"]],
    ["password", ["vault", "write", "auth/login", "password=hunter2"]],
    [
      "password",
      ["kubectl", "create", "secret", "generic", "a", "--from-literal=password=hunter2"],
    ],
    ["auth.password", ["helm", "install", "--set", "auth.user=a,auth.password=hunter2", "a", "b"]],
    ["-u", ["sh", "-c", "set -e; curl -fsS -u admin:hunter2 https://a | jq ."]],
    ["-u", ["sh", "-c", "TOKEN=$(curl -u admin:hunter2 https://a) app"]],
    ["PGPASSWORD", ["sh", "-ec", "export PGPASSWORD=hunter2 && psql -h db"]],
    ["password", ["psql", "-c", "ALTER USER app PASSWORD 'hunter2'"]],
    ["password", ["mysql", "-e", "CREATE USER a IDENTIFIED BY 'hunter2'"]],
    ["password", ["app", '{"user": "a", "password": "hunter2"}']],
  ])("%s in %j", async (flag, words) => {
    const said = `argument ${flag} of containers["web"] holds a credential`;
    expect(await found(args(...words))).toEqual([expect.stringContaining(said)]);
    expect((await found(args(...words))).join()).not.toContain("hunter2");
    const lifecycle = { preStop: { exec: { command: words } } };
    expect(await found(deployment({ containers: [container({ lifecycle })] }))).toHaveLength(1);
    const livenessProbe = { exec: { command: words } };
    expect(await found(deployment({ containers: [container({ livenessProbe })] }))).toHaveLength(1);
  });

  test.each([
    [["app", "-p", "8080:80", "-u", "1000"]],
    [["docker", "run", "--user", "1000:1000", "-p", "80:80", "app"]],
    [["mkdir", "-p", "/data"]],
    [["mysql", "-u", "root", "-p", "app"]],
    [["curl", "-u", "$(USER):$(PASSWORD)", "https://a"]],
    [["curl", "-H", "Authorization: Bearer $(TOKEN)", "https://a"]],
    [["redis-server", "--requirepass", "$(REDIS_PASSWORD)"]],
    [["app", "--password-file", "/run/secrets/db", "--max-tokens", "5", "--token-ttl", "1h"]],
    [["openssl", "rsa", "-passin", "file:/run/secrets/key"]],
    [["sh", "-c", 'redis-cli -a "$REDIS_PASSWORD" ping | grep PONG']],
    [["psql", "-U", "app", "-p", "5432"]],
  ])("none in %j", async (words) => {
    expect(await found(args(...words))).toEqual([]);
  });
});

describe("a file's password is seen in", () => {
  test.each([
    ["YAML", "db:\n  user: app\n  password: hunter2 # of the database\n"],
    ["YAML with a quote", "a: 1\npassword: 'hunter2'\n"],
    ["a flow mapping", "a: 1\ndb: {user: app, password: hunter2}\n"],
    ["a block text", "a: 1\npassword: |\n  hunter2\nb: 2\n"],
    ["a list", "a: 1\npasswords:\n  - hunter2\n"],
    ["YAML with a tag", "a: 1\npassword: !!str hunter2\n"],
    ["a list of variables", "env:\n  - name: DB_PASSWORD\n    value: hunter2\n"],
    ["JSON on one line", '{"db": {"user": "app", "password": "hunter2"}}'],
    ["JSON with a number", '{"user": "app", "password": 48151623}'],
    ["JSON in a text", '{"config": "{\\"password\\": \\"hunter2\\"}"}'],
    ["JSON variables", '[{"name": "DB_PASSWORD", "value": "hunter2"}]'],
    ["TOML", '[db]\nuser = "app"\npassword = "hunter2"\n'],
    ["an inline table", 'a = 1\ndb = { user = "app", password = "hunter2" }\n'],
    ["INI", "[client]\nuser=root\npassword=hunter2\n"],
    ["properties", "a=1\nspring.datasource.password=hunter2\n"],
    [
      "properties with JAAS",
      'a=1\nsasl.jaas.config=Login required username="a" password="hunter2";\n',
    ],
    ["dotenv", "A=1\nexport DB_PASSWORD=hunter2\n"],
    ["XML", "<db>\n  <user>app</user><password>hunter2</password>\n</db>"],
    ["XML over lines", "<db>\n<password>\n  hunter2\n</password>\n</db>"],
    ["attributes of XML", '<x>\n<Resource username="app" password="hunter2"/>\n</x>'],
    ["properties of XML", '<x>\n<property name="password" value="hunter2"/>\n</x>'],
    ["an entry of XML", '<x>\n<entry key="password">hunter2</entry>\n</x>'],
    ["SQL", "CREATE DATABASE a;\nCREATE ROLE app LOGIN PASSWORD 'hunter2';\n"],
    ["MySQL", "USE a;\nCREATE USER 'a'@'%' IDENTIFIED BY 'hunter2';\n"],
    [
      "MySQL with a plugin",
      "USE a;\nALTER USER a IDENTIFIED WITH mysql_native_password BY 'hunter2';\n",
    ],
    ["T-SQL", "USE a;\nCREATE LOGIN app WITH PASSWORD = 'hunter2';\n"],
    ["a script", "#!/bin/sh\ncurl -u admin:hunter2 https://a\n"],
    ["a script with a flag", "#!/bin/sh\napp login --password hunter2\n"],
    ["a header of curl", '#!/bin/sh\ncurl -H "X-Api-Key: hunter2-correct" https://a\n'],
    ["redis.conf", "port 6379\nmasterauth hunter2\n"],
    ["an ACL", "port 6379\nuser default on >hunter2 ~* +@all\n"],
    ["netrc", "machine a login bot password hunter2\n"],
    ["Python", 'import db\ndb.connect(user="app", password="hunter2")\n'],
    ["Python with a type", 'class A:\n  password: str = "hunter2"\n'],
    ["PHP", "<?php\n$password = 'hunter2';\n$c = ['password' => 'hunter2'];\n"],
    ["JavaScript", "module.exports = {\n  password: 'hunter2',\n};\n"],
    ["a URL", "a: 1\nurl: postgresql://app:hunter2@db/app\n"],
    ["nginx", 'server {\nproxy_set_header Authorization "Bearer 9fK2xLq7Rz0VbT4mWc8Yp1Ns";\n}\n'],
  ])("%s", async (_what, text) => {
    const data = await found(file(text, "file"));
    expect(data.length).toBeGreaterThan(0);
    expect(data.join()).not.toContain("hunter2");
    const binaryData = { file: Buffer.from(text).toString("base64") };
    expect(await found(object("core/v1:ConfigMap", "settings", { binaryData }))).toEqual(data);
    const annotations = { "example.org/config": text };
    const annotated = object("core/v1:Service", "web", { metadata: { name: "web", annotations } });
    expect(await found(annotated)).toEqual([
      "Service web: annotation example.org/config holds a credential in clear text; keep it in a Secret",
    ]);
  });

  test.each([
    "checksum/secret",
    "checksum/api-key",
    "example.org/password-hash",
    "a.b/sha256.token",
  ])("no checksum, which rolls the pods of a Secret: %s", async (key) => {
    const annotations = {
      [key]: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    };
    const annotated = object("core/v1:Service", "web", { metadata: { name: "web", annotations } });
    expect(await found(annotated)).toEqual([]);
    const plain = { annotations: { "example.org/password": "hunter2" } };
    expect(await found(object("core/v1:Service", "web", { metadata: plain }))).toHaveLength(1);
  });

  test("the line that it names", async () => {
    expect(
      await found(file("<db>\n<a>x</a>\n<password>hunter2</password>\n</db>", "db.xml")),
    ).toEqual([expect.stringContaining("line 3 of key db.xml")]);
  });

  test("no file of bytes", async () => {
    const binaryData = { "logo.png": Buffer.from([137, 80, 78, 71, 0, 255]).toString("base64") };
    expect(await found(object("core/v1:ConfigMap", "settings", { binaryData }))).toEqual([]);
  });
});

describe("a header of a probe", () => {
  const probed = (name: string, value: string, hook = "readinessProbe") => {
    const action = { httpGet: { path: "/", port: 80, httpHeaders: [{ name, value }] } };
    const changes =
      hook === "postStart" ? { lifecycle: { postStart: action } } : { [hook]: action };
    return deployment({ containers: [container(changes)] });
  };

  test.each([
    ["Authorization", "Bearer hunter2"],
    ["Authorization", "Basic YWRtaW46aHVudGVyMg=="],
    ["X-Api-Key", "hunter2-correct"],
    ["X-Auth-Token", "hunter2-correct"],
  ])("%s: %s is refused", async (name, value) => {
    for (const hook of ["readinessProbe", "livenessProbe", "startupProbe", "postStart"]) {
      expect(await found(probed(name, value, hook))).toEqual([
        expect.stringContaining(`header ${name} of containers["web"] holds a credential`),
      ]);
    }
    expect(await found(probed(name, value), { allow: [name] })).toEqual([]);
  });

  test.each([
    ["Host", "example.com"],
    ["Accept", "application/json"],
    ["Authorization", "Bearer $(TOKEN)"],
  ])("%s: %s is fine", async (name, value) => {
    expect(await found(probed(name, value))).toEqual([]);
  });
});
