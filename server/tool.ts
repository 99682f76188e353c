/** The contract of a tool: a plain value with its schemas and one function; the server turns it into MCP. */
import type { z } from "zod";
import type { Session } from "./session.ts";

/** What a call may use besides its arguments. */
export interface Call {
  session: Session;
  /** Aborted when the client cancels the call or goes away. */
  signal: AbortSignal;
  /** One line for the client's progress display; lost when the client asked for none. */
  progress: (message: string) => void;
}

export interface Tool<In extends z.ZodObject = z.ZodObject, Out extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  description: string;
  input: In;
  output: Out;
  /** True to the letter: `writes` changes the user's tree, `runs` starts their code in the lab, `reads` does neither. */
  effect: "reads" | "writes" | "runs";
  /** Throws {@link Refusal} when the caller can do something about it; anything else is a fault of ours. */
  handle(args: z.infer<In>, call: Call): Promise<z.infer<Out>>;
}

/** Keeps the types of one tool and forgets them for the list of all tools. */
export function defineTool<In extends z.ZodObject, Out extends z.ZodObject>(tool: Tool<In, Out>): Tool<In, Out> {
  return tool;
}

/** The call cannot be done as asked; both sentences reach the agent. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly next: string;

  constructor(what: string, next: string) {
    super(what);
    this.next = next;
  }
}
