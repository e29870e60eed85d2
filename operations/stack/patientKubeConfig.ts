import { setTimeout as sleep } from "node:timers/promises";
import {
  createConfiguration,
  KubeConfig,
  ServerConfiguration,
  wrapHttpLibrary,
  type ApiConstructor,
  type ApiType,
  type HttpLibrary,
  type RequestContext,
  type ResponseContext,
} from "@kubernetes/client-node";

/** How often a request is sent again. Source: NewRequest and checkWait of client-go 0.36.3, rest/request.go and rest/with_retry.go. */
const RETRIES = 10;

/**
 * A kubeconfig whose clients come back when the API server asks them to, as kubectl does: it answers 429 while
 * the storage of a new kind is made ready and under load, 503 while it starts.
 */
export class PatientKubeConfig extends KubeConfig {
  /** @throws Error without a cluster */
  override makeApiClient<T extends ApiType>(apiClientType: ApiConstructor<T>): T {
    const cluster = this.getCurrentCluster();
    if (cluster === null) {
      throw new Error("the kubeconfig has no cluster at its context");
    }
    const configuration = createConfiguration({
      baseServer: new ServerConfiguration(cluster.server, {}),
      authMethods: { default: this },
    });
    return new apiClientType({
      ...configuration,
      httpApi: wrapHttpLibrary({
        send: (request) => sendPatiently(configuration.httpApi, request),
      }),
    });
  }
}

async function sendPatiently(
  library: HttpLibrary,
  request: RequestContext,
): Promise<ResponseContext> {
  for (let left = RETRIES; ; left -= 1) {
    const response = await library.send(request).toPromise();
    const wait = askedToWait(response);
    if (wait === undefined || left === 0) {
      return response;
    }
    // Its connection is not given back before the body is read.
    await response.body.binary();
    await sleep(wait * 1000, undefined, { signal: request.getSignal() });
  }
}

/** Seconds after which the server wants to be asked again; undefined where its answer is one. */
function askedToWait({ httpStatusCode: code, headers }: ResponseContext): number | undefined {
  const asked = headers["retry-after"];
  return (code === 429 || code >= 500) && asked !== undefined && /^\d+$/.test(asked)
    ? Number(asked)
    : undefined;
}
