import { PolicyPack } from "@pulumi/policy";
import { checkConfigurations } from "./factory/server";
import { policies, RULES } from "./pack";

checkConfigurations(RULES);

// Starts a server and prints its port, which must be the first line of output: nothing else belongs here.
new PolicyPack("llm-gateway", { policies: policies() });
