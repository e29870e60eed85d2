import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { redisUrl } from "../../../components/litellm/redisConnection";

const AT = { kind: "single", port: 1234, peers: [] } as const;

test.each([
  [{ ...AT, host: "cache.example", tls: true }, "rediss://:secret@cache.example:1234"],
  [
    { ...AT, host: pulumi.output("litellm-redis-master"), tls: false },
    "redis://:secret@litellm-redis-master:1234",
  ],
])("Redis is reached by a URL, with TLS where it speaks that: %#", async (endpoint, wanted) => {
  const url = redisUrl(endpoint, pulumi.secret("secret"));
  expect(await new Promise((resolve) => url.apply(resolve))).toBe(wanted);
  expect(await pulumi.isSecret(url)).toBe(true);
});
