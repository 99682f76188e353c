/** Hands the failure of an async handler to the error handler, as Express 5 does by itself. */
import type { RequestHandler } from "express";

type Handler<P, R, B, Q> = RequestHandler<P, R, B, Q>;

export function asyncHandler(handler: RequestHandler): RequestHandler;
export function asyncHandler<P, R, B, Q>(handler: Handler<P, R, B, Q>): Handler<P, R, B, Q>;
export function asyncHandler<P, R, B, Q>(handler: Handler<P, R, B, Q>): Handler<P, R, B, Q> {
  return (req, res, next) => {
    Promise.resolve(handler(req, res, next)).catch(next);
  };
}
