/** Taint of Neuron nodes, and the resource under which the Neuron device plugin offers their devices. */
export const NEURON_RESOURCE = "aws.amazon.com/neuron";

/** The resource that stands for its NeuronCores: what the device plugin advertises beside the devices. */
export const NEURON_CORE_RESOURCE = "aws.amazon.com/neuroncore";
