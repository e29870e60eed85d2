// Command pulumi-resource-kubernetes is Pulumi's Kubernetes provider, served from the packages of its own Go module. The
// module's main package cannot be built from the module alone: it embeds a file that the provider's release process
// generates.
package main

import (
	_ "embed"
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// Both files are the module's; `go build` finds them by the overlay that local/tools/build.ts writes.
//
//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

// version is set by the linker.
var version string

func main() {
	provider.Serve("kubernetes", version, withVersion(schema, version), terraformMapping)
}

// withVersion returns the schema, a JSON object without a version, with one.
func withVersion(schema []byte, version string) []byte {
	return append(fmt.Appendf(nil, "{%q: %q,", "version", version), schema[1:]...)
}
