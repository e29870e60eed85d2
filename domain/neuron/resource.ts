/** Taint of Neuron nodes, and the resource under which the Neuron device plugin offers their devices. */
export const NEURON_RESOURCE = "aws.amazon.com/neuron";
