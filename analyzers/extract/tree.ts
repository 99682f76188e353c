/** The syntax tree as the extractor reads it: the shape of the parser's lazy mode, narrowed to the properties that matter here. */
import type { Statement } from "./tree-statements.ts";

export interface Ranged {
  readonly start: number;
  readonly end: number;
}

export interface Node<Type extends string> extends Ranged {
  readonly type: Type;
}

/** A list of nodes; in lazy mode an array-like that builds its items when they are asked for. */
export type List<T> = Iterable<T> & { readonly length: number };

export interface Identifier extends Node<
  "IdentifierReference" | "BindingIdentifier" | "IdentifierName" | "PrivateIdentifier"
> {
  readonly name: string;
}

export interface Literal extends Node<"StringLiteral" | "NumericLiteral" | "BooleanLiteral"> {
  readonly value: string | number | boolean;
}

export interface Member extends Node<"StaticMemberExpression" | "PrivateFieldExpression" | "ComputedMemberExpression"> {
  readonly object: Expression;
  readonly property: Expression;
}

export interface CallNode extends Node<"CallExpression" | "NewExpression"> {
  readonly callee: Expression;
  readonly arguments: List<Expression>;
}

export interface Template extends Node<"TemplateLiteral"> {
  readonly quasis: List<{ readonly value: { readonly cooked: string | null } }>;
  readonly expressions: List<Expression>;
}

export interface Tagged extends Node<"TaggedTemplateExpression"> {
  readonly tag: Expression;
  readonly quasi: Template;
}

interface ArrayNode extends Node<"ArrayExpression"> {
  readonly elements: List<Expression>;
}

export interface ObjectNode extends Node<"ObjectExpression"> {
  readonly properties: List<ObjectProperty | Spread>;
}

export interface ObjectProperty extends Node<"ObjectProperty"> {
  readonly kind: "init" | "get" | "set";
  readonly key: Expression;
  readonly value: Expression;
  readonly method: boolean;
  readonly computed: boolean;
}

/** `...x`, also in JSX. */
export interface Spread extends Node<"SpreadElement" | "JSXSpreadAttribute"> {
  readonly argument: Expression;
}

/** An expression around another one which changes nothing of what can be followed. */
interface Transparent extends Node<
  | "ParenthesizedExpression"
  | "ChainExpression"
  | "TSAsExpression"
  | "TSSatisfiesExpression"
  | "TSTypeAssertion"
  | "TSNonNullExpression"
  | "TSInstantiationExpression"
  | "JSXExpressionContainer"
  | "JSXSpreadChild"
> {
  readonly expression: Expression;
}

export interface Assignment extends Node<"AssignmentExpression"> {
  readonly operator: string;
  readonly left: Pattern;
  readonly right: Expression;
}

export interface Logical extends Node<"LogicalExpression" | "BinaryExpression"> {
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Conditional extends Node<"ConditionalExpression"> {
  readonly test: Expression;
  readonly consequent: Expression;
  readonly alternate: Expression;
}

export interface Unary extends Node<"UnaryExpression" | "UpdateExpression"> {
  readonly operator: string;
  readonly argument: Expression;
}

interface Awaited extends Node<"AwaitExpression"> {
  readonly argument: Expression;
}

interface Yielded extends Node<"YieldExpression"> {
  readonly argument: Expression | null;
}

export interface Sequence extends Node<"SequenceExpression"> {
  readonly expressions: List<Expression>;
}

interface DynamicImport extends Node<"ImportExpression"> {
  readonly source: Expression;
}

export interface Jsx extends Node<"JSXElement" | "JSXFragment"> {
  readonly openingElement?: { readonly attributes: List<Spread | JsxAttribute> };
  readonly children: List<Expression>;
}

interface JsxAttribute extends Node<"JSXAttribute"> {
  readonly value: Expression | null;
}

/** Expressions that hold no value which could be followed and nothing to walk into. */
type Leaf = Node<
  | "NullLiteral"
  | "ThisExpression"
  | "Super"
  | "ImportMeta"
  | "NewTarget"
  | "Elision"
  | "RegExpLiteral"
  | "BigIntLiteral"
  | "PrivateInExpression"
  | "JSXEmptyExpression"
  | "JSXText"
>;

export type Expression =
  | Identifier
  | Literal
  | Member
  | CallNode
  | Template
  | Tagged
  | ArrayNode
  | ObjectNode
  | Spread
  | Transparent
  | Assignment
  | Logical
  | Conditional
  | Unary
  | Awaited
  | Yielded
  | Sequence
  | DynamicImport
  | Jsx
  | FunctionNode
  | ClassNode
  | Leaf;

/** What a declaration, a parameter or the left side of an assignment binds. The lazy tree leaves rest elements out. */
export type Pattern =
  | Identifier
  | Member
  | Transparent
  | (Node<"ObjectPattern" | "ObjectAssignmentTarget"> & { readonly properties: List<PatternProperty> })
  | (Node<"ArrayPattern" | "ArrayAssignmentTarget"> & { readonly elements: List<Pattern | null> })
  | (Node<"AssignmentPattern" | "AssignmentTargetWithDefault"> & {
      readonly left: Pattern;
      readonly right: Expression;
    })
  | Node<"Elision">;

export type PatternProperty =
  | (Node<"BindingProperty" | "AssignmentTargetPropertyProperty"> & {
      readonly key: Expression;
      readonly value: Pattern;
      readonly computed: boolean;
    })
  | (Node<"AssignmentTargetPropertyIdentifier"> & {
      readonly key: Identifier;
      /** The default, null when there is none. */
      readonly value: Expression | null;
    });

export interface FunctionNode extends Node<
  | "FunctionDeclaration"
  | "FunctionExpression"
  | "ArrowFunctionExpression"
  | "TSDeclareFunction"
  | "TSEmptyBodyFunctionExpression"
> {
  readonly id?: Identifier | null;
  readonly async: boolean;
  readonly generator?: boolean;
  readonly typeParameters: Ranged | null;
  /** In lazy mode the list's own range counts bytes, not characters. */
  readonly params: { readonly items: List<Parameter> };
  readonly body: FunctionBody | Expression | null;
}

interface FunctionBody extends Node<"FunctionBody"> {
  readonly body: List<Statement>;
}

export interface Parameter extends Ranged {
  readonly decorators: List<Decorator>;
  readonly pattern: Pattern;
  readonly typeAnnotation: TypeNode | null;
  readonly initializer: Expression | null;
  readonly optional: boolean;
}

export interface Decorator extends Ranged {
  readonly expression: Expression;
}

/** The lazy tree leaves the superclass out; it is read from the text between the head and the body. */
export interface ClassNode extends Node<"ClassDeclaration" | "ClassExpression"> {
  readonly decorators: List<Decorator>;
  readonly id: Identifier | null;
  readonly typeParameters: Ranged | null;
  readonly declare: boolean;
  readonly body: Ranged & { readonly body: List<ClassElement> };
}

export type ClassElement = MethodNode | FieldNode | StaticBlock | Node<"TSIndexSignature">;

export interface MethodNode extends Node<"MethodDefinition" | "TSAbstractMethodDefinition"> {
  readonly decorators: List<Decorator>;
  readonly key: Expression;
  readonly kind: "constructor" | "method" | "get" | "set";
  readonly value: FunctionNode;
  readonly computed: boolean;
  readonly static: boolean;
}

export interface FieldNode extends Node<
  "PropertyDefinition" | "TSAbstractPropertyDefinition" | "AccessorProperty" | "TSAbstractAccessorProperty"
> {
  readonly decorators: List<Decorator>;
  readonly key: Expression;
  readonly typeAnnotation: TypeNode | null;
  readonly value: Expression | null;
  readonly computed: boolean;
  readonly static: boolean;
}

interface StaticBlock extends Node<"StaticBlock"> {
  readonly body: List<Statement>;
}

export type TypeNode =
  | (Node<"TSTypeAnnotation" | "TSParenthesizedType" | "TSOptionalType"> & { readonly typeAnnotation: TypeNode })
  | (Node<"TSTypeReference"> & { readonly typeName: TypeName })
  | (Node<"TSUnionType"> & { readonly types: List<TypeNode> })
  | Node<
      | "TSArrayType"
      | "TSStringKeyword"
      | "TSNumberKeyword"
      | "TSBooleanKeyword"
      | "TSUndefinedKeyword"
      | "TSNullKeyword"
    >;

export type TypeName = Identifier | (Node<"TSQualifiedName"> & { readonly right: Identifier }) | Node<"ThisExpression">;
