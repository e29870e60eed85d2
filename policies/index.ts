import { PolicyPack } from "@pulumi/policy";
import { prepareServer } from "./factory/server";
import { policies, RULES } from "./pack";

prepareServer(RULES);

// Starts a server and prints its port, which must be the first line of output: nothing else belongs here.
new PolicyPack("llm-gateway", { policies: policies() });
