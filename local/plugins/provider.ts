import { Metadata, type ServiceError, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Message } from "google-protobuf";
import * as providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { messageOf } from "../../domain/failure";
import { lifecycle, unary } from "./plugin";
import { fromStruct, toStruct, type Properties } from "./properties";
import { announce, failure, pluginServer, status } from "./server";

/** The object exists but did not become ready: the engine keeps it in the state and reports the failure. */
export class InitializationError extends Error {
  public constructor(
    public readonly id: string,
    public readonly outputs: Properties,
    public readonly inputs: Properties,
    reason: string,
  ) {
    super(reason);
  }
}

/** What an update would do to a resource. */
export interface Difference {
  /** Paths of the changed inputs. */
  readonly changed: readonly string[];
  /** Those of them that cannot be changed in place. */
  readonly replacing: readonly string[];
  /** Whether the old object must go first: the new one would have its name. */
  readonly deleteBeforeReplace: boolean;
}

/** State of a resource as the provider sees it. */
export interface ResourceState {
  readonly id: string;
  readonly outputs: Properties;
}

/** A mistake of the user's in one property. */
export interface InputFailure {
  readonly property: string;
  readonly reason: string;
}

/** A resource request. */
export interface ResourceRequest {
  readonly type: string;
  readonly urn: string;
  readonly inputs: Properties;
  readonly preview: boolean;
  /** Seconds that the resource's `customTimeouts` allow; 0 when it has none. */
  readonly timeoutSeconds: number;
}

/** The part of a provider that differs between the stand-ins. */
export interface StandInProvider {
  readonly name: string;
  configure(config: Properties): Promise<void>;
  check(
    type: string,
    inputs: Properties,
    old: Properties,
  ): { inputs: Properties; failures: InputFailure[] };
  diff(type: string, before: Properties, after: Properties): Difference;
  create(request: ResourceRequest): Promise<ResourceState>;
  read(type: string, id: string, outputs: Properties): Promise<ResourceState | undefined>;
  update(
    request: ResourceRequest & { readonly id: string; readonly old: Properties },
  ): Promise<Properties>;
  delete(request: ResourceRequest & { readonly id: string }): Promise<void>;
}

/**
 * Serves a stand-in as the engine's provider plugin. Secrets stay with the engine (`acceptSecrets: false`), unknown values
 * arrive in previews as {@link UNKNOWN}; every method that is not listed answers "unimplemented".
 */
export async function serve(standIn: StandInProvider): Promise<void> {
  const server = pluginServer();
  server.addService(providerGrpc.ResourceProviderService, implementation(standIn));
  await announce(server);
}

/** A method of the plugin whose failures carry what the engine keeps of a half-made resource. */
function call<Request extends Message, Response extends Message>(
  answer: (request: Request) => Promise<Response>,
) {
  return unary(answer, errorOf);
}

function implementation(standIn: StandInProvider): UntypedServiceImplementation {
  return {
    ...lifecycle(standIn.name, (config) => standIn.configure(config)),
    check: call<rpc.CheckRequest, rpc.CheckResponse>((request) => {
      const checked = standIn.check(
        typeOf(request.getUrn()),
        fromStruct(request.getNews()),
        fromStruct(request.getOlds()),
      );
      const response = new rpc.CheckResponse().setInputs(toStruct(checked.inputs));
      response.setFailuresList(
        checked.failures.map(({ property, reason }) =>
          new rpc.CheckFailure().setProperty(property).setReason(reason),
        ),
      );
      return Promise.resolve(response);
    }),
    diff: call<rpc.DiffRequest, rpc.DiffResponse>((request) => {
      const { changed, replacing, deleteBeforeReplace } = standIn.diff(
        typeOf(request.getUrn()),
        fromStruct(request.getOldInputs()),
        fromStruct(request.getNews()),
      );
      const response = new rpc.DiffResponse()
        .setChanges(
          changed.length > 0
            ? rpc.DiffResponse.DiffChanges.DIFF_SOME
            : rpc.DiffResponse.DiffChanges.DIFF_NONE,
        )
        .setDeletebeforereplace(deleteBeforeReplace);
      response.setDiffsList([...new Set(changed.map(topLevel))]);
      response.setReplacesList([...new Set(replacing.map(topLevel))]);
      return Promise.resolve(response);
    }),
    create: call<rpc.CreateRequest, rpc.CreateResponse>(async (request) => {
      const state = await standIn.create({
        type: typeOf(request.getUrn()),
        urn: request.getUrn(),
        inputs: fromStruct(request.getProperties()),
        preview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
      });
      return new rpc.CreateResponse().setId(state.id).setProperties(toStruct(state.outputs));
    }),
    read: call<rpc.ReadRequest, rpc.ReadResponse>(async (request) => {
      const state = await standIn.read(
        typeOf(request.getUrn()),
        request.getId(),
        fromStruct(request.getProperties()),
      );
      return state === undefined
        ? new rpc.ReadResponse()
        : new rpc.ReadResponse()
            .setId(state.id)
            .setProperties(toStruct(state.outputs))
            .setInputs(request.getInputs());
    }),
    update: call<rpc.UpdateRequest, rpc.UpdateResponse>(async (request) => {
      const outputs = await standIn.update({
        type: typeOf(request.getUrn()),
        urn: request.getUrn(),
        id: request.getId(),
        inputs: fromStruct(request.getNews()),
        old: fromStruct(request.getOlds()),
        preview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
      });
      return new rpc.UpdateResponse().setProperties(toStruct(outputs));
    }),
    delete: call<rpc.DeleteRequest, Empty>(async (request) => {
      await standIn.delete({
        type: typeOf(request.getUrn()),
        urn: request.getUrn(),
        id: request.getId(),
        inputs: fromStruct(request.getProperties()),
        preview: false,
        timeoutSeconds: request.getTimeout(),
      });
      return new Empty();
    }),
  };
}

/** `kubernetes:apps/v1:Deployment` of a URN whose resource may have parents. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function topLevel(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

function errorOf(error: unknown): Partial<ServiceError> {
  const message = messageOf(error);
  if (!(error instanceof InitializationError)) {
    return failure(status.UNKNOWN, message);
  }
  const detail = new rpc.ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(toStruct(error.outputs))
    .setInputs(toStruct(error.inputs));
  detail.setReasonsList([message]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const rpcStatus = new Status().setCode(status.UNKNOWN).setMessage(message);
  rpcStatus.addDetails(any);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(rpcStatus.serializeBinary()));
  return { ...failure(status.UNKNOWN, message), metadata };
}
