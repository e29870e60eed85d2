import type { Server, UntypedServiceImplementation } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { lifecycle, unary } from "./plugin";
import { fromStruct, toStruct, type Properties } from "./properties";
import { announce, pluginServer } from "./server";

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
}

/** The part of a provider that differs between the stand-ins. */
export interface StandInProvider {
  readonly name: string;
  configure(config: Properties): Promise<void>;
  /** Answers a function of the provider (a data source); a stand-in without it knows none. */
  invoke?(token: string, args: Properties): Promise<Properties>;
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
  await announce(providerServer(standIn));
}

/** A server that answers as a stand-in; it does not listen yet. */
export function providerServer(standIn: StandInProvider): Server {
  const server = pluginServer();
  server.addService(providerGrpc.ResourceProviderService, implementation(standIn));
  return server;
}

function implementation(standIn: StandInProvider): UntypedServiceImplementation {
  return {
    ...lifecycle(standIn.name, (config) => standIn.configure(config)),
    invoke: unary<rpc.InvokeRequest, rpc.InvokeResponse>(async (request) => {
      if (standIn.invoke === undefined) {
        throw new Error(
          `the stand-in ${standIn.name} provider plays no function, not ${request.getTok()}`,
        );
      }
      const answer = await standIn.invoke(request.getTok(), fromStruct(request.getArgs()));
      return new rpc.InvokeResponse().setReturn(toStruct(answer));
    }),
    check: unary<rpc.CheckRequest, rpc.CheckResponse>((request) => {
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
    diff: unary<rpc.DiffRequest, rpc.DiffResponse>((request) => {
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
    create: unary<rpc.CreateRequest, rpc.CreateResponse>(async (request) => {
      const state = await standIn.create({
        type: typeOf(request.getUrn()),
        urn: request.getUrn(),
        inputs: fromStruct(request.getProperties()),
        preview: request.getPreview(),
      });
      return new rpc.CreateResponse().setId(state.id).setProperties(toStruct(state.outputs));
    }),
    read: unary<rpc.ReadRequest, rpc.ReadResponse>(async (request) => {
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
            // An import comes without inputs: what is there is what the resource is to be declared with.
            .setInputs(request.getInputs() ?? toStruct(state.outputs));
    }),
    update: unary<rpc.UpdateRequest, rpc.UpdateResponse>(async (request) => {
      const outputs = await standIn.update({
        type: typeOf(request.getUrn()),
        urn: request.getUrn(),
        id: request.getId(),
        inputs: fromStruct(request.getNews()),
        old: fromStruct(request.getOlds()),
        preview: request.getPreview(),
      });
      return new rpc.UpdateResponse().setProperties(toStruct(outputs));
    }),
    delete: unary<rpc.DeleteRequest, Empty>(async (request) => {
      await standIn.delete({
        type: typeOf(request.getUrn()),
        urn: request.getUrn(),
        id: request.getId(),
        inputs: fromStruct(request.getProperties()),
        preview: false,
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
