import { z } from "zod";
import type { Problem } from "./subject";
import { reasonOf, type Web } from "./web";

/** An image reference in its parts. */
export interface ImageReference {
  readonly registry: string;
  readonly repository: string;
  /** Tag, or `sha256:...`. */
  readonly reference: string;
}

/** Media types of image manifests: a registry answers 404 for one that nobody asked for. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Splits `registry/repository:tag` or `registry/repository@digest`. */
export function imageReference(image: string): ImageReference {
  const [, registry = "", repository = "", tag, digest] =
    /^([^/]+)\/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image) ?? [];
  return { registry, repository, reference: digest ?? tag ?? "latest" };
}

const token = z.union([
  z.object({ token: z.string() }).transform((answer) => answer.token),
  z.object({ access_token: z.string() }).transform((answer) => answer.access_token),
]);

/**
 * Asks a registry for the manifest of an image, with the anonymous token that it may want first.
 * Source: OCI Distribution Specification, "Checking if content exists in the registry"; token authentication of Distribution.
 *
 * @param setting command that sets another image
 * @returns what is wrong, undefined when the image is there
 */
export async function imageProblem(
  web: Web,
  image: string,
  setting: string,
): Promise<Problem | undefined> {
  const { registry, repository, reference } = imageReference(image);
  // The name in references is not the name of the server.
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
  const url = `https://${host}/v2/${repository}/manifests/${reference}`;
  const head = (headers: Record<string, string>) =>
    web.fetch(url, { method: "HEAD", headers: { accept: MANIFESTS, ...headers } });
  try {
    let response = await head({});
    const challenge = response.headers.get("www-authenticate");
    if (response.status === 401 && challenge !== null) {
      const authorization = await anonymousToken(web, challenge);
      if (authorization === undefined) {
        return { seen: `${registry} gives no anonymous access to ${repository}`, remedy: setting };
      }
      response = await head({ authorization });
    }
    if (response.ok) {
      return undefined;
    }
    return {
      seen:
        response.status === 404
          ? `${registry} has no ${repository}:${reference}`
          : `${registry} answers ${response.status} for ${repository}:${reference}`,
      remedy: setting,
    };
  } catch (error) {
    return {
      seen: `${registry} cannot be reached: ${reasonOf(error)}`,
      remedy: `let this machine reach ${registry} (HTTPS_PROXY); it is enough that the nodes do, for they pull`,
    };
  }
}

async function anonymousToken(web: Web, challenge: string): Promise<string | undefined> {
  const parameters = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
  );
  const { realm, ...query } = parameters;
  if (!/^Bearer /i.test(challenge) || realm === undefined) {
    return undefined;
  }
  const response = await web.fetch(`${realm}?${new URLSearchParams(query).toString()}`);
  return response.ok ? `Bearer ${token.parse(await response.json())}` : undefined;
}
