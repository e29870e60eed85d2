/** The engine's floor: as many trivial resources as the platform declares, and nothing else. */
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const count = new pulumi.Config().requireNumber("count");
for (let index = 0; index < count; index += 1) {
  new random.RandomPassword(`r${index}`, { length: 8, special: false });
}
