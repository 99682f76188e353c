/** Type annotations, reduced to the name that stands at their head. */
import type { TypeName, TypeNode } from "./tree.ts";

/** `Request` of `express.Request`, `User` of `User | null`, `string`; null when there is no such name. */
export function typeHead(node: TypeNode | null): string | null {
  if (node === null) return null;
  switch (node.type) {
    case "TSTypeAnnotation":
    case "TSParenthesizedType":
    case "TSOptionalType":
      return typeHead(node.typeAnnotation);
    case "TSTypeReference":
      return lastName(node.typeName);
    case "TSArrayType":
      return "Array";
    case "TSUnionType": {
      const heads = new Set(Array.from(node.types, typeHead).filter((head) => head !== null));
      const [only] = heads;
      return heads.size === 1 ? (only ?? null) : null;
    }
    case "TSStringKeyword":
      return "string";
    case "TSNumberKeyword":
      return "number";
    case "TSBooleanKeyword":
      return "boolean";
    default:
      return null;
  }
}

function lastName(node: TypeName): string | null {
  if (node.type === "TSQualifiedName") return node.right.name;
  return "name" in node ? node.name : null;
}
