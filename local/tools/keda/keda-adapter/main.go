// Command keda-adapter serves external metrics as KEDA's metrics adapter does, from the packages of KEDA's own module. The module's
// main package opens its Prometheus endpoint on every address of the machine and has no option against that; this one has none.
package main

import (
	"flag"
	"fmt"
	"os"

	grpcprom "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	kedav1alpha1 "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	"github.com/kedacore/keda/v2/pkg/metricsservice"
	kedaprovider "github.com/kedacore/keda/v2/pkg/provider"
	"k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	basecmd "sigs.k8s.io/custom-metrics-apiserver/pkg/cmd"
)

var log = ctrl.Log.WithName("keda_metrics_adapter")

func main() {
	if err := run(); err != nil {
		log.Error(err, "the external metrics adapter has ended")
		os.Exit(1)
	}
}

func run() error {
	ctx := ctrl.SetupSignalHandler()
	adapter := &basecmd.AdapterBase{Name: "keda-adapter"}
	operator := adapter.Flags().String("metrics-service-address", "", "address of the operator's metrics service")
	logging := zap.Options{}
	logging.BindFlags(flag.CommandLine)
	adapter.Flags().AddGoFlagSet(flag.CommandLine)
	if err := adapter.Flags().Parse(os.Args); err != nil {
		return err
	}
	ctrl.SetLogger(zap.New(zap.UseFlagOptions(&logging)))

	if err := kedav1alpha1.AddToScheme(scheme.Scheme); err != nil {
		return fmt.Errorf("KEDA's types: %w", err)
	}
	config, err := ctrl.GetConfig()
	if err != nil {
		return fmt.Errorf("kubeconfig: %w", err)
	}
	objects, err := client.New(config, client.Options{Scheme: scheme.Scheme})
	if err != nil {
		return fmt.Errorf("API server: %w", err)
	}
	// The folder of the server's certificate holds the pair for the operator, too.
	certificates := adapter.SecureServing.ServerCert.CertDirectory
	service, err := metricsservice.NewGrpcClient(ctx, *operator, certificates, "", "", grpcprom.NewClientMetrics(), false)
	if err != nil {
		return fmt.Errorf("metrics service at %s: %w", *operator, err)
	}
	adapter.WithExternalMetrics(kedaprovider.NewProvider(ctx, log, objects, *service))
	return adapter.Run(ctx)
}
