//go:build tools

// Package tools pins what `metrics-server` is built from; nothing here is compiled into the product.
package tools

import (
	_ "sigs.k8s.io/metrics-server/cmd/metrics-server"
)
