import { isWithin } from "../../domain/hostName";
import { fail, pass } from "../stack/checklist";
import { accountCheck } from "./identityChecks";
import { setCommand, type EksCheck } from "./subject";

const hostedZone = accountCheck(
  "The gateway's name lies in a zone of the account",
  async ({ account, config, stack }) => {
    const { tls } = config.gateway.service;
    if (tls?.hostedZoneId === undefined) {
      return pass(
        tls === undefined
          ? "the gateway has no name of its own"
          : `the record of ${tls.hostName} is made by hand`,
      );
    }
    const { hostName, hostedZoneId: id } = tls;
    const path = "gateway.service.tls";
    const findZone = `aws route53 list-hosted-zones-by-name --dns-name ${hostName.replace(/^[^.]+\./, "")}`;
    const setZone = setCommand(stack, `${path}.hostedZoneId`, "Z...");
    const zone = await account.hostedZone(id);
    if (zone === undefined) {
      return fail(`the account has no hosted zone ${id}`, `${findZone}\n${setZone}`);
    }
    if (!isWithin(hostName, zone.name)) {
      return fail(
        `${hostName} does not lie in ${zone.name}, the zone ${id}`,
        `${findZone}\n${setZone}\n${setCommand(stack, `${path}.hostName`, `llm.${zone.name}`)}`,
      );
    }
    return zone.isPrivate
      ? fail(
          `${zone.name}, the zone ${id}, is private: nobody could see there that the name is yours, and no certificate is issued`,
          `${findZone}\n${setZone}`,
        )
      : pass(`${hostName} lies in ${zone.name}`);
  },
);

export const HOST_NAME_CHECKS: readonly EksCheck[] = [hostedZone];
