import type { types } from "@pulumi/kubernetes";
import { mergeManifest } from "../../domain/overrides";
import { DATABASE_CA, DATABASE_CA_FOLDER, GATEWAY } from "../../domain/names";
import type { StoreEndpoint } from "../stores/shared/storeEndpoint";

type PodSpec = types.input.core.v1.PodSpec;

/** The gateway's pod with the root certificate that its database's is checked against, where there is one. */
export function withDatabaseCertificate(
  spec: PodSpec,
  { certificateAuthority }: Pick<StoreEndpoint, "certificateAuthority">,
): PodSpec {
  return certificateAuthority === undefined
    ? spec
    : mergeManifest(spec, {
        volumes: [{ name: DATABASE_CA, configMap: { name: DATABASE_CA } }],
        containers: [
          {
            name: GATEWAY,
            volumeMounts: [{ name: DATABASE_CA, mountPath: DATABASE_CA_FOLDER, readOnly: true }],
          },
        ],
      });
}
