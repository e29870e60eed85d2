import type { NeuronInstanceTypeName } from "./instanceTypes";

/** Neuron node groups of a stack that names none, with the most nodes of each. */
export const DEFAULT_NODE_GROUPS: Readonly<
  Record<string, { readonly instanceType: NeuronInstanceTypeName; readonly maxSize: number }>
> = {
  serving: { instanceType: "inf2.xlarge", maxSize: 4 },
  compilation: { instanceType: "inf2.8xlarge", maxSize: 1 },
};
