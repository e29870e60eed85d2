import { isMap } from "../domain/map";
import { NEURON_INSTANCE_TYPE_NAMES, NEURON_INSTANCE_TYPES } from "../domain/neuron/instanceTypes";

/**
 * A model whose artifact is compiled where it is served, unless it says where: on another family than Inf2, for which the schema's default
 * compiles and whose artifacts no other loads. What is of a wrong shape stays as it is.
 */
export function withCompilation(model: unknown): unknown {
  if (!isMap(model) || !isMap(model.serving)) {
    return model;
  }
  const { serving, compilation = {} } = model;
  const { instanceType, neuronDevices } = serving;
  const known = NEURON_INSTANCE_TYPE_NAMES.find((name) => name === instanceType);
  if (
    known === undefined ||
    NEURON_INSTANCE_TYPES[known].family === "inf2" ||
    !isMap(compilation) ||
    compilation.instanceType !== undefined
  ) {
    return model;
  }
  return {
    ...model,
    compilation: {
      ...(neuronDevices === undefined ? {} : { neuronDevices }),
      ...compilation,
      instanceType,
    },
  };
}
