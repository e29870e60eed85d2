import { credentials } from "@grpc/grpc-js";
import type * as provider from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { sdkVersion } from "../plugin";
import { toStruct, UNKNOWN, type Properties } from "../properties";

/** A resource that the engine has registered. */
export interface Registered {
  readonly urn: string;
  readonly id: string;
  /** Its outputs; in a preview those that are known only after an update are missing. */
  readonly outputs: Properties;
}

/** The engine, as a component that it asked for sees it: without the SDK, whose load would be most of the component's time. */
export class Monitor {
  private readonly client: ResourceMonitorClient;
  private readonly dependencies: string[];

  public constructor(private readonly request: provider.ConstructRequest) {
    if (request.getAliasesList().length > 0) {
      throw new Error("the stand-in eks provider does not support aliases");
    }
    this.client = new ResourceMonitorClient(
      request.getMonitorendpoint(),
      credentials.createInsecure(),
    );
    const inputs = [...request.getInputdependenciesMap().entries()].flatMap(([, of]) =>
      of.getUrnsList(),
    );
    this.dependencies = [...new Set([...request.getDependenciesList(), ...inputs])];
  }

  /** Registers the component itself. */
  public component(): Promise<Registered> {
    const { request } = this;
    const asked = this.registration(request.getType(), request.getName(), request.getParent())
      .setCustom(false)
      .setObject(toStruct({}));
    for (const [name, reference] of request.getProvidersMap().entries()) {
      asked.getProvidersMap().set(name, reference);
    }
    return this.register(asked);
  }

  /** Registers an AWS resource of the component's. */
  public child(
    type: string,
    name: string,
    parent: Registered,
    inputs: Properties,
    dependsOn: readonly Registered[] = [],
  ): Promise<Registered> {
    const asked = this.registration(type, name, parent.urn)
      .setCustom(true)
      .setVersion(sdkVersion("aws"))
      .setProvider(this.request.getProvidersMap().get("aws") ?? "")
      .setObject(toStruct(inputs));
    asked.setDependenciesList([...this.dependencies, ...dependsOn.map(({ urn }) => urn)]);
    return this.register(asked);
  }

  /** Tells the engine that the component has all its children, and closes the connection. */
  public async finish({ urn }: Registered): Promise<void> {
    const request = new resource.RegisterResourceOutputsRequest()
      .setUrn(urn)
      .setOutputs(toStruct({}));
    await new Promise<void>((resolve, reject) => {
      this.client.registerResourceOutputs(request, (error) => {
        if (error === null) {
          resolve();
        } else {
          reject(error);
        }
      });
    });
    this.client.close();
  }

  private registration(
    type: string,
    name: string,
    parent: string,
  ): resource.RegisterResourceRequest {
    const asked = new resource.RegisterResourceRequest()
      .setType(type)
      .setName(name)
      .setParent(parent)
      .setAcceptsecrets(false)
      .setAcceptresources(false)
      .setSupportspartialvalues(true)
      .setAliasspecs(true)
      .setDependenciesList(this.dependencies);
    const protect = this.request.getProtect();
    return protect === undefined ? asked : asked.setProtect(protect);
  }

  private register(request: resource.RegisterResourceRequest): Promise<Registered> {
    return new Promise((resolve, reject) => {
      this.client.registerResource(request, (error, response) => {
        if (error === null) {
          resolve({
            urn: response.getUrn(),
            id: response.getId() === "" ? UNKNOWN : response.getId(),
            outputs: response.getObject()?.toJavaScript() ?? {},
          });
        } else {
          reject(error);
        }
      });
    });
  }
}
