import { type Edit } from "./edit";

const CLASS_ROW =
  "`storage.*.reclaimPolicy`, `storage.*.provisioner`, `storage.*.parameters`, `storage.block.name`";
const BLOCK = "kubernetes:storage.k8s.io/v1:StorageClass workspace-block";
const SHARED = "kubernetes:storage.k8s.io/v1:StorageClass workspace-shared";

const storage = (settings: object) => ({ "llm-gateway:storage": settings });

/** Edits of the storage classes and of the artifacts' volume. */
export const STORAGE_EDITS: readonly Edit[] = [
  {
    row: CLASS_ROW,
    edit: "the volumes to come are not to be kept",
    changes: storage({ block: { reclaimPolicy: "Delete" } }),
    replace: [BLOCK],
  },
  {
    row: CLASS_ROW,
    edit: "the volumes to come are faster",
    changes: storage({ block: { parameters: { type: "io2", encrypted: "true", iops: "4000" } } }),
    replace: [BLOCK],
  },
  {
    row: CLASS_ROW,
    edit: "the volumes to come are of another driver",
    changes: storage({ shared: { provisioner: "other.example.com" } }),
    replace: [SHARED],
  },
  {
    row: CLASS_ROW,
    edit: "the class of the volumes to come gets another name",
    changes: storage({ block: { name: "other-block" } }),
    replace: [BLOCK],
  },
  {
    row: "`storage.*.create`",
    edit: "the class is somebody else's",
    changes: storage({ block: { create: false } }),
    remove: [BLOCK],
  },
  {
    row: "`storage.artifacts`",
    edit: "the artifacts' claim says another size",
    changes: storage({ artifacts: "200Gi" }),
    update: ["kubernetes:core/v1:PersistentVolumeClaim models-artifacts"],
  },
];
