//go:build tools

// Package tools pins what `etcd` is built from; nothing here is compiled into the product.
package tools

import (
	_ "go.etcd.io/etcd/server/v3"
)
