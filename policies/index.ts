import { PolicyPack } from "@pulumi/policy";
import { policies } from "./pack";

// Starts a server and prints its port, which must be the first line of output: nothing else belongs here.
new PolicyPack("llm-gateway", { policies: policies() });
