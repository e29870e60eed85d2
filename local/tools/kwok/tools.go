//go:build tools

// Package tools pins what `kwok` is built from; nothing here is compiled into the product.
package tools

import (
	_ "sigs.k8s.io/kwok/cmd/kwok"
	_ "sigs.k8s.io/kwok/cmd/kwokctl"
)
