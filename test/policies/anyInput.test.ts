import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LATER, violations, type TestResource } from "./support";

/** Every type that some rule looks at, and some that none does. */
const TYPES = [
  ...["apps/v1:Deployment", "apps/v1:DeploymentPatch", "apps/v1:DeploymentList", "core/v1:Pod"],
  ...["autoscaling/v1:HorizontalPodAutoscaler", "autoscaling/v2:HorizontalPodAutoscaler"],
  ...["keda.sh/v1alpha1:ScaledObject", "policy/v1:PodDisruptionBudget", "core/v1:LimitRange"],
  ...["core/v1:ConfigMap", "core/v1:Service", "networking.k8s.io/v1:Ingress", "core/v1:Namespace"],
  ...["argoproj.io/v1alpha1:Rollout", "leaderworkerset.x-k8s.io/v1:LeaderWorkerSet"],
  ...["autoscaling.k8s.io/v1:VerticalPodAutoscaler", "example.org/v1:Anything"],
].map((type) => `kubernetes:${type}`);
const AWS_TYPES = [
  ...["eks/cluster:Cluster", "eks/nodeGroup:NodeGroup", "ec2/launchTemplate:LaunchTemplate"],
  ...["rds/instance:Instance", "elasticache/replicationGroup:ReplicationGroup", "iam/role:Role"],
  ...["iam/policy:Policy", "iam/rolePolicyAttachment:RolePolicyAttachment", "kms/key:Key"],
  ...["ec2/securityGroup:SecurityGroup", "ec2/securityGroupRule:SecurityGroupRule", "ec2/vpc:Vpc"],
].map((type) => `aws:${type}`);

/** Names that rules look up, so that what is made up lies where they look. */
const KEYS = [
  ...["metadata", "name", "namespace", "annotations", "labels", "spec", "template", "containers"],
  ...["initContainers", "resources", "requests", "limits", "cpu", "image", "env", "value", "args"],
  ...["scaleTargetRef", "apiVersion", "kind", "metrics", "type", "resource", "target", "items"],
  ...["triggers", "behavior", "scaleDown", "selector", "matchLabels", "matchExpressions", "data"],
  ...["policy", "assumeRolePolicy", "inlinePolicies", "managedPolicyArns", "vpcConfig", "tags"],
  ...["blockDeviceMappings", "ebs", "ingress", "cidrBlocks", "instanceTypes", "tagSpecifications"],
  ...["replicas", "minReplicas", "maxReplicas", "leaderWorkerTemplate", "workloadRef", "ports"],
];

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: "large" },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(LATER)),
    fc.constantFrom("Utilization", "Resource", "cpu", "Deployment", "web", "{", "0", "*"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie("value"), { maxKeys: 6 }),
  ),
}));

const resource: fc.Arbitrary<TestResource> = fc.record({
  type: fc.constantFrom(...TYPES, ...AWS_TYPES),
  name: fc.constantFrom("web", "hpa", "it"),
  props: fc.dictionary(fc.constantFrom(...KEYS), value, { minKeys: 1, maxKeys: 8 }),
});

describe("whatever a stack holds,", { timeout: 300_000 }, () => {
  test("no rule fails", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(resource, { minLength: 1, maxLength: 5 }), async (stack) => {
        await expect(violations(stack)).resolves.toBeTypeOf("object");
      }),
      { numRuns: 300 },
    );
  });
});
