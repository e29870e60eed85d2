/** The managed stores alone, with the settings that the stack names. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { managedStores } from "../../../components/stores/managedStores";
import { databaseSchema, redisSchema } from "../../../domain/settings/stores";

const config = new pulumi.Config();
const kept = config.requireObject<object>("database");
const database = databaseSchema.parse({ kind: "managed", ...kept });
const redis = redisSchema.parse({ kind: "managed", ...config.requireObject<object>("redis") });
if (database.kind !== "managed" || redis.kind !== "managed") {
  throw new Error("the stores are managed");
}
const provider = new aws.Provider("aws", { region: "us-west-2" });
const stores = managedStores(
  "platform",
  {
    clusterName: "llm-gateway-test",
    vpcId: "vpc-1",
    subnetIds: ["subnet-1", "subnet-2"],
    subnetCidrs: [],
    nodeSecurityGroupId: "sg-1",
    protect: false,
    tags: {},
  },
  { providers: [provider] },
);
const password = pulumi.secret("not-used-but-long-enough");
stores.database(database, password);
stores.redis(redis, password);
