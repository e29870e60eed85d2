import { boolean } from "./parameters";

/** How requests are judged, by the rules that do. */
export const requestParameters = {
  explicitRequests: boolean("Whether a limit without a request counts as missing.", false),
  podRequests: boolean(
    "Whether requests of the pod as a whole count, as they do from Kubernetes 1.34 on.",
    true,
  ),
};
