import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/**
 * What each folder may import beside its own files: the ground floor first, each folder above all that it names. A folder that
 * is not here may import nothing; `test/unit/layers.test.ts` holds that there is no circle and that every folder is here.
 */
export const LAYERS = {
  domain: [],
  "domain/neuron": ["domain"],
  "domain/settings": ["domain", "domain/neuron"],
  "domain/models": ["domain", "domain/neuron", "domain/settings"],

  "config/rules": ["domain", "domain/neuron", "domain/models", "domain/settings"],
  config: ["config/rules", "domain", "domain/models", "domain/neuron", "domain/settings"],

  "components/kubernetes": ["domain", "domain/neuron", "domain/settings"],
  "components/autoscaling": ["domain", "domain/settings"],
  "components/stores/shared": ["components/kubernetes", "domain", "domain/settings"],
  "components/stores/postgresql": ["components/stores/shared", "domain", "domain/settings"],
  "components/stores/redis": [
    "components/kubernetes",
    "components/stores/shared",
    "domain",
    "domain/settings",
  ],
  "components/stores": [
    "components/stores/postgresql",
    "components/stores/redis",
    "components/stores/shared",
    "domain",
    "domain/settings",
  ],
  "components/controllers/shared": ["domain"],
  "components/controllers/cluster-autoscaler": ["components/controllers/shared", "domain"],
  "components/controllers/load-balancer-controller": ["components/controllers/shared", "domain"],
  "components/controllers/keda": [
    "components/controllers/shared",
    "components/kubernetes",
    "domain",
    "domain/settings",
  ],
  "components/controllers": [
    "components/controllers/cluster-autoscaler",
    "components/controllers/load-balancer-controller",
    "components/controllers/shared",
    "domain",
    "domain/settings",
  ],
  "components/platform": [
    "components/controllers",
    "components/controllers/cluster-autoscaler",
    "components/controllers/load-balancer-controller",
    "components/kubernetes",
    "components/stores",
    "components/stores/shared",
    "domain",
    "domain/neuron",
    "domain/settings",
  ],
  "components/vllm": [
    "components/autoscaling",
    "components/kubernetes",
    "domain",
    "domain/models",
    "domain/neuron",
    "domain/settings",
  ],
  "components/litellm": [
    "components/autoscaling",
    "components/kubernetes",
    "components/stores",
    "components/stores/shared",
    "domain",
    "domain/models",
    "domain/settings",
  ],

  "bootstrap/policies": ["domain"],
  bootstrap: ["bootstrap/policies", "config/rules", "domain"],

  // The pack stands alone: it is used without the rest of the repository.
  "policies/resources": [],
  "policies/secrets": [],
  "policies/factory": ["policies/resources"],
  "policies/autoscaling": ["policies/resources"],
  "policies/rules": [
    "policies/autoscaling",
    "policies/factory",
    "policies/resources",
    "policies/secrets",
  ],
  "policies/examples/broken-autoscaler": [],
  policies: ["policies/factory", "policies/resources", "policies/rules"],

  "operations/stack": ["domain"],
  "operations/load": ["domain", "operations/stack"],
  "operations/verify": ["domain", "domain/models", "operations/stack"],
  "operations/watch": ["domain", "operations/stack"],
  "operations/preflight": [
    "config",
    "domain",
    "domain/neuron",
    "domain/settings",
    "operations/stack",
  ],
  "operations/plan": [
    "domain",
    "domain/models",
    "domain/neuron",
    "domain/settings",
    "operations/load",
    "operations/preflight",
    "operations/stack",
  ],
  operations: [
    "domain",
    "operations/load",
    "operations/plan",
    "operations/preflight",
    "operations/stack",
    "operations/verify",
    "operations/watch",
  ],

  "local/query-engine": ["domain"],
  "local/tools": ["domain", "local/query-engine"],
  "local/simulator": ["domain"],
  "local/plugins": ["domain"],
  "local/plugins/aws": ["domain", "local/plugins"],
  "local/plugins/eks": ["domain", "local/plugins"],
  "local/control-plane": ["domain", "domain/neuron", "local/tools", "operations/stack"],
  "local/control-plane/cloud": ["domain", "local/control-plane"],
  "local/processes": [
    "domain",
    "local/control-plane",
    "local/query-engine",
    "local/simulator",
    "operations/stack",
  ],
  "local/keda": ["domain", "local/control-plane", "local/processes"],
  "local/render": ["domain", "local/control-plane"],
  "local/environment": [
    "domain",
    "domain/neuron",
    "local/control-plane",
    "local/keda",
    "local/plugins",
    "local/render",
    "local/tools",
    "operations/stack",
  ],
};

export default tseslint.config(
  { ignores: ["node_modules/", ".state/", "rendered/"] },
  {
    files: ["**/*.ts", "**/*.mts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // A promise that nobody awaits swallows its error.
      "@typescript-eslint/no-floating-promises": "error",
      // An Output in a plain string prints "Calling [toString] on an [Output<T>] is not supported".
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/restrict-plus-operands": "error",
      "@typescript-eslint/no-base-to-string": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { ignoreRestSiblings: true, argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      // Components are used for what their constructors declare.
      "no-new": "off",
      "@typescript-eslint/no-extraneous-class": "off",
      // The Kubernetes client declares its plain data objects as classes.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/no-misused-spread": "off",
      eqeqeq: "error",
    },
  },
  {
    files: ["**/*.ts"],
    ignores: ["test/**", "index.ts"],
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [createNodeResolver({ extensions: [".ts"] })] },
    rules: {
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones: zones() }],
    },
  },
);

/** One zone a folder: everything of this repository is closed to it but itself and what {@link LAYERS} names. */
function zones() {
  return Object.entries(LAYERS).map(([folder, allowed]) => ({
    target: `./${folder}/*.ts`,
    from: "./{bootstrap,components,config,domain,local,operations,policies,test}/**/*",
    except: [folder, ...allowed].map((name) => `${import.meta.dirname}/${name}/*`),
    message: `${folder} may import ${allowed.join(", ") || "nothing"} (LAYERS in eslint.config.mjs).`,
  }));
}
