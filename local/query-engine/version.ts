/** Commit of prisma-engines 5.17.0, which Prisma's Python client 0.15.0 asks for by it. Source: `@prisma/engines-version`. */
export const ENGINE_HASH = "393aa359c9ad4a4bb28630fb5613f9c281cde053";
/** Release of Prisma that the hash belongs to. */
export const PRISMA_VERSION = "5.17.0";
