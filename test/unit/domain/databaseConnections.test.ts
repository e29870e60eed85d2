import { describe, expect, test } from "vitest";
import {
  mostReplicas,
  POOL,
  poolPerPod,
  serverConnections,
  type DatabaseSize,
} from "../../../domain/databaseConnections";

const IN_CLUSTER: DatabaseSize = { kind: "inCluster" };
const rds = (instanceClass: string): DatabaseSize => ({ kind: "managed", instanceClass });

describe("connections of the server", () => {
  test("in the cluster are PostgreSQL's default", () => {
    expect(serverConnections(IN_CLUSTER)).toBe(100);
  });

  // Read on running instances: gist.github.com/guizmaii/1cacffef793c2ba9645083c3e18b3d8c.
  test.each([
    ["db.t2.small", 198],
    ["db.t2.medium", 413],
    ["db.t2.large", 856],
    ["db.m4.large", 856],
    ["db.r4.large", 1660],
  ])("of %s are below the %d that were read, by a tenth at most", (instanceClass, read) => {
    const estimated = serverConnections(rds(instanceClass));
    expect(estimated).toBeLessThan(read);
    expect(estimated).toBeGreaterThan(read * 0.9);
  });

  test("grow with the class, up to RDS's ceiling", () => {
    const classes = ["micro", "small", "medium", "large", "xlarge", "2xlarge"];
    const grown = classes.map((size) => serverConnections(rds(`db.t4g.${size}`)));
    expect(grown).toEqual([...grown].sort((a, b) => a - b));
    expect(new Set(grown).size).toBe(classes.length);
    expect(serverConnections(rds("db.r6gd.4xlarge"))).toBe(5000);
    expect(serverConnections(rds("db.c6gd.medium"))).toBeLessThan(
      serverConnections(rds("db.m6gd.large")),
    );
  });

  test.each(["db.t4g.unheard", "db.q1.large", "db.m7g.metal"])(
    "of %s, which is not known, are those of the smallest",
    (instanceClass) => {
      expect(serverConnections(rds(instanceClass))).toBe(serverConnections(rds("db.t4g.micro")));
    },
  );
});

describe("the pool of a pod", () => {
  test("is LiteLLM's ten where they fit, and what fits where not", () => {
    expect(poolPerPod(rds("db.m7g.large"), 10)).toBe(10);
    expect(poolPerPod(IN_CLUSTER, 2)).toBe(10);
    expect(poolPerPod(IN_CLUSTER, 10)).toBe(7);
  });

  test("leaves the reserved connections to others, whatever the number of pods", () => {
    for (const database of [IN_CLUSTER, rds("db.t4g.micro"), rds("db.t4g.medium")]) {
      for (let replicas = 1; replicas <= mostReplicas(database); replicas += 1) {
        const pool = poolPerPod(database, replicas);
        expect(pool).toBeGreaterThanOrEqual(POOL.least);
        // A roll's new pod and the one that ends; three of superusers, five of operators, two of the migrations.
        expect(pool * (replicas + 2)).toBeLessThanOrEqual(serverConnections(database) - 10);
      }
      expect(poolPerPod(database, mostReplicas(database) + 1)).toBeLessThan(POOL.least);
    }
  });
});
