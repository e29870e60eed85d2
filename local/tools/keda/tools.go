//go:build tools

// Package tools pins what KEDA is built from; nothing here is compiled into the product.
package tools

import (
	_ "github.com/kedacore/keda/v2/cmd/operator"
)
