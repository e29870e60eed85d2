import type { Opening } from "./issuers";
import { at, isAbsent, items, textOf, type Value } from "./values";

/** Canned access lists that let in everyone, or everyone with an account of AWS. */
const PUBLIC_LISTS: readonly Value[] = ["public-read", "public-read-write", "authenticated-read"];
/** Groups of an access list that are as wide. */
const PUBLIC_GROUP = /\/groups\/global\/(?:AllUsers|AuthenticatedUsers)$/;
const LISTED =
  /^s3\/(?:bucket|bucketV2|bucketAcl|bucketAclV2|bucketObject|bucketObjectv2|objectCopy)$/;
const PERMISSIONS = /^lambda\/(?:permission|layerVersionPermission)$/;
/** What narrows a permission for everyone. */
const NARROWER = ["sourceArn", "sourceAccount", "principalOrgId", "organizationId"];

/** Whom a resource lets in by a property of its own, without a policy document. */
export function openGrants(type: string, props: Value): Opening[] {
  const found: Opening[] = [];
  if (
    PERMISSIONS.test(type) &&
    at(props, "principal") === "*" &&
    NARROWER.every((field) => isAbsent(at(props, field)))
  ) {
    found.push({
      whom: "everyone",
      remedy: `name the service or account in principal, or write ${type === "lambda/permission" ? "sourceArn or principalOrgId" : "organizationId"}`,
    });
  }
  if (type === "lambda/functionUrl" && at(props, "authorizationType") === "NONE") {
    found.push({ whom: "everyone", remedy: "write authorizationType: AWS_IAM" });
  }
  const list = LISTED.test(type) ? at(props, "acl") : undefined;
  if (PUBLIC_LISTS.includes(list)) {
    found.push({ whom: `everyone (acl ${textOf(list)})`, remedy: "write acl: private" });
  }
  const grants = LISTED.test(type) ? items(at(props, "accessControlPolicy", "grants")) : [];
  if (grants.some((grant) => PUBLIC_GROUP.test(textOf(at(grant, "grantee", "uri"))))) {
    found.push({
      whom: "everyone (a grant to a group of all)",
      remedy: "name the accounts in its grants",
    });
  }
  return found;
}
