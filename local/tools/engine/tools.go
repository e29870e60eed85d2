//go:build tools

// Package tools pins what the Pulumi CLI is built from, beside the provider's own main package; nothing here is compiled into
// the product.
package tools

import (
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
)
