//go:build tools

// Package tools pins what `pulumi` is built from; nothing here is compiled into the product.
package tools

import (
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
)
