/** The statements of the syntax tree, and the imports and exports among them; the rest of the tree is in `tree.ts`. */
import type {
  ClassNode,
  Expression,
  FunctionNode,
  Identifier,
  List,
  Literal,
  Node,
  Pattern,
  Ranged,
  TypeName,
} from "./tree.ts";

export type Statement =
  | Declaration
  | (Node<"BlockStatement" | "TSModuleBlock"> & { readonly body: List<Statement> })
  | (Node<"ExpressionStatement"> & { readonly expression: Expression })
  | (Node<"IfStatement"> & {
      readonly test: Expression;
      readonly consequent: Statement;
      readonly alternate: Statement | null;
    })
  | (Node<"WhileStatement" | "DoWhileStatement"> & { readonly test: Expression; readonly body: Statement })
  | ForNode
  | ForEachNode
  | (Node<"ReturnStatement" | "ThrowStatement"> & { readonly argument: Expression | null })
  | (Node<"LabeledStatement"> & { readonly body: Statement })
  | (Node<"WithStatement"> & { readonly object: Expression; readonly body: Statement })
  | SwitchNode
  | TryNode
  | ModuleItem
  | Node<"EmptyStatement" | "BreakStatement" | "ContinueStatement" | "DebuggerStatement">;

export interface ForNode extends Node<"ForStatement"> {
  readonly init: VariableNode | Expression | null;
  readonly test: Expression | null;
  readonly update: Expression | null;
  readonly body: Statement;
}

export interface ForEachNode extends Node<"ForOfStatement" | "ForInStatement"> {
  readonly left: VariableNode | Pattern;
  readonly right: Expression;
  readonly body: Statement;
}

export interface SwitchNode extends Node<"SwitchStatement"> {
  readonly discriminant: Expression;
  readonly cases: List<{ readonly test: Expression | null; readonly consequent: List<Statement> }>;
}

export interface TryNode extends Node<"TryStatement"> {
  readonly block: Ranged & { readonly body: List<Statement> };
  readonly handler: {
    readonly param: { readonly pattern: Pattern } | null;
    readonly body: Ranged & { readonly body: List<Statement> };
  } | null;
  readonly finalizer: { readonly body: List<Statement> } | null;
}

export type Declaration =
  | VariableNode
  | FunctionNode
  | ClassNode
  | EnumNode
  | NamespaceNode
  | Node<"TSExternalModuleDeclaration" | "TSGlobalDeclaration" | "TSInterfaceDeclaration" | "TSTypeAliasDeclaration">;

export interface NamespaceNode extends Node<"TSNamespaceDeclaration"> {
  readonly id: TypeName;
  readonly body: Statement | null;
  readonly declare: boolean;
}

export interface VariableNode extends Node<"VariableDeclaration"> {
  readonly kind: string;
  readonly declare: boolean;
  readonly declarations: List<Ranged & { readonly id: Pattern; readonly init: Expression | null }>;
}

export interface EnumNode extends Node<"TSEnumDeclaration"> {
  readonly id: Identifier;
  readonly body: { readonly members: List<{ readonly id: Expression; readonly initializer: Expression | null }> };
}

/** Statements that only a module's top level holds. */
export type ModuleItem =
  | ImportNode
  | (Node<"TSImportEqualsDeclaration"> & {
      readonly id: Identifier;
      readonly importKind: "value" | "type";
      readonly moduleReference: (Node<"TSExternalModuleReference"> & { readonly expression: Literal }) | TypeName;
    })
  | (Node<"ExportDeclaration"> & { readonly declaration: Declaration })
  | (Node<"ExportNamedDeclaration"> & {
      readonly specifiers: List<ExportSpecifier>;
      readonly exportKind: "value" | "type";
    })
  | (Node<"ExportFromDeclaration"> & {
      readonly specifiers: List<ExportSpecifier>;
      readonly source: Literal;
      readonly exportKind: "value" | "type";
    })
  | (Node<"ExportAllDeclaration"> & {
      readonly exported: ModuleName | null;
      readonly source: Literal;
      readonly exportKind: "value" | "type";
    })
  | (Node<"ExportDefaultDeclaration"> & { readonly declaration: Expression | Declaration })
  | (Node<"TSExportAssignment"> & { readonly expression: Expression })
  | Node<"TSNamespaceExportDeclaration">;

/** `a` or `"a"`. */
export type ModuleName = Identifier | Literal;

export interface ImportNode extends Node<"ImportDeclaration"> {
  readonly specifiers: List<
    | (Node<"ImportDefaultSpecifier" | "ImportNamespaceSpecifier"> & { readonly local: Identifier })
    | (Node<"ImportSpecifier"> & {
        readonly imported: ModuleName;
        readonly local: Identifier;
        readonly importKind: "value" | "type";
      })
  > | null;
  readonly source: Literal;
  readonly importKind: "value" | "type";
}

export interface ExportSpecifier {
  readonly local: ModuleName;
  readonly exported: ModuleName;
  readonly exportKind: "value" | "type";
}

export interface Program extends Node<"Program"> {
  readonly body: List<Statement>;
}
